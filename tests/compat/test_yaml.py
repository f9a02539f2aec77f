"""COMPAT, "YAML, CLI, MCP": the YAML form."""

from compat.conftest import Objects, Program


def test_every_key_of_the_yaml_form_reaches_its_job(program: Program, objects: Objects) -> None:
    assert program("yaml_keys.py") == [
        "yk_project True [('yk_load', 4, 0, 'GENERAL'), ('yk_serve', 1, 0, 'GENERAL'), ('yk_train', 9, 1000, 'GPU')]",
        "DAG_ACCEPTED",
        "Use these rows? ['--rows', '3']",
        "['COMPLETED'] COMPLETED STOPPED: DAG-yk_serve",
    ]
    train, load = objects.job("yk_train")["spec"], objects.job("yk_load")["spec"]
    assert (train["delayMilliseconds"], train["affinity"], load["approval"]["timeoutSeconds"]) == (1000, True, 600)


def test_mistakes_in_yaml_are_value_errors_that_name_them(program: Program) -> None:
    lines = program("yaml_errors.py")
    assert lines[:3] == [
        "no id: ValueError: Job missing ID",
        "no file: ValueError: Job 'x' missing file",
        "no port: ValueError: Service 'x' missing port",
    ]
    assert lines[3].startswith("ghost: FileNotFoundError: ")
    assert "ghost.py" in lines[3]
    assert lines[4].startswith("number: ValueError: number.yaml, line 5: ")
    assert "priority" in lines[4]
    assert lines[5].startswith("cycle: ValueError: ")
    assert lines[6:] == ["FileNotFoundError True", "False True"]
