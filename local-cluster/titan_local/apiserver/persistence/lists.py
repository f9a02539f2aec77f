"""Lists: selected, sorted by name, in pages of one moment."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from titan_api.json_types import Json
from titan_local.apiserver.persistence.labels import Carries
from titan_local.apiserver.persistence.storage import Key, Storage, key_of
from titan_local.apiserver.rules import errors
from titan_local.apiserver.rules.mistakes import prohibited, unsupported
from titan_local.apiserver.rules.reads.selectors import Predicate
from titan_local.apiserver.rules.resources import ResourceType

_MATCHES = ("Exact", "NotOlderThan")
_RETRY_SECONDS = 1


@dataclass(frozen=True)
class ListOptions:
    """Query parameters of a list."""

    limit: int = 0
    """Objects in a page; 0 for all."""
    token: str = ""
    """The continue token of the page before."""
    version: str = ""
    match_version: str = ""
    initial_events: bool = False
    """Whether sendInitialEvents was given, which only watches may."""
    carried: Sequence[Carries] = ()
    """What the label selector asks for, as far as an index can answer it."""


def list_page(
    storage: Storage, resource: ResourceType, namespace: str | None, selects: Predicate | None, options: ListOptions
) -> tuple[list[Json], Json]:
    """One page of objects and the list's metadata.

    All pages show the moment of the first. Raises ApiError 400 for a token that is none, 410 for one that is too old,
    422 for options that make no sense, 504 for a version that is not there yet.
    """
    _check(resource, options)
    start, version = _decode_token(options.token) if options.token else (None, _moment(storage, options))
    if version < storage.oldest:
        raise _too_old(options)
    objects = storage.select(resource.stored_as, namespace, version=version, carrying=options.carried)
    if start is not None:
        objects = [obj for obj in objects if key_of(obj) > start]
    selected = objects if selects is None else list(filter(selects, objects))
    metadata: Json = {"resourceVersion": str(version)}
    if not options.limit or len(selected) <= options.limit:
        return selected, metadata
    page = list(islice(selected, options.limit))
    metadata["continue"] = _encode_token(key_of(page[-1]), version)
    if selects is None:
        metadata["remainingItemCount"] = len(selected) - options.limit
    return page, metadata


def _moment(storage: Storage, options: ListOptions) -> int:
    """The version that the list shows: the newest, unless an exact one is asked for."""
    if options.version in ("", "0"):
        return storage.version
    if not options.version.isdigit():
        raise errors.bad_request(
            f'invalid resource version: resourceVersion: Invalid value: "{options.version}": strconv.ParseUint: parsing '
            f'"{options.version}": invalid syntax'
        )
    asked = int(options.version)
    if asked > storage.version:
        message = f"Too large resource version: {asked}, current: {storage.version}"
        cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
        details = {"causes": [cause], "retryAfterSeconds": _RETRY_SECONDS}
        raise errors.ApiError(504, "Timeout", f"Timeout: {message}", details)
    is_exact = options.match_version == "Exact" or (options.limit and not options.match_version)
    return asked if is_exact else storage.version


def _check(resource: ResourceType, options: ListOptions) -> None:
    path, match = "resourceVersionMatch", options.match_version
    mistakes = []
    if match and not options.version:
        mistakes.append(prohibited(path, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
    if match and options.token:
        mistakes.append(prohibited(path, "resourceVersionMatch is forbidden when continue is provided"))
    if match and match not in _MATCHES:
        mistakes.append(unsupported(path, match, [*_MATCHES, ""]))
    if match == "Exact" and options.version == "0":
        mistakes.append(prohibited(path, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    if options.initial_events:
        mistakes.append(prohibited("sendInitialEvents", "sendInitialEvents is forbidden for list"))
    if mistakes:
        raise errors.invalid_options(mistakes)


def _too_old(options: ListOptions) -> errors.ApiError:
    if options.token:
        text = (
            "The provided continue parameter is too old to display a consistent list result. You can start a new list "
            "without the continue parameter."
        )
    else:
        text = "The resourceVersion for the provided list is too old."
    return errors.ApiError(410, "Expired", text)


def _encode_token(place: Key, version: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([*place, version]).encode()).decode()


def _decode_token(token: str) -> tuple[Key, int]:
    try:
        namespace, name, version = json.loads(base64.urlsafe_b64decode(token))
        return (str(namespace), str(name)), int(version)
    except (ValueError, TypeError) as error:
        raise errors.bad_request(
            "invalid continue token: continue key is not valid: incorrect continue token"
        ) from error
