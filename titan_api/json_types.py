"""What a JSON object is to Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
Raw = Mapping[str, Any]
"""As it was read: it belongs to somebody else, and is not changed."""
