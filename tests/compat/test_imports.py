"""COMPAT, "Imports and environment"."""

from pathlib import Path

from builders.kubernetes.clusters import RunningCluster, make_env
from compat.conftest import Program


def test_programs_find_the_names_that_they_import(program: Program, cluster: RunningCluster) -> None:
    assert program("imports.py") == [
        "True True",
        f"127.0.0.1 {cluster.env['TITAN_PORT']} int",
        "TitanYAMLParser True",
    ]


def test_host_and_port_have_the_old_defaults(program: Program, tmp_path: Path) -> None:
    assert program("imports.py", env=make_env(tmp_path))[1] == "127.0.0.1 9090 int"


def test_a_bare_tcp_connect_to_host_and_port_succeeds(program: Program) -> None:
    assert program("connect.py") == ["Titan is up"]


def test_globals_that_a_program_changed_win_at_each_call(
    program: Program, cluster: RunningCluster, unreachable: dict[str, str]
) -> None:
    env = {**unreachable, "KUBECONFIG": cluster.env["KUBECONFIG"]}
    assert program("globals_win.py", "127.0.0.1", cluster.env["TITAN_PORT"], env=env) == ["OK here"]


def test_in_an_outage_text_stays_text_and_nothing_is_invented(program: Program, unreachable: dict[str, str]) -> None:
    assert program("outage.py", env=unreachable) == [
        "submit_dag: CONNECTION_ERROR:",
        "submit_job: CONNECTION_ERROR:",
        "submit_yaml: CONNECTION_ERROR:",
        "get_job_status: CONNECTION_ERROR:",
        "store_put: CONNECTION_ERROR:",
        "store_get: CONNECTION_ERROR:",
        "upload_file: CONNECTION_ERROR:",
        "upload_project_folder: CONNECTION_ERROR:",
        "deploy_script: CONNECTION_ERROR:",
        "store_sadd: raises TitanUnavailable, True",
        "store_smembers: raises TitanUnavailable, True",
        "fetch_artifact: False",
        "publish_artifact: False",
        "get_artifact: False",
        "get_artifact over a file: False",
        "stop_service: CONNECTION_ERROR:",
        "client.store.get: raises TitanUnavailable, True",
        "client.files.list: raises TitanUnavailable, True",
        "client.dags.list: raises TitanUnavailable, True",
        "client.wait: raises TitanUnavailable, True",
        "client.cancel: raises TitanUnavailable, True",
        "['data.bin', 'elsewhere', 'kept.txt', 'pipeline.yaml', 'project'] kept",
    ]


def test_the_richer_objects_raise_typed_errors(program: Program) -> None:
    assert program("typed_errors.py") == [
        "store.get TitanNotFound",
        "files.download TitanNotFound",
        "dags.get TitanNotFound",
    ]


def test_with_only_a_host_values_work_and_a_submission_says_what_is_missing(
    program: Program, cluster: RunningCluster, tmp_path: Path
) -> None:
    names = ("TITAN_HOST", "TITAN_PORT")
    env = make_env(tmp_path) | {"HOME": str(tmp_path)} | {name: cluster.env[name] for name in names}
    *worked, submission = program("only_host.py", env=env)
    assert worked == ["OK value", "1 ['member']"]
    assert submission.startswith("CONNECTION_ERROR: ")
    assert "KUBECONFIG" in submission
