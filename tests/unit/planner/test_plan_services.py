"""Services: what is made of them, what is said of them, and how they end."""

from dataclasses import replace
from typing import Any

import pytest
from builders.operators.records import NOW, SETTINGS, a_dag, a_job, a_meta, a_pod, after, ended_with, seeing
from titan_operator.plan.decisions import CreatePod, CreateServing, JobPlan, RemoveServing
from titan_operator.plan.jobs import plan_job
from titan_operator.plan.observed import ObservedJob, ParentsView, ServiceView
from titan_operator.records import Condition, DeploymentRecord, JobRecord, JobStatus, PodRecord

from titan_api import names


def a_service(**fields: Any) -> JobRecord:
    spec = {"type": "Service", "port": 8080} | fields.pop("spec", {})
    return a_job("api", spec=spec, **fields)


def a_deployment(*, available: bool = False, trouble: str = "", deleting: bool = False) -> DeploymentRecord:
    meta = replace(a_meta("d-api", owner="uid-d-api"), deleting=deleting)
    return DeploymentRecord(meta, "uid-d-api", available, trouble)


def a_serving_pod(name: str = "d-api-x", phase: str = "Running", **fields: Any) -> PodRecord:
    return a_pod(a_service(), phase=phase, meta=a_meta(name), job_uid="", serves="uid-d-api", **fields)


def serving(job: JobRecord | None = None) -> JobRecord:
    """A service whose port answers, as its status says."""
    job = job or a_service()
    plan = plan_job(looking_at(job, ServiceView(a_deployment(available=True), (a_serving_pod(),))))
    assert plan.status is not None
    return replace(job, status=plan.status)


def looking_at(job: JobRecord, service: ServiceView, **fields: Any) -> ObservedJob:
    return seeing(job, service=service, **({"now": after(60)} | fields))


def status_of(plan: JobPlan) -> JobStatus:
    assert plan.status is not None
    return plan.status


def ready_condition(status: JobStatus) -> Condition:
    return next(condition for condition in status.conditions if condition.type == names.CONDITION_READY)


def made_for(job: JobRecord, **fields: Any) -> CreateServing:
    plan = plan_job(seeing(job, **fields))
    (action,) = plan.actions
    assert isinstance(action, CreateServing)
    return action


# ---------------------------------------------------------------- what is made
def test_a_service_gets_a_deployment_of_one_and_a_service_under_the_jobs_own_name() -> None:
    made = made_for(a_service())
    for manifest, kind in ((made.service, "Service"), (made.deployment, "Deployment")):
        assert (manifest["kind"], manifest["metadata"]["name"]) == (kind, "d-api")
        assert manifest["metadata"]["ownerReferences"][0]["uid"] == "uid-d-api"
        assert manifest["metadata"]["labels"][names.LABEL_MANAGED_BY] == names.MANAGED_BY
    assert made.deployment["spec"]["replicas"] == 1
    selector = {names.LABEL_JOB_UID: "uid-d-api"}
    assert made.deployment["spec"]["selector"] == {"matchLabels": selector}
    assert made.service["spec"]["selector"] == selector
    assert [port["port"] for port in made.service["spec"]["ports"]] == [8080]


def test_its_pods_are_those_of_any_job_but_are_kept_alive_and_probed() -> None:
    made = made_for(a_service(spec={"activeDeadlineSeconds": 9}))
    template = made.deployment["spec"]["template"]
    container = template["spec"]["containers"][0]
    assert template["metadata"]["labels"][names.LABEL_ATTEMPT] == "1"
    assert template["spec"]["restartPolicy"] == "Always"
    assert template["spec"]["serviceAccountName"] == names.SERVICE_ACCOUNT_JOB
    assert "activeDeadlineSeconds" not in template["spec"]
    assert container["readinessProbe"]["tcpSocket"] == {"port": 8080}
    assert {"name": "PORT", "value": "8080"} in container["env"]


def test_a_port_of_the_users_own_environment_does_not_hide_the_services() -> None:
    made = made_for(a_service(spec={"env": [{"name": "PORT", "value": "1"}]}))
    variables = made.deployment["spec"]["template"]["spec"]["containers"][0]["env"]
    assert [one["value"] for one in variables if one["name"] == "PORT"] == ["8080"]


def test_a_child_with_affinity_prefers_to_be_where_the_service_runs() -> None:
    child = a_job("child", spec={"affinity": True})
    plan = plan_job(seeing(child, parents=ParentsView(nodes=("node-1",), services=("uid-d-api",))))
    (action,) = plan.actions
    assert isinstance(action, CreatePod)
    affinity = action.manifest["spec"]["affinity"]
    (wish,) = affinity["podAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert wish["podAffinityTerm"]["labelSelector"]["matchExpressions"][0]["values"] == ["uid-d-api"]
    assert "nodeAffinity" in affinity


def test_an_operator_that_was_restarted_does_not_ask_the_store_about_a_service() -> None:
    assert plan_job(seeing(a_service(), inherited=True)).ask_outcome is None


@pytest.mark.parametrize("fields", [{"suspend": True}, {"spec": {"delayMilliseconds": 9_000}}])
def test_a_suspended_or_delayed_service_is_not_started(fields: dict[str, Any]) -> None:
    assert plan_job(seeing(a_service(**fields))).actions == ()


# ---------------------------------------------------------------- what is said
WORDS: list[tuple[ServiceView, str, str]] = [
    (ServiceView(a_deployment(), (a_serving_pod(),)), "Running", "port 8080 does not answer yet"),
    (ServiceView(a_deployment(), (a_serving_pod(phase="Pending", unschedulable="0/3 nodes"),)), "Pending", "0/3 nodes"),
    (ServiceView(a_deployment(), (a_serving_pod(phase="Pending", waiting="ErrImagePull: no"),)), "Pending", "ErrImage"),
    (
        ServiceView(a_deployment(), (a_serving_pod(termination=ended_with(1, "Address already in use")),)),
        "Running",
        "the program ended: Address already in use; Kubernetes starts it again",
    ),
    (ServiceView(a_deployment(trouble="exceeded quota")), "Pending", "exceeded quota"),
]


@pytest.mark.parametrize(("view", "phase", "words"), WORDS)
def test_a_service_whose_port_does_not_answer_says_why(view: ServiceView, phase: str, words: str) -> None:
    status = status_of(plan_job(looking_at(a_service(), view)))
    ready = ready_condition(status)
    assert (status.phase, ready.status, ready.reason) == (phase, "False", names.REASON_STARTING)
    assert words in ready.message


def test_a_service_serves_when_its_port_answers() -> None:
    status = serving().status
    assert (status.phase, status.attempt, status.node, status.completed) == ("Serving", 1, "node-1", None)
    assert status.address == "d-api.default.svc:8080"
    assert ready_condition(status).reason == names.REASON_ANSWERS


def test_where_names_do_not_resolve_the_address_is_that_of_the_settings() -> None:
    view = ServiceView(a_deployment(available=True), (a_serving_pod(),))
    settings = replace(SETTINGS, service_host="127.0.0.1")
    assert status_of(plan_job(looking_at(a_service(), view, settings=settings))).address == "127.0.0.1:8080"


def test_what_has_not_changed_is_not_written_again() -> None:
    view = ServiceView(a_deployment(available=True), (a_serving_pod(),))
    assert plan_job(looking_at(serving(), view, now=after(90))) == JobPlan()
    silent = ServiceView(a_deployment(), (a_serving_pod(),))
    quiet = replace(a_service(), status=status_of(plan_job(looking_at(a_service(), silent))))
    assert plan_job(looking_at(quiet, silent, now=after(90))) == JobPlan()


def test_a_service_that_answers_soon_gets_no_write_before() -> None:
    view = ServiceView(a_deployment(), (a_serving_pod(),))
    plan = plan_job(looking_at(a_service(), view, now=after(0.1)))
    assert plan.status is None
    assert plan.requeue_after == pytest.approx(0.4)


def test_a_service_that_stops_answering_runs_but_does_not_serve() -> None:
    view = ServiceView(a_deployment(), (a_serving_pod(termination=ended_with(137)),))
    status = status_of(plan_job(looking_at(serving(), view)))
    assert (status.phase, ready_condition(status).reason) == ("Running", names.REASON_SILENT)
    assert "exit code 137" in ready_condition(status).message
    again = ServiceView(a_deployment(available=True), (a_serving_pod(),))
    assert status_of(plan_job(looking_at(replace(a_service(), status=status), again))).phase == "Serving"


def test_a_service_that_does_not_get_ready_never_fails_by_itself() -> None:
    job = a_service(spec={"retry": {"limit": 0}, "activeDeadlineSeconds": 1})
    view = ServiceView(a_deployment(), (a_serving_pod(termination=ended_with(1)),))
    status = status_of(plan_job(looking_at(job, view, now=after(9_999))))
    assert (status.phase, status.failures) == ("Running", 0)


def test_a_deployment_that_somebody_deleted_is_made_again() -> None:
    job = serving()
    assert plan_job(looking_at(job, ServiceView(a_deployment(deleting=True)))) == JobPlan()
    assert isinstance(plan_job(looking_at(job, ServiceView())).actions[0], CreateServing)


# ---------------------------------------------------------------- how it ends
LIVING = ServiceView(a_deployment(available=True), (a_serving_pod(),))


@pytest.mark.parametrize(
    ("job", "fields", "phase", "reason"),
    [
        (replace(serving(), cancel=True), {}, "Succeeded", names.REASON_STOPPED),
        (replace(a_service(), cancel=True), {}, "Cancelled", names.REASON_CANCELLED),
        (serving(), {"dag": a_dag(cancel=True)}, "Cancelled", names.REASON_CANCELLED),
    ],
)
def test_a_service_ends_when_its_last_pod_is_gone(
    job: JobRecord, fields: dict[str, Any], phase: str, reason: str
) -> None:
    assert plan_job(looking_at(job, LIVING, **fields)).actions == (RemoveServing("d-api"),)
    for left in (ServiceView(a_deployment(deleting=True)), ServiceView(None, LIVING.pods)):
        assert plan_job(looking_at(job, left, **fields)) == JobPlan()
    status = status_of(plan_job(looking_at(job, ServiceView(), **fields)))
    assert (status.phase, status.completed, status.address) == (phase, after(60), None)
    assert reason in [condition.reason for condition in status.conditions]
    assert names.CONDITION_READY not in [condition.type for condition in status.conditions]


def test_a_service_that_was_stopped_while_it_did_not_answer_has_served_all_the_same() -> None:
    silent = looking_at(serving(), ServiceView(a_deployment(), (a_serving_pod(),)))
    stopped = replace(a_service(), cancel=True, status=status_of(plan_job(silent)))
    assert status_of(plan_job(looking_at(stopped, ServiceView()))).phase == "Succeeded"


def test_a_deployment_that_appears_after_the_end_is_removed() -> None:
    ended = replace(a_service(), status=JobStatus(phase="Cancelled", completed=NOW))
    assert plan_job(looking_at(ended, LIVING)).actions == (RemoveServing("d-api"),)
