"""What may be a name, a key, a number: refused here in one sentence, before anything is sent.

The models of ``titan_api.kinds`` have the same limits, but take too long to load for the path of a submission; a test
holds the two against each other.
"""

from __future__ import annotations

import re
import unicodedata

from titan_api import defaults, names
from titan_api.quantities import AMOUNT

_QUANTITY = re.compile(AMOUNT)
_VARIABLE = re.compile(defaults.VARIABLE_NAME)


def check_name(what: str, text: object, limit: int = defaults.LONGEST_NAME) -> str:
    """The text, if it can name a job, a DAG or an agent run. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError(f"{what} must be a string, not {type(text).__name__}")
    if not text.strip():
        raise ValueError(f"{what} must not be empty")
    if len(text) > limit:
        raise ValueError(f"{what} {text[:40]!r}... has {len(text)} characters; at most {limit} are possible")
    if not is_clean(text):
        raise ValueError(f"{what} {text[:80]!r} contains a control character or half a surrogate pair")
    return text


def check_key(key: object, what: str = "a key") -> str:
    """The text, if it can be a key of the store. Raises ValueError."""
    if not isinstance(key, str):
        raise ValueError(f"{what} must be a string, not {type(key).__name__}")
    if not key:
        raise ValueError(f"{what} must not be empty")
    if len(key) > defaults.LONGEST_KEY:
        raise ValueError(f"{what} may have {defaults.LONGEST_KEY} characters, but {key[:40]!r}... has {len(key)}")
    if not _is_encodable(key) or "\0" in key:
        raise ValueError(f"{what} must be valid Unicode without NUL: {key[:80]!r}")
    return key


def check_value(value: object, what: str = "a value") -> str:
    """The text, if the store takes it; numbers become their text, as in the earlier Titan. Raises ValueError."""
    if isinstance(value, (bytes, bytearray)):
        raise ValueError(f"{what} must be a string, not bytes: decode it, or use a file for binary content")
    text = value if isinstance(value, str) else str(value)
    if not _is_encodable(text):
        raise ValueError(f"{what} must be valid Unicode; it contains half a surrogate pair")
    size = len(text.encode())
    if size > defaults.VALUE_BYTES:
        raise ValueError(f"{what} may have {defaults.VALUE_BYTES} bytes, but this has {size}: use a file instead")
    return text


def check_number(what: str, value: object, low: int | None, high: int | None) -> int:
    """The value as an integer within the bounds; None: there is none. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or int(value) != value:
        raise ValueError(f"{what} must be a whole number, not {value!r}")
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueError(f"{what} must be from {low} to {high}, not {value}")
    return int(value)


def check_requirement(tag: object) -> str:
    """The tag, if nodes can carry it as a label. Raises ValueError."""
    if not isinstance(tag, str) or not names.is_label_name(tag):
        raise ValueError(f"requirement {tag!r} cannot be the name of a node label (letters, digits, '-', '_', '.')")
    return tag


def check_quantity(what: str, value: object) -> str:
    """The value as Kubernetes writes amounts, such as "500m" or "4Gi". Raises ValueError."""
    text = str(value)
    if isinstance(value, bool) or not _QUANTITY.fullmatch(text) or len(text) > defaults.LONGEST_QUANTITY:
        raise ValueError(f"{what} {value!r} is no quantity such as 2, '500m' or '4Gi'")
    return text


def check_variable(name: object) -> str:
    """The text, if it can name an environment variable. Raises ValueError."""
    if not isinstance(name, str) or not _VARIABLE.fullmatch(name) or len(name) > defaults.LONGEST_VARIABLE_NAME:
        raise ValueError(f"{name!r} cannot be the name of an environment variable")
    return name


def is_clean(text: str) -> bool:
    """Whether the text can be printed on one line."""
    return not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
