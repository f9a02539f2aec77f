"""Resource quantities such as ``500m``, ``1Gi`` and ``2e3``."""

import re
from decimal import ROUND_UP, Decimal

_PATTERN = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?")
_SUFFIXES: dict[str, Decimal] = {
    "": Decimal(1),
    "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"),
    "k": Decimal("1e3"), "M": Decimal("1e6"), "G": Decimal("1e9"),
    "T": Decimal("1e12"), "P": Decimal("1e15"), "E": Decimal("1e18"),
    "Ki": Decimal(2**10), "Mi": Decimal(2**20), "Gi": Decimal(2**30),
    "Ti": Decimal(2**40), "Pi": Decimal(2**50), "Ei": Decimal(2**60),
}  # fmt: skip


class QuantityError(ValueError):
    """The text is no quantity; the message is the real server's."""

    def __init__(self) -> None:
        super().__init__("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")


def parse_quantity(text: str | int | float) -> Decimal:
    """The number that a quantity stands for. Raises QuantityError."""
    match = _PATTERN.fullmatch(str(text).strip())
    if match is None:
        raise QuantityError
    number, suffix = match.group(1), match.group(2) or ""
    if suffix not in _SUFFIXES:
        return Decimal(number) * Decimal(10) ** int(suffix[1:])
    return Decimal(number) * _SUFFIXES[suffix]


def canonical(text: str | int | float) -> str:
    """A quantity as the API server writes it back: the largest unit that leaves a whole number. Raises QuantityError."""
    amount = parse_quantity(text)
    suffix = str(text).lstrip("+-0123456789. ")
    if suffix and suffix not in _SUFFIXES:
        return _exponential(amount)
    if suffix.endswith("i") and abs(amount) >= 1024 and amount == amount.to_integral_value():
        return _in_units(amount, Decimal(1024), ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"))
    billionths = (amount * 10**9).to_integral_value(rounding=ROUND_UP)
    return _in_units(billionths, Decimal(1000), ("n", "u", "m", "", "k", "M", "G", "T", "P", "E"))


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
