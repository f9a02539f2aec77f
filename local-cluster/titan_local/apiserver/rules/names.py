"""What names, labels and keys may look like, with the texts of the real server."""

import re
from typing import Any

from titan_local.apiserver.rules.mistakes import FieldError, invalid_value, required

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS_LABEL = re.compile(_LABEL)
_DNS_SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_NAME_PART = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")

SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
    "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
SERVICE_TEXT = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')"
)
LABEL_VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
NAME_PART_TEXT = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
QUALIFIED_NAME_TEXT = (
    f"a qualified {NAME_PART_TEXT.replace('name part', 'name')} with an optional DNS subdomain prefix and '/' "
    "(e.g. 'example.com/MyName')"
)


def dns_label_errors(path: str, name: str) -> list[FieldError]:
    """A container's or volume's name."""
    if not name:
        return [required(path)]
    return _check(path, name, _DNS_LABEL, LABEL_TEXT, 63)


def subdomain_errors(path: str, name: str) -> list[FieldError]:
    """The name of most kinds of objects."""
    return _check(path, name, _DNS_SUBDOMAIN, SUBDOMAIN_TEXT, 253)


def dns_1035_errors(path: str, name: str) -> list[FieldError]:
    """Names of services, of plural forms and of versions."""
    return _check(path, name, _DNS_1035, SERVICE_TEXT, 63)


def label_errors(path: str, labels: dict[str, Any]) -> list[FieldError]:
    """Every bad key and value of labels."""
    errors: list[FieldError] = []
    for key, value in labels.items():
        errors += key_errors(path, key)
        if len(str(value)) > 63:
            errors.append(invalid_value(path, value, "must be no more than 63 characters"))
        if not isinstance(value, str) or not _LABEL_VALUE.fullmatch(value):
            errors.append(invalid_value(path, value, LABEL_VALUE_TEXT))
    return errors


def key_errors(path: str, key: str) -> list[FieldError]:
    """A key of a label, an annotation or a resource."""
    if key.count("/") > 1:
        return [invalid_value(path, key, QUALIFIED_NAME_TEXT)]
    prefix, slash, name = key.rpartition("/")
    errors = []
    if slash and not prefix:
        errors.append(invalid_value(path, key, "prefix part must be non-empty"))
    elif slash and not (len(prefix) <= 253 and _DNS_SUBDOMAIN.fullmatch(prefix)):
        errors.append(invalid_value(path, key, f"prefix part {SUBDOMAIN_TEXT}"))
    if not name:
        errors.append(invalid_value(path, key, "name part must be non-empty"))
    elif len(name) > 63:
        errors.append(invalid_value(path, key, "name part must be no more than 63 characters"))
    if not _NAME_PART.fullmatch(name):
        errors.append(invalid_value(path, key, NAME_PART_TEXT))
    return errors


def _check(path: str, name: str, pattern: re.Pattern[str], text: str, limit: int) -> list[FieldError]:
    errors = []
    if len(name) > limit:
        errors.append(invalid_value(path, name, f"must be no more than {limit} characters"))
    if not pattern.fullmatch(name):
        errors.append(invalid_value(path, name, text))
    return errors
