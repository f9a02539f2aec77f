"""What to do about a service: start it, tell whether its port answers, and end it when somebody says so.

Kubernetes keeps it alive: there are no attempts and no deadline, and a service that does not get ready waits in
Kubernetes' own back-off, while a condition says why.
"""

from dataclasses import replace

from titan_api import names
from titan_api.profiles import Profile
from titan_operator.plan.attempts import runner_words
from titan_operator.plan.conditions import find_condition, with_condition, without_condition
from titan_operator.plan.decisions import CreateServing, JobPlan, Note, RemoveServing
from titan_operator.plan.deployments import SERVICE_ATTEMPT, build_deployment, build_service, service_address
from titan_operator.plan.observed import ObservedJob
from titan_operator.plan.pods import build_pod
from titan_operator.plan.progress import cancelled
from titan_operator.records import Attempt, Condition, DeploymentRecord, JobStatus, PodRecord

NOT_STARTED = "the program has not been started yet"


def start_service(seen: ObservedJob, profile: Profile) -> JobPlan:
    """Service and Deployment; both may be there already, from a try whose answer was lost."""
    near = seen.parents.nodes, seen.parents.services
    pod = build_pod(seen.job, seen.dag, SERVICE_ATTEMPT, profile, near[0], seen.settings, near[1], seen.parents.inputs)
    return JobPlan(actions=(CreateServing(build_service(seen.job, pod), build_deployment(seen.job, pod)),))


def follow_service(seen: ObservedJob) -> JobPlan | None:
    """The plan for a service that was started; None if there is nothing of it (any more) and it may be started."""
    deployment = seen.service.deployment
    stop = cancelled(seen)
    if stop is not None:
        return _stop(seen, stop)
    if deployment is None:
        return None
    if deployment.meta.deleting:
        return JobPlan()  # Somebody deleted it; it is made anew when it is gone.
    return _tell(seen, deployment)


def remove_leftovers(seen: ObservedJob) -> tuple[RemoveServing, ...]:
    """A Deployment that appeared after its job had ended: its creation was under way."""
    deployment = seen.service.deployment
    if deployment is None or deployment.meta.deleting:
        return ()
    return (RemoveServing(deployment.meta.name),)


# ---------------------------------------------------------------- the end
def _stop(seen: ObservedJob, stop: JobPlan) -> JobPlan:
    """End it, and say so once its last process is gone."""
    removals = remove_leftovers(seen)
    if removals or seen.service.deployment is not None or seen.service.pods:
        return JobPlan(actions=removals)
    assert stop.status is not None, "a plan to cancel has a status"
    status = stop.status
    if seen.job.cancel and _has_served(seen.job.status):
        status = _stopped(seen)
    ended = tuple(replace(one, ended=one.ended or seen.now, reason=names.REASON_STOPPED) for one in status.attempts)
    conditions = without_condition(status.conditions, names.CONDITION_READY)
    return JobPlan(status=replace(status, attempts=ended, conditions=conditions, address=None))


def _stopped(seen: ObservedJob) -> JobStatus:
    """Stopping a service that has served is its ordinary end: the DAG may succeed."""
    conditions = with_condition(
        seen.job.status.conditions,
        names.CONDITION_COMPLETE, True, names.REASON_STOPPED, "the service was stopped", seen.now,
    )  # fmt: skip
    generation = seen.job.meta.generation
    return replace(
        seen.job.status, phase="Succeeded", completed=seen.now, conditions=conditions, observed_generation=generation
    )


# ---------------------------------------------------------------- while it runs
def _tell(seen: ObservedJob, deployment: DeploymentRecord) -> JobPlan:
    """Serving, or why not."""
    pod = _newest_pod(seen)
    if deployment.is_available:
        message = f"port {seen.job.spec['port']} answers"
        status = _with_news(seen, pod, "Serving", True, names.REASON_ANSWERS, message)
        was_serving = seen.job.status.phase == "Serving"
        notes = () if was_serving else (Note("Normal", "ServiceReady", message),)
        return JobPlan(status=status if status != seen.job.status else None, notes=notes)
    words = _words(seen, deployment, pod)
    has_served = _has_served(seen.job.status)
    if not words and not has_served:
        return JobPlan()
    remaining = _grace_of_silence(seen, pod)
    if remaining > 0:
        return JobPlan(requeue_after=remaining)
    phase = "Running" if pod is not None and pod.phase == "Running" else "Pending"
    reason = names.REASON_SILENT if has_served else names.REASON_STARTING
    status = _with_news(seen, pod, phase, False, reason, words or NOT_STARTED)
    return JobPlan(status=status if status != seen.job.status else None)


def _with_news(
    seen: ObservedJob, pod: PodRecord | None, phase: str, answers: bool, reason: str, message: str
) -> JobStatus:
    before = seen.job.status
    attempts = before.attempts
    if pod is not None:
        attempts = (Attempt(SERVICE_ATTEMPT, pod.meta.name, pod.meta.uid, pod.node, pod.started),)
    return replace(
        before,
        phase=phase,
        attempt=SERVICE_ATTEMPT,
        attempts=attempts,
        node=pod.node if pod is not None else before.node,
        started=before.started or (pod.started if pod is not None else None),
        address=service_address(seen.job, seen.settings),
        conditions=_with_ready(seen, answers, reason, message),
        observed_generation=seen.job.meta.generation,
    )


def _with_ready(seen: ObservedJob, answers: bool, reason: str, message: str) -> tuple[Condition, ...]:
    conditions = seen.job.status.conditions
    before = find_condition(conditions, names.CONDITION_READY)
    after = with_condition(conditions, names.CONDITION_READY, answers, reason, message, seen.now)
    return conditions if before is not None and before == after[-1] else after


def _words(seen: ObservedJob, deployment: DeploymentRecord, pod: PodRecord | None) -> str:
    """Why the port does not answer: the scheduler's, the kubelet's or the program's own; "" while it just begins."""
    if pod is None:
        return deployment.trouble
    if pod.unschedulable:
        return pod.unschedulable
    last_words = ""
    if pod.termination is not None:
        _, words = runner_words(pod.termination.message)
        last_words = f"the program ended{f': {words}' if words else f' with exit code {pod.termination.exit_code}'}"
    if pod.waiting or last_words:
        return "; ".join(filter(None, (last_words, pod.waiting or "Kubernetes starts it again")))
    return f"port {seen.job.spec['port']} does not answer yet" if pod.phase == "Running" else ""


def _newest_pod(seen: ObservedJob) -> PodRecord | None:
    pods = seen.service.pods
    alive = [pod for pod in pods if not pod.meta.deleting and not pod.has_ended]
    return alive[-1] if alive else (pods[-1] if pods else None)


def _has_served(status: JobStatus) -> bool:
    ready = find_condition(status.conditions, names.CONDITION_READY)
    return ready is not None and ready.reason in (names.REASON_ANSWERS, names.REASON_SILENT)


def _grace_of_silence(seen: ObservedJob, pod: PodRecord | None) -> float:
    """A service that answers soon gets no write that says it does not yet."""
    is_first_word = find_condition(seen.job.status.conditions, names.CONDITION_READY) is None
    if not is_first_word or pod is None:
        return 0.0
    return seen.settings.running_write_seconds - (seen.now - (pod.started or pod.meta.created)).total_seconds()
