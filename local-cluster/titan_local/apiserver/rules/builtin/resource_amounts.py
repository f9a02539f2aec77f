"""Requests and limits of containers and claims."""

from decimal import Decimal

from titan_api.json_types import Json
from titan_api.quantities import parse_quantity
from titan_local.apiserver.rules.mistakes import FieldError, invalid_value, required
from titan_local.apiserver.rules.names import key_errors

_STANDARD = frozenset({"cpu", "memory", "ephemeral-storage"})


def amount_errors(resources: Json, path: str) -> list[FieldError]:
    """Every mistake in a container's resources."""
    limits = {name: parse_quantity(value) for name, value in (resources.get("limits") or {}).items()}
    requests = {name: parse_quantity(value) for name, value in (resources.get("requests") or {}).items()}
    errors: list[FieldError] = []
    for group, amounts in (("limits", limits), ("requests", requests)):
        for name, amount in amounts.items():
            where = f"{path}.{group}[{name}]"
            errors += _name_errors(where, name)
            if amount < 0:
                text = "must be greater than or equal to 0"
                errors.append(invalid_value(where, resources[group][name], text))
            if is_extended(name) and amount != amount.to_integral_value():
                errors.append(invalid_value(where, resources[group][name], "must be an integer"))
    for name, amount in requests.items():
        errors += _compared(name, amount, limits.get(name), resources, path)
    return errors


def is_extended(name: str) -> bool:
    """Whether a resource is of a domain of its own, such as nvidia.com/gpu: nobody may have more than there is."""
    return "/" in name and not name.startswith("kubernetes.io/")


def _name_errors(where: str, name: str) -> list[FieldError]:
    bad = key_errors(where, name)
    if "/" in name or name in _STANDARD or name.startswith("hugepages-"):
        return bad
    unqualified = bad or [invalid_value(where, name, "must be a standard resource type or fully qualified")]
    return [*unqualified, invalid_value(where, name, "must be a standard resource for containers")]


def _compared(name: str, amount: Decimal, limit: Decimal | None, resources: Json, path: str) -> list[FieldError]:
    if limit is None:
        text = "Limit must be set for non overcommitable resources"
        return [required(f"{path}.limits", text)] if is_extended(name) else []
    relation = (
        "equal to" if is_extended(name) and amount != limit else "less than or equal to" if amount > limit else ""
    )
    if not relation:
        return []
    text = f"must be {relation} {name} limit of {resources['limits'][name]}"
    return [invalid_value(f"{path}.requests", resources["requests"][name], text)]
