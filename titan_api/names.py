"""Every string the cluster sees, and the functions that derive object names.

Labels hold safe values or hashes and select; annotations explain; originals live in spec. Names below a
TitanDAG are deterministic, so a repeated create is recognised instead of doubled. The budget is
TitanDAG <= 30, TitanJob <= 52, Pod <= 63 characters, and the first character is a letter because a
service's name must be a DNS-1035 label.

Longer than other files, because it is one list: whoever meets a string in the cluster finds it here.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

GROUP: Final = "titan.io"
VERSION: Final = "v1alpha1"
API_VERSION: Final = f"{GROUP}/{VERSION}"

KIND_DAG: Final = "TitanDAG"
KIND_JOB: Final = "TitanJob"
KIND_APPROVAL: Final = "TitanApproval"
PLURAL_DAGS: Final = "titandags"
PLURAL_JOBS: Final = "titanjobs"
PLURAL_APPROVALS: Final = "titanapprovals"

# ---------------------------------------------------------------- labels and annotations
LABEL_MANAGED_BY: Final = "app.kubernetes.io/managed-by"
"""Set to MANAGED_BY on every object that Titan creates; the operator watches only pods that carry it."""
MANAGED_BY: Final = "titan"
LABEL_DAG: Final = "titan.io/dag"
"""Name of the TitanDAG, on its TitanJobs, TitanApprovals and Pods."""
LABEL_JOB: Final = "titan.io/job"
"""Name of the TitanJob, on its TitanApprovals and Pods."""
LABEL_JOB_ID: Final = "titan.io/job-id"
"""label_value(spec.jobID), on TitanJobs, TitanApprovals and Pods: how a job is found by the user's own id."""
LABEL_JOB_UID: Final = "titan.io/job-uid"
"""uid of the TitanJob, on its Pods; the store checks a runner's token against it."""
LABEL_ATTEMPT: Final = "titan.io/attempt"
"""Number of the attempt, from 1, on Pods."""
LABEL_AGENT_RUN: Final = "titan.io/agent-run"
"""label_value(spec.agentRunID), on TitanDAGs."""
ANNOTATION_SUBMITTED: Final = "titan.io/submitted"
"""When a call of the SDK submitted the object, with microseconds, and a random token of that call: orders what was
created within one second, and tells a repeated POST of the same call from somebody else's object of the same name."""
ANNOTATION_ADDED: Final = "titan.io/added"
"""On a TitanDAG: the mark of the last call that raised spec.jobCount, so that a repetition does not raise it twice."""
ANNOTATION_COMMENTS: Final = "titan.io/comments"
"""On a TitanDAG: what people have noted about it, a JSON list of {user, time, text}."""
ANNOTATION_SCHEMA: Final = "titan.io/schema"
"""On the CustomResourceDefinitions: SCHEMA."""
SCHEMA: Final = "2"
"""Raised with each change of the three kinds' fields: an operator looks more closely at definitions that carry another
one."""
SCHEMA_FIELDS: Final = "d70dcf5b354b"
"""Digest of those fields. A test compares it, and says what to write here when SCHEMA has to be raised."""
ANNOTATION_STORE_SERVICE: Final = "titan.io/store-service"
"""On the ServiceAccount titan-client: where the API server's service proxy finds the store, spelled exactly as RBAC wants
it: "<namespace>/<service>:<port>" or "<namespace>/https:<service>:<port>". Absent: DEFAULT_STORE_SERVICE."""

# ---------------------------------------------------------------- conditions and their reasons
CONDITION_COMPLETE: Final = "Complete"
"""The DAG or job ended well, as in batch/v1 Job."""
CONDITION_FAILED: Final = "Failed"
"""The DAG or job ended otherwise, as in batch/v1 Job."""
CONDITION_INVALID: Final = "Invalid"
"""The specification cannot be run; the message names the culprit. Never retried."""
CONDITION_SEALED: Final = "Sealed"
"""All jobs that spec.jobCount announces are there and their graph is valid: from here on pods start."""
CONDITION_SCHEDULED: Final = "Scheduled"
"""False while no node takes the pod; the message quotes the scheduler."""
CONDITION_WAITING: Final = "Waiting"
"""True while Titan itself holds the job back, though its parents are done; the reason says what for. Told only of
waits that last longer than a second."""
CONDITION_OUTCOME_UNKNOWN: Final = "OutcomeUnknown"
"""The pod is gone and the store, which may hold its outcome, cannot be asked."""
CONDITION_READY: Final = "Ready"
"""Of services: whether the port answers; while it does not the message says why."""
CONDITION_UNPROTECTED: Final = "ApprovalsUnprotected"
"""Of gates: the API server does not prove who decides, because the admission policies POLICIES are not in force."""

REASON_CYCLE: Final = "Cycle"
"""The parents of some jobs form a circle."""
REASON_UNKNOWN_PARENT: Final = "UnknownParent"
"""A parent is no job of this DAG."""
REASON_DUPLICATE_JOB_ID: Final = "DuplicateJobID"
"""Two TitanJobs of one DAG carry the same jobID."""
REASON_SELF_PARENT: Final = "SelfParent"
"""A job names itself as its parent."""
REASON_BAD_REQUIREMENT: Final = "BadRequirement"
"""The requirement is neither a profile nor usable as the name of a node label."""
REASON_REJECTED_BY_API: Final = "RejectedByAPIServer"
"""The API server refused the pod as invalid."""
REASON_NAME_TAKEN: Final = "NameTaken"
"""An object of the name that Titan needs exists and belongs to somebody else."""
REASON_SUBMISSION_INCOMPLETE: Final = "SubmissionIncomplete"
"""Fewer jobs than spec.jobCount arrived within SUBMISSION_TIMEOUT_SECONDS."""
REASON_DAG_MISSING: Final = "DAGMissing"
"""The TitanDAG that the job names did not arrive within PARENT_WAIT_SECONDS."""
REASON_DAG_ENDED: Final = "DAGEnded"
"""The DAG ended before the job could start."""
REASON_ALL_ARRIVED: Final = "AllArrived"
"""Every job that was announced is there."""
REASON_WORKSPACE_CONFLICT: Final = "WorkspaceConflict"
"""Of an Event: parents that do not know each other left different versions of a file."""
REASON_WORKSPACE_TOO_LARGE: Final = "WorkspaceTooLarge"
"""The program left more in its workspace than can be kept; the message names the biggest files."""
REASON_WORKSPACE_UNREADABLE: Final = "WorkspaceUnreadable"
"""The program left files that cannot be read, or that do not stop changing."""
REASON_LOST: Final = "PodLost"
"""The pod vanished and the store has no outcome of it."""
REASON_COMPLETED: Final = "Completed"
"""The program exited with 0 and everything was published."""
REASON_ERROR: Final = "Error"
"""The program exited with another code than 0."""
REASON_OOM_KILLED: Final = "OOMKilled"
"""The kernel killed the program, or a process of it, because the job's memory limit or the node's memory was reached."""
REASON_RETRIES_EXHAUSTED: Final = "RetriesExhausted"
"""The last permitted attempt failed."""
REASON_PARENT_FAILED: Final = "ParentFailed"
"""A parent failed or was cancelled; the message names the first culprit."""
REASON_PARENT_MISSING: Final = "ParentMissing"
"""A parent's TitanJob was deleted, or did not arrive within PARENT_WAIT_SECONDS."""
REASON_GATE_REJECTED: Final = "GateRejected"
"""A person rejected the gate behind a parent."""
REASON_GATE_TIMED_OUT: Final = "GateTimedOut"
"""Nobody decided about the gate behind a parent in time."""
REASON_CANCELLED: Final = "Cancelled"
"""spec.cancel was set on the job or on its DAG. On a TitanApproval: nobody decided, and nobody need decide any more."""
REASON_JOBS_FAILED: Final = "JobsFailed"
"""At least one job of the DAG failed, was rejected or was cancelled."""
REASON_INFRASTRUCTURE: Final = "Infrastructure"
"""The attempt was lost through no fault of the program; it does not count against spec.retry.limit."""
REASON_DEADLINE_EXCEEDED: Final = "DeadlineExceeded"
"""spec.activeDeadlineSeconds passed."""
REASON_UNSCHEDULABLE: Final = "Unschedulable"
"""No node takes the pod now; it waits."""
REASON_SUSPENDED: Final = "Suspended"
"""spec.suspend is set on the job or on its DAG."""
REASON_PARALLEL_LIMIT: Final = "ParallelLimit"
"""As many pods of the DAG exist as its spec.maxParallel permits."""
REASON_REFUSED: Final = "Refused"
"""The API server does not let the pod be made now: a quota, Pod Security, a missing PriorityClass; the message has its
words. It is tried again and again."""
REASON_DELAYED: Final = "Delayed"
"""spec.delayMilliseconds have not passed since the parents were done; the message says until when."""
REASON_BACK_OFF: Final = "BackOff"
"""The pause before the next attempt has not passed; the message says until when."""
REASON_GATE_OPEN: Final = "GateOpen"
"""The parents have succeeded, and a person must approve the gate behind one of them."""
REASON_WAITING: Final = "ContainerWaiting"
"""The kubelet does not start the container; the message has its words, such as ErrImagePull."""
REASON_STORE_UNREACHABLE: Final = "StoreUnreachable"
"""The store cannot be asked for an outcome."""
REASON_STARTING: Final = "Starting"
"""The service's port has not answered yet."""
REASON_ANSWERS: Final = "PortAnswers"
"""The service's port answers: its children may go on."""
REASON_SILENT: Final = "PortSilent"
"""The service's port has answered before and does not now; Kubernetes is starting the service again."""
REASON_STOPPED: Final = "Stopped"
"""Somebody stopped a service that had served: it did what it was there for."""
REASON_TERMINATED: Final = "Terminated"
"""The runner was told to end (its pod was deleted, drained or preempted) before the program had ended by itself."""
REASON_TIMED_OUT: Final = "TimedOut"
"""The gate's deadline passed without a decision."""
REASON_APPROVED: Final = "Approved"
"""Enough distinct people approved."""
REASON_REJECTED: Final = "Rejected"
"""Somebody rejected."""
REASON_POLICIES_MISSING: Final = "PoliciesMissing"
"""The message says which of the admission policies is not in force, and why."""
REASON_POLICIES_IN_FORCE: Final = "PoliciesInForce"
"""They are again; the message says whose decisions were made before and do not count."""

# ---------------------------------------------------------------- service accounts, audiences
AUDIENCE_STORE: Final = "titan-store"
"""Audience of the tokens that the store accepts."""
SERVICE_ACCOUNT_JOB: Final = "titan-job"
"""Identity of job pods: may create and read TitanDAGs and TitanJobs, and use the store of its namespace."""
SERVICE_ACCOUNT_CLIENT: Final = "titan-client"
"""Identity with which people reach the store of a namespace through the API server's service proxy."""
SYSTEM_NAMESPACE: Final = "titan-system"
STORE_SERVICE: Final = "titan-store"
STORE_PORT_NAME: Final = "api"
DEFAULT_STORE_SERVICE: Final = f"{SYSTEM_NAMESPACE}/{STORE_SERVICE}:{STORE_PORT_NAME}"
"""Where the store is when nothing says otherwise."""
STORE_GROUP: Final = "store.titan.io"
"""API group of the virtual resources (values, files, logs, outcomes) in SubjectAccessReviews."""
APPROVE_VERB: Final = "approve"
"""The verb on titanapprovals that decides."""
POLICIES: Final = ("titan-approvals", "titan-requesters")
"""The ValidatingAdmissionPolicies, and the bindings of the same names, that prove who decides and who has asked."""
GATE_ID_PREFIX: Final = "hitl-gate-"
"""get_job_status answers for a gate under this prefix plus the job's id."""
LEGACY_ID_PREFIX: Final = "DAG-"
"""Programs may put this in front of any job id."""

# ---------------------------------------------------------------- the runner's environment
ENV_DAG: Final = "TITAN_DAG"
ENV_JOB: Final = "TITAN_JOB"
"""Name of the TitanJob (TITAN_JOB_ID holds the user's own id)."""
ENV_JOB_ID: Final = "TITAN_JOB_ID"
ENV_JOB_UID: Final = "TITAN_JOB_UID"
ENV_ATTEMPT: Final = "TITAN_ATTEMPT"
ENV_AGENT_RUN: Final = "TITAN_AGENT_RUN"
ENV_NAMESPACE: Final = "TITAN_NAMESPACE"
ENV_WORKSPACE: Final = "TITAN_WORKSPACE"
ENV_STORE_URL: Final = "TITAN_STORE_URL"
ENV_STORE_HOST: Final = "TITAN_HOST"
"""Host of the store, as programs of the earlier Titan read it."""
ENV_STORE_PORT: Final = "TITAN_PORT"
ENV_STORE_TOKEN_FILE: Final = "TITAN_STORE_TOKEN_FILE"
ENV_STORE_CA: Final = "TITAN_STORE_CA"
"""PEM of the authority that vouches for a store with https; absent: the machine's own authorities."""
ENV_RUN: Final = "TITAN_RUN"
"""JSON for the runner: {"source": spec.source, "args": [...], "workspace": {"mode", "parents": [{"job", "attempt"}]}},
and "service": true for a service; absent from the program's own environment."""
ENV_PORT: Final = "PORT"
"""Where a service has to listen."""

MAX_DAG_NAME: Final = 30
MAX_JOB_NAME: Final = 52
MAX_POD_NAME: Final = 63
MAX_SERVICE_NAME: Final = 63
MAX_LABEL_VALUE: Final = 63
SUFFIX_ALPHABET: Final = "bcdfghjklmnpqrstvwxz2456789"
"""Kubernetes' own alphabet for generated names: no vowels, nothing that reads like something else."""
SUFFIX_LENGTH: Final = 5

_LABEL_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_LABEL_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_NOT_NAME_CHARACTERS = re.compile(r"[^a-z0-9]+")
_HASH_LENGTH = 6


def dag_name(display_name: str, suffix: str) -> str:
    """Name of a TitanDAG: ``<slug>-<suffix>``; the suffix is drawn once per submission."""
    return f"{_cut(_slug(display_name) or 'dag', MAX_DAG_NAME - 1 - len(suffix))}-{suffix}"


def job_name(dag: str, job_id: str) -> str:
    """Name of a TitanJob of a TitanDAG, the same at every call; distinct for distinct ids."""
    return f"{dag}-{_distinct_slug(job_id, MAX_JOB_NAME - 1 - len(dag))}"


def standalone_job_name(job_id: str, suffix: str) -> str:
    """Name of a TitanJob without a TitanDAG; the suffix is drawn once per submission."""
    return f"{_cut(_slug(job_id) or 'job', MAX_JOB_NAME - 1 - len(suffix))}-{suffix}"


def pod_name(job: str, attempt: int) -> str:
    """Name of the Pod of one attempt.

    A TitanJob that a user named beyond the budget gets its name cut and hashed, never refused.
    """
    ending = f"-{attempt}"
    if len(job) + len(ending) <= MAX_POD_NAME:
        return job + ending
    return f"{_cut(job, MAX_POD_NAME - len(ending) - 1 - _HASH_LENGTH)}-{_hash(job)}{ending}"


def service_name(job: str) -> str:
    """Name of the Deployment and of the Service of a TitanJob: its own wherever that is a DNS-1035 label."""
    return _distinct_slug(job, MAX_SERVICE_NAME)


def approval_name(job: str, round_number: int) -> str:
    """Name of the TitanApproval behind a TitanJob: the job's own, from round 2 on with ``-r<round>``."""
    return job if round_number == 1 else f"{job}-r{round_number}"


def gate_id(job_id: str) -> str:
    """The id under which programs ask for the gate behind a job."""
    return GATE_ID_PREFIX + job_id


def plain_job_id(job_id: str) -> str:
    """A job id without the ``DAG-`` that programs may put in front of it."""
    return job_id.removeprefix(LEGACY_ID_PREFIX)


def label_value(text: str) -> str:
    """The text itself where it is a valid label value, else a slug with a hash of the text."""
    if len(text) <= MAX_LABEL_VALUE and (not text or _LABEL_VALUE.fullmatch(text)):
        return text
    return _distinct_slug(text, MAX_LABEL_VALUE)


def is_label_name(text: str) -> bool:
    """Whether the text may stand behind the slash of a label key."""
    return _LABEL_NAME.fullmatch(text) is not None


def priority_class_name(priority: int) -> str:
    """PriorityClass of a job's priority, clamped to the ten classes that exist."""
    return f"titan-{min(max(priority, 1), 10)}"


def _slug(text: str) -> str:
    """The text in characters of a DNS-1035 label, beginning with a letter; empty if nothing is left."""
    slug = _NOT_NAME_CHARACTERS.sub("-", text.lower()).strip("-")
    return f"j{slug}" if slug and not slug[0].isalpha() else slug


def _distinct_slug(text: str, budget: int) -> str:
    """A slug within the budget that carries a hash whenever it lost information."""
    slug = _slug(text)
    if slug == text and len(slug) <= budget:
        return slug
    return f"{_cut(slug or 'x', budget - 1 - _HASH_LENGTH)}-{_hash(text)}"


def _cut(slug: str, budget: int) -> str:
    return slug[:budget].rstrip("-")


def _hash(text: str) -> str:
    """Six characters of base 32: one collision in a thousand jobs of one DAG is below one in two thousand."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % 32**_HASH_LENGTH
    digits = "0123456789abcdefghijklmnopqrstuv"
    return "".join(digits[(number >> (5 * position)) % 32] for position in range(_HASH_LENGTH))
