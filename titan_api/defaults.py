"""Defaults and limits that more than one part of Titan needs, each written once.

The models of the three kinds take them, and with these the CustomResourceDefinitions; the operator and the store take
them for objects that are older than a default; the SDK checks a job against the same limits before it sends anything.
"""

from __future__ import annotations

from typing import Final

DAY_SECONDS: Final = 24 * 60 * 60
YEAR_SECONDS: Final = 365 * DAY_SECONDS
"""No time in a specification is longer."""

# ---------------------------------------------------------------- what a field means where it is absent
REQUIREMENT: Final = "GENERAL"
"""Profile of a job that asks for nothing: it runs on any node."""
PRIORITY: Final = 1
"""The lowest of the ten priorities that the scheduler knows."""
RETRY_LIMIT: Final = 3
"""Attempts after the first that the program itself may fail."""
BACKOFF_SECONDS: Final = 1
"""Pause before the second attempt; it doubles with each further one."""
GATE_TIMEOUT_SECONDS: Final = 2 * DAY_SECONDS
"""From the job's completion; a gate that nobody has decided by then is rejected."""
REQUIRED_APPROVALS: Final = 1
"""Distinct people who must approve before the children of a job go on."""
WORKSPACE_MODE: Final = "Sync"
"""Each job of a DAG starts with the files that its ancestors left."""
DAG_TTL_SECONDS: Final = 7 * DAY_SECONDS
"""An ended DAG is deleted after it, with everything that it owns."""
STANDALONE_TTL_SECONDS: Final = 7 * DAY_SECONDS
"""The same for a TitanJob that stands alone; its specification cannot say otherwise."""

# ---------------------------------------------------------------- how long the operator waits for what was announced
SUBMISSION_TIMEOUT_SECONDS: Final = 15 * 60
"""A DAG whose announced jobs have not all arrived by then fails."""
PARENT_WAIT_SECONDS: Final = 5 * 60
"""A job whose DAG, or whose parent of an earlier DAG, has not arrived by then is cancelled."""

# ---------------------------------------------------------------- limits of specifications
LONGEST_NAME: Final = 253
"""Characters of an object's name, and of the ids and names that users give to jobs, DAGs and agent runs."""
LONGEST_TEXT: Final = 4_096
"""Characters of a gate's question, and of the message of a condition."""
LONGEST_REMARK: Final = 1_024
"""Characters of a comment, and of other short texts."""
LONGEST_PATH: Final = 1_024
"""Characters of a path or the name of a file."""
LONGEST_QUANTITY: Final = 32
"""Characters of an amount such as 500m."""
VARIABLE_NAME: Final = r"[-._a-zA-Z][-._a-zA-Z0-9]*"
"""What an environment variable may be called."""
LONGEST_VARIABLE_NAME: Final = 256
"""Characters of that name."""
INLINE_SOURCE_LIMIT: Final = 4_096
"""Bytes of a script that may travel inside the TitanJob; longer ones are blobs in the store."""
MOST_JOBS: Final = 10_000
"""Jobs of one DAG, and so of its pods at once."""
MOST_PARENTS: Final = 1_000
"""Parents of one job."""
MOST_ARGUMENTS: Final = 256
"""Arguments of one program."""
LONGEST_ARGUMENT: Final = 8_192
"""Characters of one argument."""
LARGEST_PORT: Final = 65_535

# ---------------------------------------------------------------- limits of the store
LONGEST_KEY: Final = 1_024
"""Characters of a key."""
VALUE_BYTES: Final = 2**20
"""Bytes of one value in UTF-8."""
