"""What this pod has to do, as the operator wrote it into the environment."""

from __future__ import annotations

import json
import os
import pwd

from titan_runner.errors import RunnerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# The same strings as in titan_api.names, which the runner may not import; a test compares them.
ENV_JOB_UID = "TITAN_JOB_UID"
ENV_ATTEMPT = "TITAN_ATTEMPT"
ENV_NAMESPACE = "TITAN_NAMESPACE"
ENV_WORKSPACE = "TITAN_WORKSPACE"
ENV_STORE_URL = "TITAN_STORE_URL"
ENV_STORE_TOKEN_FILE = "TITAN_STORE_TOKEN_FILE"
ENV_STORE_CA = "TITAN_STORE_CA"
ENV_RUN = "TITAN_RUN"
ENV_TERMINATION_LOG = "TITAN_TERMINATION_LOG"
"""Where the termination message goes when there is no container, as in the embedded cluster."""
TERMINATION_LOG = "/dev/termination-log"
USER_NAME = "titan"
"""The user name of a program whose user has only a number."""


class Terms:
    """How the job shares files with others."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.mode = str(raw.get("mode") or "Sync")
        """Sync: it finds what its ancestors left. Claim: one volume for all. None: nothing is shared."""
        self.parents = [{"job": str(one["job"]), "attempt": int(one["attempt"])} for one in raw.get("parents") or []]


class Assignment:
    """One attempt of one job. Never changed after it was read."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        try:
            run = json.loads(environment[ENV_RUN])
            self.source: dict[str, Any] = run["source"]
            self.arguments: list[str] = [str(argument) for argument in run.get("args") or []]
            self.terms = Terms(run.get("workspace") or {})
            self.is_service = bool(run.get("service"))
            """It is started again whenever it ends: its log goes on, and it has no outcome."""
            self.job_uid = environment[ENV_JOB_UID]
            self.attempt = int(environment[ENV_ATTEMPT])
            self.namespace = environment[ENV_NAMESPACE]
            self.store_url = environment[ENV_STORE_URL]
        except KeyError as error:
            raise RunnerError(f"the environment lacks {error}: this pod was not made by Titan's operator") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise RunnerError(f"the environment describes no job: {error}") from error
        self.store_authority = environment.get(ENV_STORE_CA, "")
        self.token_file = environment.get(ENV_STORE_TOKEN_FILE, "")
        self.workspace = environment.get(ENV_WORKSPACE) or os.getcwd()
        self.scratch = environment.get("TMPDIR") or "/tmp"
        self.termination_log = environment.get(ENV_TERMINATION_LOG) or TERMINATION_LOG

    @property
    def script_name(self) -> str | None:
        """Name of the job's only file; None for an archive."""
        source = self.source.get("inline") or self.source.get("script")
        return str(source.get("fileName")) if source else None

    @property
    def program_directory(self) -> str:
        """The workspace as the program sees it: an archive is unpacked so that its entry's folder is the workspace."""
        if self.terms.mode == "Claim" or "archive" not in self.source:
            return self.workspace
        return os.path.join(self.workspace, os.path.dirname(str(self.source["archive"].get("entrypoint", ""))))


def _has_name(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def program_environment(environment: Mapping[str, str], assignment: Assignment) -> dict[str, str]:
    """The program's own environment: the runner's, without what is the runner's business."""
    kept = {name: value for name, value in environment.items() if name not in (ENV_RUN, ENV_TERMINATION_LOG)}
    # ``python -u`` unbuffers only the job's own interpreter; this also reaches those that a shell script starts.
    kept.setdefault("PYTHONUNBUFFERED", "1")
    # A user that the image does not know has "/" for a home, where nothing can be written: caches then go to scratch.
    if not os.access(kept.get("HOME") or "/", os.W_OK):
        kept["HOME"] = assignment.scratch
    # getpass.getuser() and all that builds on it ask for these before they look the user up.
    if not _has_name(os.getuid()):
        kept.setdefault("USER", USER_NAME)
        kept.setdefault("LOGNAME", kept["USER"])
    kept[ENV_WORKSPACE] = assignment.program_directory.rstrip("/") or "/"
    if assignment.terms.mode == "Claim":
        # Scripts are not in a volume that others share; modules that a parent left there can be imported all the same.
        kept["PYTHONPATH"] = os.pathsep.join(filter(None, (assignment.workspace, kept.get("PYTHONPATH"))))
    return kept
