"""Resource quantities such as ``500m`` and ``1Gi``, as numbers."""

import re
from decimal import Decimal

_PATTERN = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?")
_POWERS = {"": 0, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = "KMGTPE"


def parse_quantity(text: str) -> Decimal:
    """The number that a quantity stands for; zero for what is none, so nothing fits on it."""
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        return Decimal(0)
    number, suffix = Decimal(match.group(1)), match.group(2) or ""
    if suffix.endswith("i"):
        return number * Decimal(1024) ** (_BINARY.index(suffix[0]) + 1)
    power = _POWERS[suffix] if suffix in _POWERS else int(suffix[1:])
    return number.scaleb(power)
