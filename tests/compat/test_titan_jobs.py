"""COMPAT, "TitanJob": every argument as the earlier Titan took it."""

import sys

import pytest
from compat.conftest import Objects, Program


def test_arguments_keep_their_old_positions(program: Program, objects: Objects) -> None:
    assert program("positional.py") == ["DAG_ACCEPTED", "['COMPLETED', 'COMPLETED'] ['one', 'two']"]
    spec = objects.job("pos_second")["spec"]
    shown = {name: spec.get(name) for name in ("args", "priority", "delayMilliseconds", "affinity", "requirement")}
    assert shown == {
        "args": ["one", "two"],
        "priority": 7,
        "delayMilliseconds": 150,
        "affinity": True,
        "requirement": "HIGH_MEM",
    }
    assert [parent["jobID"] for parent in spec["parents"]] == ["pos_first"]
    assert (spec["approval"]["message"], spec["approval"]["timeoutSeconds"]) == ("Go on?", 600)
    assert objects.job("pos_first")["spec"].get("approval") is None


def test_the_script_is_read_in_the_constructor(program: Program) -> None:
    assert program("script_is_read_at_once.py") == [
        "FileNotFoundError True",
        "DAG_ACCEPTED ['COMPLETED'] I was read in the constructor",
    ]


def test_a_quick_start_gives_the_script_itself(program: Program) -> None:
    assert program("quick_start.py") == [
        "DAG_ACCEPTED ['COMPLETED', 'COMPLETED']",
        "Hello from Titan",
        "and from a child",
    ]


def test_args_are_one_string_split_on_spaces_or_a_list(program: Program) -> None:
    assert program("arguments.py") == [
        "DAG_ACCEPTED",
        "['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']",
        "args_none []",
        "args_plain ['--epochs', '3', '--name', 'Größe']",
        "args_quoted ['--title', 'two words', 'and three more']",
        r"args_backslash ['C:\\data\\new']",
        "args_list ['two words', '3', '', '*']",
    ]


def test_args_reach_archives_services_and_shell_scripts(program: Program) -> None:
    assert program("arguments_everywhere.py") == [
        "UPLOAD_SUCCESS",
        "DAG_ACCEPTED",
        "['COMPLETED', 'COMPLETED', 'COMPLETED']",
        "archive ['a', 'b c']",
        "shell a b c",
        "service ['a', 'b c']",
        "STOPPED: DAG-every_service",
    ]


def test_parents_take_the_prefix_or_not_and_may_be_of_an_earlier_dag(program: Program) -> None:
    assert program("parents.py") == [
        "DAG_ACCEPTED ['COMPLETED', 'COMPLETED', 'COMPLETED']",
        "DAG_ACCEPTED ['COMPLETED', 'COMPLETED']",
        "DAG_ACCEPTED ['COMPLETED']",
    ]


def test_a_parent_of_an_earlier_dag_that_failed_cancels_its_child(program: Program) -> None:
    assert program("parent_of_earlier_failed.py") == [
        "DAG_ACCEPTED",
        "['FAILED']",
        "DAG_ACCEPTED ['CANCELLED'] ''",
    ]


def test_job_ids_contain_upper_case_underscores_dots_and_any_unicode(program: Program) -> None:
    assert program("strange_ids.py") == ["DAG_ACCEPTED True {'COMPLETED'}", str([True] * 10)]


def test_a_delay_is_in_milliseconds_and_begins_when_the_parents_are_done(program: Program) -> None:
    assert program("delay.py") == ["DAG_ACCEPTED ['COMPLETED', 'COMPLETED']", "waited"]


def test_the_usual_requirements_find_their_nodes(program: Program, objects: Objects) -> None:
    assert program("requirements.py") == ["DAG_ACCEPTED", "['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']"]
    nodes = {tag: objects.job(f"tag_{tag}")["status"]["nodeName"] for tag in ("GPU", "HIGH_MEM")}
    assert nodes == {"GPU": "titan-gpu", "HIGH_MEM": "titan-highmem"}


def test_affinity_prefers_the_node_of_the_parent(program: Program, objects: Objects) -> None:
    assert program("affinity.py") == ["DAG_ACCEPTED", "{'COMPLETED'}"]
    for number in range(3):
        nodes = [objects.job(f"aff_{role}_{number}")["status"]["nodeName"] for role in ("parent", "child")]
        assert nodes[0] == nodes[1]


def test_an_archives_entry_runs_in_its_folder_and_imports_its_siblings(program: Program) -> None:
    assert program("archive.py") == [
        "UPLOAD_SUCCESS UPLOAD_SUCCESS",
        "DAG_ACCEPTED ['COMPLETED', 'COMPLETED']",
        "sibling inner data stages",
        "sibling inner data stages",
    ]


def test_a_service_is_complete_once_its_port_answers_and_stops_when_told(program: Program) -> None:
    assert program("services.py") == [
        "DAG_ACCEPTED ['COMPLETED'] served",
        "COMPLETED COMPLETED",
        "listening",
        "STOPPED: DAG-svc_api STOPPED: DAG-svc_old_name",
        "ERROR: ERROR:",
        "its port is closed",
    ]


def test_any_other_job_type_runs_once(program: Program) -> None:
    assert program("job_types.py") == [
        "DAG_ACCEPTED",
        "['COMPLETED', 'COMPLETED', 'COMPLETED']",
        "ValueError True",
    ]


def test_scripts_run_unbuffered_or_under_bash_and_both_streams_are_one_log(program: Program) -> None:
    assert program("run_once.py") == [
        "DAG_ACCEPTED ['COMPLETED']",
        "seen while it runs",
        "['COMPLETED'] True",
        "bash one two",
        "to stderr",
    ]


def test_children_find_their_parents_files_in_the_current_directory_and_beside_the_script(program: Program) -> None:
    assert program("shared_workspace.py") == [
        "DAG_ACCEPTED ['COMPLETED', 'COMPLETED', 'COMPLETED']",
        "cwd cwd",
        "beside beside",
        "256",
        "imported",
        "changed False True",
    ]


def test_the_richer_arguments_are_optional_keywords(program: Program, objects: Objects) -> None:
    assert program("richer_jobs.py", sys.executable) == [
        "DAG_ACCEPTED",
        "['COMPLETED', 'FAILED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']",
        "attempt 3 7",
        "6",
        "True",
    ]
    slow, big = objects.job("rich_slow"), objects.job("rich_big")
    assert slow["status"]["attempts"][-1]["reason"] == "DeadlineExceeded"
    assert (big["spec"]["image"], big["spec"]["resources"]["requests"]) == (
        sys.executable,
        {"cpu": "500m", "memory": "1Gi"},
    )
    assert objects.job("rich_gpu")["status"]["nodeName"] == "titan-gpu"
    (gate,) = objects.approvals("rich_gate")
    assert (gate["spec"]["approvers"], gate["spec"]["requiredApprovals"]) == (
        {"users": ["ada"], "groups": ["leads"]},
        2,
    )


@pytest.mark.parametrize(("priority", "job_id"), [(11, "top_11"), (50, "top_50")])
def test_the_scheduler_knows_ten_classes(program: Program, objects: Objects, priority: int, job_id: str) -> None:
    assert program("one_priority.py", job_id, str(priority)) == ["DAG_ACCEPTED ['COMPLETED']"]
    assert objects.job(job_id)["spec"]["priority"] == priority
    assert {pod.spec.priority_class_name for pod in objects.pods(job_id)} == {"titan-10"}
