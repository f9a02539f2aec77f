"""The public SDK reference: its own examples, run as they stand, also from inside pods."""

from compat.conftest import Program


def test_the_nightly_pipeline_of_the_reference_runs(program: Program) -> None:
    assert program("nightly_pipeline.py") == ["DAG Submitted!", "['COMPLETED'] trained on 1,2,3"]


def test_jobs_share_values_without_any_configuration(program: Program) -> None:
    assert program("jobs_use_the_store.py") == [
        "DAG_ACCEPTED ['COMPLETED', 'COMPLETED']",
        "1",
        "Downstream task received accuracy: 98.5 ['batch_A.csv']",
    ]


def test_jobs_submit_further_dags_without_any_configuration(program: Program) -> None:
    assert program("jobs_submit_jobs.py") == [
        "DAG_ACCEPTED ['COMPLETED']",
        "DAG_ACCEPTED",
        "COMPLETED planned work",
        "['plan', 'plan_stage']",
    ]


def test_an_agent_run_links_its_stages_in_order(program: Program) -> None:
    assert program("agent_run.py") == [*(["DAG_ACCEPTED ['COMPLETED']"] * 3), "['PLAN', 'EXECUTE', 'SYNTH']"]
