"""Resource quantities such as ``500m``, ``1Gi`` and ``2e3``, as Kubernetes reads and writes them."""

from __future__ import annotations

import re
from decimal import ROUND_UP, Decimal

AMOUNT = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?"
"""A quantity without a sign, which is what specifications take."""
_QUANTITY = re.compile(rf"[+-]?{AMOUNT}")
_DECIMALS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
"""Powers of ten."""
_BINARIES = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
"""Powers of 1024."""


class QuantityError(ValueError):
    """The text is no quantity; the message is the API server's."""

    def __init__(self) -> None:
        super().__init__("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")


def parse_quantity(text: str | int | float) -> Decimal:
    """The number that a quantity stands for. Raises QuantityError."""
    number, suffix = _split(text)
    if suffix in _DECIMALS:
        return number.scaleb(_DECIMALS[suffix])
    if suffix in _BINARIES:
        return number * Decimal(1024) ** _BINARIES.index(suffix)
    return number * Decimal(10) ** int(suffix[1:])


def canonical(text: str | int | float) -> str:
    """A quantity as the API server writes it back: the largest unit that leaves a whole number. Raises QuantityError."""
    amount, suffix = parse_quantity(text), _split(text)[1]
    if suffix not in _DECIMALS and suffix not in _BINARIES:
        return _exponential(amount)
    if suffix.endswith("i") and abs(amount) >= 1024 and amount == amount.to_integral_value():
        return _in_units(amount, Decimal(1024), _BINARIES)
    billionths = (amount * 10**9).to_integral_value(rounding=ROUND_UP)
    return _in_units(billionths, Decimal(1000), tuple(_DECIMALS))


def _split(text: str | int | float) -> tuple[Decimal, str]:
    """The number and the unit or exponent behind it."""
    plain = str(text).strip()
    match = _QUANTITY.fullmatch(plain)
    if match is None:
        raise QuantityError
    suffix = match.group(3) or ""
    return Decimal(plain[: len(plain) - len(suffix)]), suffix


def _in_units(amount: Decimal, step: Decimal, units: tuple[str, ...]) -> str:
    if amount == 0:
        return "0"
    for unit in units[:-1]:
        if amount % step != 0:
            return f"{int(amount)}{unit}"
        amount /= step
    return f"{int(amount)}{units[-1]}"


def _exponential(amount: Decimal) -> str:
    exponent = 0
    while amount != 0 and amount % 1000 == 0:
        amount, exponent = amount / 1000, exponent + 3
    return f"{int(amount)}e{exponent}" if exponent else str(int(amount))
