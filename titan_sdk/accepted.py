"""What a submission answers: the earlier Titan's word, with the names of what was created."""

from __future__ import annotations

from collections.abc import Sequence

ACCEPTED = "DAG_ACCEPTED"


class Accepted(str):
    """``"DAG_ACCEPTED"``, as programs compare it, with what was created."""

    name: str
    """Of the TitanDAG, or of the TitanJob that stands alone."""
    job_ids: tuple[str, ...]
    namespace: str
    is_dag: bool

    def __new__(cls, name: str, job_ids: Sequence[str], namespace: str, *, is_dag: bool) -> Accepted:
        """What a submission created."""
        self = super().__new__(cls, ACCEPTED)
        self.name = name
        self.job_ids = tuple(job_ids)
        self.namespace = namespace
        self.is_dag = is_dag
        return self
