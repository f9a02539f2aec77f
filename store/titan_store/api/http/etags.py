"""ETag, If-Match and If-None-Match (RFC 9110), strictly: a condition that is not understood must not be ignored."""

import re

from aiohttp import hdrs, web

from titan_store.errors import BadRequest
from titan_store.keeping.backends import Precondition

ETAG = "ETag"
"""Spelled as RFC 9110 does it."""

ALWAYS = Precondition()
_TAGS = re.compile(r'\s*"([^"]*)"\s*(?:,\s*"([^"]*)"\s*)*')
_TAG = re.compile(r'"([^"]*)"')


def format_etag(version: str) -> str:
    """A strong validator."""
    return f'"{version}"'


def parse_precondition(request: web.Request) -> Precondition:
    """The request's conditions. Raises BadRequest."""
    match, none_match = request.headers.get(hdrs.IF_MATCH), request.headers.get(hdrs.IF_NONE_MATCH)
    if match is None and none_match is None:
        return ALWAYS
    if none_match is not None and none_match.strip() != "*":
        raise BadRequest("If-None-Match accepts only *, which means: write if nothing is there yet.")
    must_be_absent = none_match is not None
    if match is None:
        return Precondition(must_be_absent=must_be_absent)
    if match.strip() == "*":
        return Precondition(must_exist=True, must_be_absent=must_be_absent)
    if not _TAGS.fullmatch(match):
        raise BadRequest('If-Match accepts * or entity tags in quotes, such as "1a2b".')
    return Precondition(versions=frozenset(_TAG.findall(match)), must_be_absent=must_be_absent)
