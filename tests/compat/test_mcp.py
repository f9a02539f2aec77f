"""COMPAT, "YAML, CLI, MCP": agents."""

from compat.conftest import Program


def test_an_agents_host_uses_every_tool_over_stdio(program: Program) -> None:
    assert program("mcp_session.py") == [
        "missing: []",
        "ping_master ok",
        "store_put ok",
        "store_get Größe",
        "submit_single_job submitted COMPLETED",
        "get_job_logs single",
        "submit_dag_pipeline submitted COMPLETED",
        "approve_hitl_gate error True",
        "reject_hitl_gate error True",
        "gate RUNNING",
        "deploy_script deployed",
        "submit_yaml_pipeline submitted COMPLETED",
        "submit_yaml_pipeline error True",
        "submit_dag_pipeline error True",
        "deploy_script error True",
        "approve_hitl_gate error True",
    ]


def test_each_tool_has_a_function_that_takes_a_client(program: Program) -> None:
    assert program("mcp_impls.py") == ["True", "ok", "NULL", "ok", "value"]


def test_a_gate_of_somebody_elses_job_is_approved_or_rejected(program: Program) -> None:
    assert program("mcp_submit_gates.py") == ["DAG_ACCEPTED ['COMPLETED']"]
    assert program("mcp_decide.py", "md_yes", "md_no") == ["approved", "rejected"]
    assert program("statuses.py", "hitl-gate-md_yes", "hitl-gate-md_no") == ["['COMPLETED', 'FAILED']"]
