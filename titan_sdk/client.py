"""TitanClient: every call in one place, each a line or two; what they do is in the modules that they name.

Calls that the earlier Titan had answer as it did: text, with ``"CONNECTION_ERROR: ..."`` in an outage, where they
return text. All others, and the objects ``store``, ``files`` and ``dags``, raise the errors of ``titan_sdk.errors``.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from titan_sdk import artifacts, checks, gates, legacy_gates, statuses
from titan_sdk.artifacts import PathLike
from titan_sdk.connections import Connections
from titan_sdk.dags import Dags, View
from titan_sdk.errors import TitanConflict, TitanError, TitanForbidden, TitanNotFound, TitanUnavailable
from titan_sdk.files import Files
from titan_sdk.jobs import TitanJob
from titan_sdk.logs import Follower, fetch_log, stream_lines
from titan_sdk.lookups import find_job
from titan_sdk.submissions import Accepted
from titan_sdk.values import Values
from titan_sdk.views import DagView, GateView, JobView

T = TypeVar("T", bound=str)
UNREACHABLE = "CONNECTION_ERROR: "
OK = "OK"
log = logging.getLogger("titan_sdk")


class TitanClient:
    """A connection to Titan. ``TitanClient()`` finds everything by itself and contacts nobody until it is used.

    namespace: default is TITAN_NAMESPACE, else the kubeconfig context's own, else "default".
    context: of the kubeconfig; default is the current one.
    connections: for tests, the edges to use instead of the network.
    """

    def __init__(
        self,
        namespace: str | None = None,
        context: str | None = None,
        *,
        connections: Connections | None = None,
    ) -> None:
        self._connections = connections or Connections(namespace, context)
        self.dags = Dags(self._connections)

    @property
    def namespace(self) -> str:
        """The namespace of every call."""
        return self._connections.namespace

    @property
    def store(self) -> Values:
        """Values and sets."""
        return Values(self._connections.store())

    @property
    def files(self) -> Files:
        """Files."""
        return Files(self._connections.store())

    def whoami(self) -> str:
        """The name by which the cluster knows the caller."""
        return self._connections.identity().name

    # ---------------------------------------------------------------- DAGs and jobs

    def submit_dag(self, name: str, jobs: Sequence[TitanJob], agent_run_id: str | None = None) -> Accepted | str:
        """Submit linked jobs as one DAG: ``"DAG_ACCEPTED"`` with ``.name`` and ``.job_ids``, or CONNECTION_ERROR.

        Raises ValueError naming the ids for a graph that cannot run; then nothing was sent.
        """
        return _in_words(lambda: self.dags.submit(name, jobs, agent_run_id))

    def submit_job(self, job: TitanJob) -> Accepted | str:
        """Submit one job that stands alone; returns as ``submit_dag``."""
        return _in_words(lambda: self.dags.submit_job(job))

    def get_job_status(self, job_id: str) -> str:
        """PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, or "NULL"; for the newest job, or gate, of that id."""
        return _in_words(lambda: statuses.get_status(self._connections.kube(), job_id))

    def get_dag(self, name: str) -> DagView:
        """A DAG with its jobs. Raises TitanNotFound."""
        return self.dags.get(name)

    def list_dags(self, agent_run_id: str | None = None, limit: int | None = None) -> list[DagView]:
        """DAGs without their jobs, newest first."""
        return list(self.dags.list(agent_run_id, limit))

    def get_job(self, job_id: str, dag: str | None = None) -> JobView:
        """The newest job of that id. Raises TitanNotFound."""
        return self.dags.get_job(job_id, dag)

    def list_jobs(self, dag: str | None = None) -> list[JobView]:
        """The jobs of a DAG, or of the namespace; oldest first."""
        return list(self.dags.list_jobs(dag))

    def wait(
        self,
        target: str,
        timeout: float | None = None,
        poll: float | None = None,
        on_change: Callable[[DagView], None] | Callable[[JobView], None] | Callable[[View], None] | None = None,
    ) -> View:
        """Wait until a DAG or job has ended; see ``Dags.wait``. Raises TitanTimeout."""
        return self.dags.wait(target, timeout, poll, on_change)

    def cancel(self, target: str) -> View:
        """Cancel a DAG, or a job and with it its descendants."""
        return self.dags.cancel(target)

    # ---------------------------------------------------------------- logs

    def fetch_logs(self, job_id: str) -> str:
        """The whole log of the newest attempt of the newest job of that id; "" if there is none."""

        def fetch() -> str:
            job = find_job(self._connections.kube(), job_id)
            return "" if job is None else self._fetch(job["metadata"]["uid"])

        return _in_words(fetch)

    def stream_logs(
        self, job_id: str, dag: str | None = None, follow: bool = True, timeout: float | None = None
    ) -> Iterator[str]:
        """The log line by line, without line ends; with ``follow`` until the job has ended.

        Raises TitanNotFound at once if there is no such job, later TitanTimeout or TitanUnavailable.
        """
        job = self.get_job(job_id, dag)
        follower = Follower(self._connections.kube(), self._connections.store(), job, follow=follow, timeout=timeout)
        return stream_lines(follower.chunks())

    # ---------------------------------------------------------------- gates

    def pending_approvals(self) -> list[GateView]:
        """The gates that wait for a person now, the oldest first."""
        return gates.list_pending(self._connections.kube())

    def approve(self, gate: str, comment: str = "") -> GateView:
        """Say yes at a gate (its id, or its job's); returns once that is recorded.

        Raises TitanNotFound, TitanForbidden, and TitanConflict if the gate is already decided otherwise.
        """
        return self._decide(gate, gates.APPROVE, comment)

    def reject(self, gate: str, comment: str = "") -> GateView:
        """Say no at a gate; as ``approve``."""
        return self._decide(gate, gates.REJECT, comment)

    # ---------------------------------------------------------------- TitanStore

    def store_put(self, key: str, value: str) -> str:
        """Store a value: "OK" once it is durable, else CONNECTION_ERROR. Raises ValueError for what is no key or value."""
        checks.check_key(key)
        text = checks.check_value(value)
        if legacy_gates.is_gate_key(key):
            return _in_words(lambda: self._decide_by_key(key, text))

        def put() -> str:
            self.store.put(key, text)
            return OK

        return _in_words(put)

    def store_get(self, key: str) -> str:
        """The value; "NULL" for a missing key."""
        checks.check_key(key)
        if legacy_gates.is_gate_key(key):
            return _in_words(lambda: legacy_gates.read(self._connections.kube(), key))

        def get() -> str:
            found = self.store.find(key)
            return legacy_gates.MISSING if found is None else found.text

        return _in_words(get)

    def store_sadd(self, key: str, member: str) -> int:
        """Add a member to a set: 1 if it is new, 0 if it was there. Raises TitanUnavailable."""
        if legacy_gates.is_gate_key(key):
            raise ValueError(f"the key {key!r} shows gates of the cluster and cannot be written")
        return self.store.sadd(key, member)

    def store_smembers(self, key: str) -> list[str]:
        """The members of a set. Raises TitanUnavailable."""
        if key == legacy_gates.QUEUE:
            return legacy_gates.read_set(self._connections.kube())
        return self.store.smembers(key)

    def delete_key(self, key: str) -> bool:
        """Remove a key; whether it was there."""
        return self.store.delete(key)

    def list_keys(self, prefix: str = "") -> list[str]:
        """The keys that begin so, sorted."""
        return self.store.list(prefix)

    def increment(self, key: str, by: int = 1) -> int:
        """Add to a number and return it; a missing key counts as 0."""
        return self.store.increment(key, by)

    def compare_and_set(self, key: str, expected: str | None, value: str) -> bool:
        """Store a value only if the key still holds ``expected`` (None: is missing); whether it was stored."""
        return self.store.compare_and_set(key, expected, value)

    # ---------------------------------------------------------------- files and artifacts

    def upload_file(self, filepath: PathLike) -> str:
        """Upload a file of any size: "UPLOAD_SUCCESS", or "ERROR: File not found at: <path>"."""
        return _in_words(lambda: artifacts.upload_file(self.files, filepath))

    def upload_project_folder(self, path: PathLike, project_name: str | None = None) -> str:
        """Zip a folder, without ``__pycache__`` and ``.git``, and upload it as ``<project_name>.zip``."""
        return _in_words(lambda: artifacts.upload_project_folder(self.files, path, project_name))

    def deploy_script(self, filepath: PathLike) -> str:
        """Upload a script that jobs may then name without having the file: "DEPLOY_SUCCESS"."""
        return _in_words(lambda: artifacts.deploy_script(self.files, filepath))

    def fetch_artifact(self, filename: str, save_path: PathLike | None = None) -> bool:
        """Download a file, by default into the current directory. False (and a log line) if that fails."""

        def fetch() -> None:
            self.files.download(filename, artifacts.target_of(filename, save_path, Path()))

        return _succeeds(f"fetch_artifact {filename!r}", fetch)

    def publish_artifact(self, key: str, filename: PathLike) -> bool:
        """Upload a file and register its name under a key. False (and a log line) if that fails."""
        return _succeeds(f"publish_artifact {key!r}", lambda: artifacts.publish(self.files, self.store, key, filename))

    def get_artifact(self, key: str, save_path: PathLike | None = None) -> bool:
        """Download what was registered under a key, by default to ``/tmp/<filename>``. False if that fails."""

        def get() -> None:
            artifact = artifacts.find(self.store, key)
            target = artifacts.target_of(artifact.name, save_path, artifacts.ARTIFACT_FOLDER)
            artifacts.save(self.files, artifact, target)

        return _succeeds(f"get_artifact {key!r}", get)

    def _fetch(self, uid: str) -> str:
        return fetch_log(self._connections.store(), uid).decode(errors="replace")

    def _decide(self, gate: str, verdict: str, comment: str) -> GateView:
        return gates.decide(self._connections.kube(), self._connections.identity(), gate, verdict, comment)

    def _decide_by_key(self, key: str, value: str) -> str:
        """Old programs look at the text that comes back, and know no exceptions."""
        try:
            legacy_gates.write(self._connections.kube(), self._connections.identity, key, value)
        except (TitanNotFound, TitanForbidden, TitanConflict) as error:
            return f"ERROR: {error}"
        return OK


def _in_words(call: Callable[[], T]) -> T | str:
    """The call's text, or an outage in the words that programs of the earlier Titan expect."""
    try:
        return call()
    except TitanUnavailable as error:
        return f"{UNREACHABLE}{error}"


def _succeeds(what: str, call: Callable[[], None]) -> bool:
    """Whether the call ended well; if not, why is logged, because the caller's answer has no room for it."""
    try:
        call()
    except (TitanError, OSError, ValueError) as error:
        log.warning("%s failed: %s", what, error)
        return False
    return True
