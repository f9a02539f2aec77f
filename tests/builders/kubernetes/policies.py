"""Titan's admission policies as the chart renders them, and objects for them to judge."""

from pathlib import Path
from typing import Any

import yaml

from titan_api.json_types import Json

SYSTEM, NAMESPACE = "titan-system", "team"
OPERATOR, STORE = f"system:serviceaccount:{SYSTEM}:titan-operator", f"system:serviceaccount:{SYSTEM}:titan-store"
JOB_USER = f"system:serviceaccount:{NAMESPACE}:titan-job"
TEMPLATE = Path(__file__).parents[3] / "charts/titan/templates/policies.yaml"
GROUP = "titan.io/v1alpha1"


def list_policies() -> list[Json]:
    """The template knows no more of Helm than a condition around it all and two values."""
    lines = [line for line in TEMPLATE.read_text().splitlines() if not line.startswith("{{-")]
    text = "\n".join(lines).replace("{{ .Release.Namespace }}", SYSTEM).replace("{{ .Release.Service }}", "Helm")
    assert "{{" not in text
    return [document for document in yaml.safe_load_all(text) if document]


def dag(name: str, requested_by: str | None) -> Json:
    spec: Json = {"name": name, "jobCount": 1}
    return _object("TitanDAG", name, spec | _asked(requested_by))


def job(name: str, requested_by: str | None, *, gated: bool = False, **spec: Any) -> Json:
    inline = {"fileName": "a.py", "content": "print(1)"}
    content: Json = {"jobID": name, "source": {"inline": inline}, **spec}
    if gated:
        content["approval"] = {"message": "go on?"}
    return _object("TitanJob", name, content | _asked(requested_by))


def gate(name: str, requested_by: str | None = "erin", **spec: Any) -> Json:
    subject = {"job": name, "jobID": name, "uid": "u-1"}
    return _object("TitanApproval", name, {"subject": subject, **spec} | _asked(requested_by))


def _asked(requested_by: str | None) -> Json:
    return {} if requested_by is None else {"requestedBy": requested_by}


def _object(kind: str, name: str, spec: Json) -> Json:
    return {
        "apiVersion": GROUP,
        "kind": kind,
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": spec,
    }
