"""What this pod has to do, as the operator wrote it into the environment."""

from __future__ import annotations

import json
import os

from titan_runner.errors import RunnerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# The same strings as in titan_sdk.api.names, which the runner may not import; a test compares them.
ENV_JOB_UID = "TITAN_JOB_UID"
ENV_ATTEMPT = "TITAN_ATTEMPT"
ENV_NAMESPACE = "TITAN_NAMESPACE"
ENV_WORKSPACE = "TITAN_WORKSPACE"
ENV_STORE_URL = "TITAN_STORE_URL"
ENV_STORE_TOKEN_FILE = "TITAN_STORE_TOKEN_FILE"
ENV_RUN = "TITAN_RUN"
ENV_TERMINATION_LOG = "TITAN_TERMINATION_LOG"
"""Where the last words go when there is no container, as in the embedded cluster."""
TERMINATION_LOG = "/dev/termination-log"


class Assignment:
    """One attempt of one job. Never changed after it was read."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        try:
            run = json.loads(environment[ENV_RUN])
            self.source: dict[str, Any] = run["source"]
            self.arguments: list[str] = [str(argument) for argument in run.get("args") or []]
            self.job_uid = environment[ENV_JOB_UID]
            self.attempt = int(environment[ENV_ATTEMPT])
            self.namespace = environment[ENV_NAMESPACE]
            self.store_url = environment[ENV_STORE_URL]
        except KeyError as error:
            raise RunnerError(f"the environment lacks {error}: this pod was not made by Titan's operator") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise RunnerError(f"the environment describes no job: {error}") from error
        self.token_file = environment.get(ENV_STORE_TOKEN_FILE, "")
        self.workspace = environment.get(ENV_WORKSPACE) or os.getcwd()
        self.scratch = environment.get("TMPDIR") or "/tmp"
        self.termination_log = environment.get(ENV_TERMINATION_LOG) or TERMINATION_LOG


def program_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The program's own environment: the runner's, without what is the runner's business."""
    kept = {name: value for name, value in environment.items() if name not in (ENV_RUN, ENV_TERMINATION_LOG)}
    # ``python -u`` unbuffers only the job's own interpreter; this also reaches those that a shell script starts.
    kept.setdefault("PYTHONUNBUFFERED", "1")
    return kept
