"""Capability profiles: what the requirement of a job means in a cluster.

The operator makes pods of them, the store counts the room that is left for each, and both read them from the same JSON,
in camelCase, as pydantic reads a dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from titan_api import names
from titan_api.defaults import REQUIREMENT

CAPABILITY_LABEL_PREFIX = "capability.titan.io/"
"""A tag X without a profile selects nodes that carry this prefix plus X, with the value "true"."""


@dataclass(frozen=True)
class Toleration:
    """As in core/v1."""

    key: str = ""
    """Empty: any key."""
    operator: str = "Exists"
    value: str = ""
    effect: str = ""
    """Empty: any effect."""


@dataclass(frozen=True)
class Profile:
    """What a requirement tag means in this cluster."""

    node_selector: Mapping[str, str] = field(default_factory=dict)
    """Labels that a node must carry."""
    resources: Mapping[str, str] = field(default_factory=dict)
    """Requests and limits alike, such as ``nvidia.com/gpu: "1"``."""
    tolerations: tuple[Toleration, ...] = ()
    image: str | None = None
    """Runs instead of the operator's runnerImage."""
    runtime_class: str | None = None


DEFAULT_PROFILES: Mapping[str, Profile] = {
    REQUIREMENT: Profile(),
    "PYTHON": Profile(),
    "GPU": Profile(resources={"nvidia.com/gpu": "1"}),
    "HIGH_MEM": Profile(node_selector={f"{CAPABILITY_LABEL_PREFIX}HIGH_MEM": "true"}),
}
"""Those of every cluster; its own replace or join them."""


def find_profile(requirement: str, profiles: Mapping[str, Profile]) -> Profile | None:
    """The profile of a requirement; None if the tag cannot be the name of a label, so that no node ever fits."""
    known = profiles.get(requirement)
    if known is not None or not names.is_label_name(requirement):
        return known
    return Profile(node_selector={CAPABILITY_LABEL_PREFIX + requirement: "true"})
