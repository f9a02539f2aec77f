"""What a job's requirement means in this cluster: the part of the operator's settings that says which nodes fit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from titan_api import names

CAPABILITY_LABEL_PREFIX = "capability.titan.io/"
"""A tag X without a profile selects nodes that carry this prefix plus X, with the value "true"."""


@dataclass(frozen=True)
class Toleration:
    """As in core/v1."""

    key: str = ""
    operator: str = "Exists"
    value: str = ""
    effect: str = ""


@dataclass(frozen=True)
class Profile:
    """One requirement."""

    node_selector: Mapping[str, str] = field(default_factory=dict)
    resources: Mapping[str, str] = field(default_factory=dict)
    """Requests and limits alike."""
    tolerations: tuple[Toleration, ...] = ()


DEFAULT_PROFILES: Mapping[str, Profile] = {
    "GENERAL": Profile(),
    "PYTHON": Profile(),
    "GPU": Profile(resources={"nvidia.com/gpu": "1"}),
    "HIGH_MEM": Profile(node_selector={f"{CAPABILITY_LABEL_PREFIX}HIGH_MEM": "true"}),
}
"""The operator's own, where nothing else is set."""


def find_profile(requirement: str, profiles: Mapping[str, Profile]) -> Profile | None:
    """The profile of a requirement; None if the tag cannot be the name of a label, so no node ever fits."""
    known = profiles.get(requirement)
    if known is not None or not names.is_label_name(requirement):
        return known
    return Profile(node_selector={CAPABILITY_LABEL_PREFIX + requirement: "true"})


def read_profiles(path: Path) -> Mapping[str, Profile]:
    """The profiles of a file ``{"profiles": {TAG: {...}}}`` beside the default ones. Raises ValueError, OSError."""
    try:
        given = json.loads(path.read_text())["profiles"]
        return {**DEFAULT_PROFILES, **{str(tag): _read_profile(raw or {}) for tag, raw in given.items()}}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f'{path} holds no {{"profiles": {{TAG: {{...}}}}}}: {error!r}') from error


def _read_profile(raw: Mapping[str, Any]) -> Profile:
    tolerations = (
        Toleration(**{name: str(value) for name, value in found.items()}) for found in raw.get("tolerations") or ()
    )
    return Profile(dict(raw.get("nodeSelector") or {}), dict(raw.get("resources") or {}), tuple(tolerations))
