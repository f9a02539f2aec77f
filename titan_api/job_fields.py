"""What can be said of a job: one line a field, from which every surface is derived.

TitanJob's checks and manifests, the keys of the YAML form, the options of ``titan run``, the parameters of the MCP
tools and the tables of the reference all come from ``FIELDS``; the bounds and defaults of the pydantic models in
``kinds`` too. ``docs/architecture/adding-a-field.md`` walks through adding one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from titan_api import defaults


class Shape(Enum):
    """How the values of a field look."""

    TEXT = "text"
    INTEGER = "whole number"
    FLAG = "true or false"
    TEXTS = "list of texts"
    ARGUMENTS = "one text, split at spaces (quotes keep words together), or a list"
    PAIRS = "mapping of names to values"


@dataclass(frozen=True)
class JobField:
    """One argument of TitanJob."""

    name: str
    """The argument's, and that of the attribute."""
    shape: Shape
    help: str
    """One sentence without its subject and full stop: what the value is, and its unit."""
    path: tuple[str, ...] = ()
    """Where the value stands in the TitanJob's spec; empty where it only helps to make another field."""
    default: object = None
    """What holds if nothing is said; None: nothing does."""
    low: int | None = None
    high: int | None = None
    key: str | None = None
    """In the YAML form; None: it has none."""
    key_help: str | None = None
    """What is said of the key, where that differs."""
    option: str | None = None
    """Of ``titan run``; None: it has none."""
    option_help: str | None = None
    """What is said of the option, where that differs."""
    is_always_written: bool = False
    """Also where the value is the default, so that people find it in the object."""

    @property
    def is_for_agents(self) -> bool:
        """Whether the MCP tools take it: agents submit scripts, not services or uploaded projects."""
        return self.name not in ("job_type", "port", "is_archive")


_ALL = (
    JobField(
        "job_id", Shape.TEXT, "id of the job, unique inside the DAG; up to 253 characters", ("jobID",),
        key="id", key_help="required; unique inside the file", option="--name", option_help="id of the job; default: the file's name", is_always_written=True,
    ),
    JobField(
        "filename", Shape.TEXT, "path of a `.py` or `.sh` script; with `is_archive`, `NAME.zip/path/in/zip.py`",
        key="file", key_help="required; path of the script from the file's folder",
    ),
    JobField(
        "job_type", Shape.TEXT,
        '`"SERVICE"` (or `"DEPLOY_PAYLOAD"`) for a service, which needs a port; anything else runs once', ("type",),
        default="RUN_PAYLOAD", key="type", key_help="`run` (the default) or `service`", is_always_written=True,
    ),
    JobField(
        "args", Shape.ARGUMENTS, "one string, split at spaces (quotes keep words together), or a list", ("args",),
        key="args",
    ),
    JobField(
        "parents", Shape.TEXTS, "ids of jobs that must have succeeded before; the prefix `DAG-` is allowed",
        ("parents",), key="depends_on", option="--parent",
    ),
    JobField("port", Shape.INTEGER, "of a service, required there", ("port",), default=0, low=0, high=defaults.LARGEST_PORT, key="port"),
    JobField("is_archive", Shape.FLAG, "`filename` is a script in an uploaded project", default=False),
    JobField(
        "priority", Shape.INTEGER, "higher first", ("priority",), default=defaults.PRIORITY,
        low=-1_000_000, high=1_000_000,
        key="priority", option="--priority", is_always_written=True,
    ),
    JobField(
        "delay", Shape.INTEGER, "milliseconds after the parents are done", ("delayMilliseconds",), default=0, low=0,
        high=defaults.YEAR_SECONDS * 1000, key="delay",
        key_help="**seconds** after the parents are done (in Python it is milliseconds)", option="--delay",
    ),
    JobField(
        "affinity", Shape.FLAG, "prefer the nodes of the parents", ("affinity",), default=False, key="affinity",
        option="--affinity",
    ),
    JobField(
        "requirement", Shape.TEXT, "`GENERAL`, `GPU`, `HIGH_MEM`, `PYTHON`, or a tag that nodes carry",
        ("requirement",), default=defaults.REQUIREMENT, key="requirement", option="--requirement", is_always_written=True,
    ),
    JobField(
        "hitl_message", Shape.TEXT, "a gate behind the job, with this question", ("approval", "message"),
        key="hitl_message", option="--hitl-message", is_always_written=True,
    ),
    JobField(
        "max_wait_seconds", Shape.INTEGER, "how long the gate waits, in seconds", ("approval", "timeoutSeconds"),
        default=defaults.GATE_TIMEOUT_SECONDS, low=1, high=defaults.YEAR_SECONDS, key="max_wait_seconds", option="--max-wait-seconds", is_always_written=True,
    ),
    JobField("script_content", Shape.TEXT, "the script itself, instead of `filename`"),
    JobField(
        "retries", Shape.INTEGER, "further attempts after a failure", ("retry", "limit"), default=defaults.RETRY_LIMIT,
        low=0, high=100,
        key="retries", option="--retries",
    ),
    JobField(
        "backoff", Shape.INTEGER, "seconds before the second attempt; doubles each time", ("retry", "backoffSeconds"),
        default=defaults.BACKOFF_SECONDS, low=0, high=3_600, key="backoff", option="--backoff",
    ),
    JobField(
        "max_backoff", Shape.INTEGER, "longest pause between two attempts, in seconds", ("retry", "maxBackoffSeconds"),
        default=600, low=1, high=defaults.DAY_SECONDS, key="max_backoff", option="--max-backoff",
    ),
    JobField(
        "timeout", Shape.INTEGER, "seconds that one attempt may take", ("activeDeadlineSeconds",), low=1,
        high=defaults.YEAR_SECONDS, key="timeout", option="--timeout",
    ),
    JobField("env", Shape.PAIRS, "variables for the program", ("env",), key="env", option="--env"),
    JobField("image", Shape.TEXT, "container image with Python 3.9 or newer", ("image",), key="image", option="--image"),
    JobField(
        "resources", Shape.PAIRS, 'amounts such as `cpu` 2 and `memory` 4Gi, as requests; or `{"requests": …, "limits": …}`', ("resources",),
        key="resources", option="--resource", option_help="amount that the job requests, such as cpu=2 or memory=4Gi",
    ),
    JobField(
        "gpus", Shape.INTEGER, "number of `nvidia.com/gpu`", default=0, low=0, high=1_000, key="gpus", option="--gpus"
    ),
    JobField(
        "secrets", Shape.TEXTS, "names of secrets whose keys become variables", ("secrets",), key="secrets",
        option="--secret",
    ),
    JobField(
        "approvers", Shape.TEXTS, 'users, and groups as `"group:NAME"`, who may decide at the gate',
        ("approval", "approvers"), key="approvers", option="--approver",
    ),
    JobField(
        "required_approvals", Shape.INTEGER, "how many distinct people must approve",
        ("approval", "requiredApprovals"), default=defaults.REQUIRED_APPROVALS, low=1,
        high=16, key="required_approvals",
        option="--required-approvals",
    ),
)  # fmt: skip

FIELDS: Mapping[str, JobField] = MappingProxyType({field.name: field for field in _ALL})
"""By name, in the order of TitanJob's arguments."""


def default_of(name: str) -> int:
    """What a number is where nobody says it, also for objects that are older than the field."""
    default = FIELDS[name].default
    assert isinstance(default, int), f"{name} has no number for a default"
    return default
