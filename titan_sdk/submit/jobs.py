"""TitanJob: one unit of work as its author describes it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Union

from titan_api import defaults
from titan_api.job_fields import FIELDS
from titan_sdk import checks
from titan_sdk.submit.sources import load_source

RUN = "RUN_PAYLOAD"
SERVICE_TYPES = frozenset({"SERVICE", "DEPLOY_PAYLOAD"})

Args = Union[str, Iterable[object], None]


class TitanJob:
    """A job. The script is read here and now, so the file may change or vanish afterwards.

    Positional arguments, in the order of the earlier Titan:

    job_id
        Unique inside the DAG; up to 253 characters.
    filename
        Path of a ``.py`` or ``.sh`` script; with ``is_archive``, ``NAME.zip/path/in/zip.py`` of a project that
        ``upload_project_folder`` uploaded. A bare name that is no local file is one that ``deploy_script`` left.
    job_type
        ``SERVICE`` (or ``DEPLOY_PAYLOAD``) for a long-running service, which needs ``port``; all else runs once.
    args
        One string, split at spaces (quotes keep words together), or a list.
    parents
        Ids of jobs that must have succeeded before; the prefix ``DAG-`` is allowed.
    port, is_archive, priority, delay, affinity, requirement
        Higher ``priority`` first; ``delay`` in milliseconds after the parents; ``affinity`` prefers their nodes;
        ``requirement`` is GENERAL, GPU, HIGH_MEM or a tag that nodes carry.
    hitl_message, max_wait_seconds
        Puts a gate behind the job: its children wait until a person approves, or are cancelled after that time.

    Further keywords: ``script_content`` (the script itself instead of a file), ``retries`` after the first attempt,
    ``backoff`` seconds before the second (doubling, up to ``max_backoff``), ``timeout`` seconds of one attempt, ``env``, ``image``,
    ``resources`` ({"cpu": 2, "memory": "4Gi"}, or {"requests": ..., "limits": ...}), ``gpus``, ``secrets`` (names of
    Secrets whose keys become environment variables), ``approvers`` (users, and groups as "group:NAME"),
    ``required_approvals``.

    Raises ValueError in one sentence, or FileNotFoundError naming the script; for a bare name that nobody deployed,
    the submission raises it.
    """

    def __init__(
        self,
        job_id: str,
        filename: str | None = None,
        job_type: str = RUN,
        args: Args = None,
        parents: Sequence[str] | None = None,
        port: int = 0,
        is_archive: bool = False,
        priority: int = defaults.PRIORITY,
        delay: int = 0,
        affinity: bool = False,
        requirement: str = defaults.REQUIREMENT,
        hitl_message: str | None = None,
        max_wait_seconds: int = defaults.GATE_TIMEOUT_SECONDS,
        *,
        script_content: str | None = None,
        retries: int | None = None,
        backoff: int | None = None,
        max_backoff: int | None = None,
        timeout: int | None = None,
        env: Mapping[str, object] | None = None,
        image: str | None = None,
        resources: Mapping[str, object] | None = None,
        gpus: int = 0,
        secrets: Sequence[str] | None = None,
        approvers: Sequence[str] | None = None,
        required_approvals: int | None = None,
    ) -> None:
        self.job_id = checks.check_name("the id of a job", job_id)
        about = f"of job {job_id!r}"
        self.job_type = job_type
        self.is_service = str(job_type).upper() in SERVICE_TYPES
        self.args = split_args(args, about)
        self.parents = _parents(parents, about)
        self.port = _number("port", port or 0, about)
        self.is_archive = bool(is_archive)
        self.priority = _number("priority", priority, about)
        self.delay = _number("delay", delay or 0, about)
        self.affinity = bool(affinity)
        self.requirement = checks.check_requirement(requirement or defaults.REQUIREMENT)
        self.hitl_message = _message(hitl_message, about)
        self.max_wait_seconds = _number("max_wait_seconds", max_wait_seconds, about)
        self.retries = _optional("retries", retries, about)
        self.backoff = _optional("backoff", backoff, about)
        self.max_backoff = _optional("max_backoff", max_backoff, about)
        self.timeout = _optional("timeout", timeout, about)
        self.env = {checks.check_variable(name): str(value) for name, value in (env or {}).items()}
        self.image = image
        self.resources = _resources(resources or {}, _number("gpus", gpus or 0, about), about)
        self.secrets = tuple(checks.check_name(f"a secret {about}", name) for name in secrets or ())
        self.approvers = tuple(checks.check_name(f"an approver {about}", name) for name in approvers or ())
        self.required_approvals = _optional("required_approvals", required_approvals, about)
        self._check_together(about)
        self.filename = filename
        self.source = load_source(job_id, filename, script_content, is_archive=self.is_archive)

    def _check_together(self, about: str) -> None:
        if self.is_service and not self.port:
            raise ValueError(f"the service {self.job_id!r} needs a port")
        if self.is_service and self.hitl_message is not None:
            raise ValueError(f"the service {self.job_id!r} cannot have a gate: it never ends")
        if self.max_backoff is not None and self.max_backoff < (self.backoff or 0):
            raise ValueError(f"max_backoff {about} must not be less than backoff, {self.backoff}")
        if self.hitl_message is None and (self.approvers or self.required_approvals is not None):
            raise ValueError(f"approvers and required_approvals {about} need a hitl_message")

    def __repr__(self) -> str:
        return f"TitanJob({self.job_id!r}, {self.filename!r})"


def split_args(args: Args, about: str) -> tuple[str, ...]:
    """Arguments as a program gets them.

    For a string quotes keep words together, but a backslash is an ordinary character and a lone quote is no error:
    programs of the earlier Titan, which knew no quotes, contain both.
    """
    if args is None:
        return ()
    words = _split(args) if isinstance(args, str) else [str(word) for word in args]
    if len(words) > defaults.MOST_ARGUMENTS:
        raise ValueError(f"args {about}: {len(words)} are too many, {defaults.MOST_ARGUMENTS} is the limit")
    for word in words:
        if len(word) > defaults.LONGEST_ARGUMENT or "\0" in word:
            raise ValueError(
                f"args {about}: {word[:40]!r}... is longer than {defaults.LONGEST_ARGUMENT} characters or contains NUL"
            )
    return tuple(words)


def _split(text: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.escape = ""
    try:
        return list(lexer)
    except ValueError:
        return text.split()


def _parents(parents: Sequence[str] | None, about: str) -> tuple[str, ...]:
    if isinstance(parents, str):
        raise ValueError(f"parents {about} must be a list of ids, not the string {parents!r}")
    found = tuple(dict.fromkeys(checks.check_name(f"a parent {about}", parent) for parent in parents or ()))
    if len(found) > defaults.MOST_PARENTS:
        raise ValueError(f"parents {about}: {len(found)} are too many, {defaults.MOST_PARENTS} is the limit")
    return found


def _message(message: str | None, about: str) -> str | None:
    if message is not None and len(message) > defaults.LONGEST_TEXT:
        raise ValueError(
            f"hitl_message {about} has {len(message)} characters; at most {defaults.LONGEST_TEXT} are possible"
        )
    return message


def _number(name: str, value: object, about: str) -> int:
    """A whole number within the bounds of its field."""
    field = FIELDS[name]
    return checks.check_number(f"{name} {about}", value, field.low, field.high)


def _optional(name: str, value: int | None, about: str) -> int | None:
    return None if value is None else _number(name, value, about)


def _resources(given: Mapping[str, object], gpus: int, about: str) -> dict[str, dict[str, str]]:
    """Requests and limits as in a container; a plain mapping means requests."""
    shaped = given if given.keys() <= {"requests", "limits"} else {"requests": given}
    result: dict[str, dict[str, str]] = {}
    for section, amounts in shaped.items():
        if not isinstance(amounts, Mapping):
            raise ValueError(f"resources {about}: {section} must be a mapping, not {amounts!r}")
        result[section] = {
            str(name): checks.check_quantity(f"resources {about}: {name}", amount) for name, amount in amounts.items()
        }
    if gpus:
        result.setdefault("limits", {})["nvidia.com/gpu"] = str(gpus)
        result.setdefault("requests", {})["nvidia.com/gpu"] = str(gpus)
    return {section: amounts for section, amounts in result.items() if amounts}
