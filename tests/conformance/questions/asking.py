"""A question is one request, and what had to happen before it; an answer is what of the reply must not differ.

In paths, bodies and headers ``{ns}`` stands for a namespace and ``{x}`` for a name that no other question uses.
"""

import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from conformance.api import JSON, Answer, Api

from titan_api.json_types import Json

_VARYING = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "UID"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "TIME"),
    (re.compile(r"(too old resource version: \d+) \(\d+\)"), r"\1 (NEWEST)"),
    (re.compile(r"(Too large resource version: \d+, current: )\d+"), r"\1NEWEST"),
    (re.compile(r"ResourceVersion in record \(\d+\)"), "ResourceVersion in record (VERSION)"),
    (re.compile(r"A_[bcdfghjklmnpqrstvwxz2456789]{5}\b"), "A_RANDOM"),
)
_GO_DIFF = re.compile(r"\\n@@ .*?(?<!\\)\"")
"""What some texts end with: a comparison of two structures in Go's own words, which nobody is promised."""


@dataclass(frozen=True)
class Question:
    """One request; ``title`` is unique in its topic and says what is asked."""

    title: str
    method: str
    path: str
    body: Any = None
    kind: str = JSON
    query: Json = field(default_factory=dict)
    headers: Json = field(default_factory=dict)
    before: tuple["Question", ...] = ()
    """Requests that must succeed first."""
    shows: tuple[str, ...] = ()
    """Dotted paths into the body of a success; what they lead to is part of the answer."""


def ask(api: Api, question: Question, namespace: str) -> Json:
    """What the server answers, without what differs from call to call."""
    places = {"{ns}": namespace, "{x}": f"x{uuid.uuid4().hex[:9]}"}
    for earlier in question.before:
        answer = _send(api, earlier, places)
        assert answer.status < 300, f"{question.title}: {earlier.path}: {answer.message}"
    answer = _send(api, question, places)
    text = json.dumps(_essence(answer, question.shows))
    for placeholder, value in places.items():
        text = text.replace(value, placeholder)
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return dict(json.loads(text))


def _send(api: Api, question: Question, places: dict[str, str]) -> Answer:
    path, body, headers, query = (
        _filled(part, places) for part in (question.path, question.body, question.headers, question.query)
    )
    caller = api.acting_as(**headers) if headers else api
    return caller.request(question.method, path, body, kind=question.kind, **query)


def _filled(part: Any, places: dict[str, str]) -> Any:
    if isinstance(part, bytes):
        return part
    text = json.dumps(part)
    for placeholder, value in places.items():
        text = text.replace(placeholder, value)
    return json.loads(text)


def _essence(answer: Answer, shows: tuple[str, ...]) -> Json:
    essence: Json = {"status": answer.status}
    warnings = answer.headers.get("Warning", "")
    try:
        body = answer.body
    except ValueError:
        return essence | {"text": answer.text.strip()}
    if isinstance(body, dict) and body.get("kind") == "Status" and answer.status >= 400:
        essence |= _mistakes(body)
    essence |= {f"shown {path}": _found(body, path) for path in shows if answer.status < 300}
    return essence | ({"warnings": warnings} if warnings else {})


def _mistakes(status: Json) -> Json:
    """Reason, message and details; several mistakes in alphabetical order, as the real server's is random."""
    status = json.loads(_GO_DIFF.sub('"', json.dumps(status)))
    said = {key: status[key] for key in ("reason", "message") if status.get(key)}
    details = {key: value for key, value in (status.get("details") or {}).items() if key != "uid"}
    causes = details.get("causes") or []
    if len(causes) > 1:
        details["causes"] = sorted(causes, key=lambda cause: (cause["field"], cause["message"]))
        said["message"] = re.sub(r"is invalid: \[.*\]$", "is invalid: [...]", said["message"], flags=re.DOTALL)
    return said | ({"details": details} if details else {})


def _found(value: Any, path: str) -> Any:
    """What stands at the path. Owners of fields by name: the server sorts them by seconds, and seconds pass by."""
    for part in filter(None, path.split(".")):
        if isinstance(value, list):
            value = [_found(item, part) for item in value] if part != "0" else value[0]
        else:
            value = value.get(part) if isinstance(value, dict) else None
    if path.endswith("managedFields") and value:
        value = sorted(value, key=lambda entry: (entry["operation"], entry["manager"], entry.get("subresource", "")))
    return value
