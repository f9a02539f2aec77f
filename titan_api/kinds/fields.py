"""Bounded field types shared by the three kinds.

Every string and list has an upper bound, so that the API server can price the validation rules (CEL cost
budget) and no object outgrows etcd's 1.5 MiB.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from titan_api import defaults
from titan_api.digests import DIGEST
from titan_api.job_fields import FIELDS
from titan_api.quantities import AMOUNT


def _alias(field: str) -> str:
    """camelCase, with the initialisms of the Kubernetes API conventions (jobID, agentRunID)."""
    camel = to_camel(field)
    return camel[:-2] + "ID" if field.endswith("_id") else camel


class Model(BaseModel):
    """Base of everything in spec and status: camelCase outside, frozen, unknown fields refused."""

    model_config = ConfigDict(
        alias_generator=_alias,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
    )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, without what was never set: the API server fills in defaults itself."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)


def within(name: str) -> Any:
    """The bounds of a number, as its field of ``job_fields`` has them."""
    return Field(ge=FIELDS[name].low, le=FIELDS[name].high)


ObjectName = Annotated[str, StringConstraints(min_length=1, max_length=defaults.LONGEST_NAME)]
JobID = Annotated[str, StringConstraints(min_length=1, max_length=defaults.LONGEST_NAME)]
UserName = Annotated[str, StringConstraints(min_length=1, max_length=defaults.LONGEST_NAME)]
UID = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Digest = Annotated[str, StringConstraints(pattern=f"^{DIGEST}$", max_length=71)]
RelativePath = Annotated[str, StringConstraints(min_length=1, max_length=defaults.LONGEST_PATH)]
ShortText = Annotated[str, StringConstraints(max_length=defaults.LONGEST_REMARK)]
LongText = Annotated[str, StringConstraints(max_length=defaults.LONGEST_TEXT)]
Quantity = Annotated[
    str,
    StringConstraints(pattern=f"^{AMOUNT}$", max_length=defaults.LONGEST_QUANTITY),
]
MicroTime = Annotated[str, StringConstraints(max_length=32), Field(json_schema_extra={"format": "date-time"})]
"""RFC 3339 in UTC with microseconds, as in coordination.k8s.io/v1 Lease."""
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Seconds = Annotated[int, Field(ge=0, le=defaults.YEAR_SECONDS)]


class Condition(Model):
    """One observation, as in metav1.Condition."""

    type: Annotated[str, StringConstraints(max_length=64)]
    status: Literal["True", "False", "Unknown"]
    reason: Annotated[str, StringConstraints(max_length=64)]
    message: LongText = ""
    last_transition_time: MicroTime
    observed_generation: Annotated[int, Field(ge=0)] = 0


Conditions = Annotated[
    list[Condition],
    Field(
        max_length=8,
        json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]},
    ),
]


class Approvers(Model):
    """Who may decide. Both lists empty: whoever has the verb ``approve`` on the TitanApproval."""

    users: Annotated[list[UserName], Field(max_length=64)] = []
    groups: Annotated[list[UserName], Field(max_length=64)] = []


class ApprovalTerms(Model):
    """What a gate asks of people; the same for a TitanJob's request and for the TitanApproval itself."""

    message: LongText = ""
    """Shown to the approver."""
    timeout_seconds: Annotated[int, within("max_wait_seconds")] = defaults.GATE_TIMEOUT_SECONDS
    """Counted once, from the job's completion; when it passes the gate is rejected."""
    approvers: Approvers = Approvers()
    required_approvals: Annotated[int, within("required_approvals")] = defaults.REQUIRED_APPROVALS
    """How many distinct people must approve."""
    allow_self_approval: bool = False
    """Whether the person who submitted the job may decide."""
