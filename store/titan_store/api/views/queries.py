"""Query parameters of the routes for people."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from titan_store.api.http.parameters import NoQuery

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 500
NamespaceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
Text = Annotated[str, StringConstraints(max_length=1024)]
JOB_PHASES = ("Pending", "Running", "Serving", "Succeeded", "Failed", "Cancelled")


def _check_phases(text: str) -> str:
    unknown = [phase for phase in filter(None, text.split(",")) if phase not in JOB_PHASES]
    if unknown:
        raise ValueError(f"phases are {', '.join(JOB_PHASES)}")
    return text


Phases = Annotated[str, StringConstraints(max_length=128), AfterValidator(_check_phases)]


class NamespaceQuery(NoQuery):
    """Where to look."""

    namespace: NamespaceName | None = None
    """Absent: all that the viewer may see."""


class PageQuery(NoQuery):
    """A page of something."""

    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    """Length of the page, 500 at most."""
    after: Annotated[str, StringConstraints(max_length=4096), Field(alias="continue")] = ""
    """``continue`` of the previous page."""

    @property
    def page_size(self) -> int:
        """The limit, within the store's own."""
        return min(self.limit, LARGEST_LIMIT)


class PhasesQuery(PageQuery):
    """A page of what is in some phases."""

    phase: Phases = ""
    """Phases, separated by commas; absent: any."""

    @property
    def phases(self) -> frozenset[str]:
        """Empty: any."""
        return frozenset(filter(None, self.phase.split(",")))


class DagsQuery(PhasesQuery, NamespaceQuery):
    """Which DAGs."""

    search: Text = ""
    """Part of a name, a run's id or the requester, in any case."""
    run: Text | None = None
    """Only DAGs of the agent run of this id."""


class JobsQuery(PhasesQuery):
    """Which jobs of a DAG."""

    search: Text = ""
    """Part of a job's id, in any case."""
    group: Text | None = None
    """Only the members of this fold of the graph."""
    sort: Annotated[str, StringConstraints(pattern="^(created|started)$")] = "created"
    """By time of creation or of start; jobs that have not started come last."""
