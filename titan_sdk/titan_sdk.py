"""The module that programs of the earlier Titan import: ``from titan_sdk.titan_sdk import TitanClient, TITAN_PORT``.

TITAN_HOST and TITAN_PORT are read at each call; a program that assigns to them here moves every client of the
process to that address.
"""

from __future__ import annotations

import os

from titan_sdk.client import TitanClient
from titan_sdk.cluster.environment import legacy_address
from titan_sdk.submit.jobs import TitanJob

__all__ = ["TITAN_HOST", "TITAN_PORT", "TitanClient", "TitanJob"]

TITAN_HOST, TITAN_PORT = legacy_address(os.environ)
AT_IMPORT = (TITAN_HOST, TITAN_PORT)
"""What the two were when this module was imported: the way to see that a program changed them."""
