"""The file that tells the store the operator's capability profiles."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from titan_api.profiles import DEFAULT_PROFILES, Profile

_PROFILES = TypeAdapter(dict[str, Profile | None], config=ConfigDict(alias_generator=to_camel, extra="forbid"))


def read_profiles(path: Path) -> Mapping[str, Profile]:
    """The profiles of a file ``{"profiles": {TAG: {...}}}`` beside the default ones. Raises ValueError, OSError."""
    try:
        given = _PROFILES.validate_python(json.loads(path.read_text())["profiles"])
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{path}: {'.'.join(map(str, ('profiles', *first['loc'])))}: {first['msg']}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f'{path} holds no {{"profiles": {{TAG: {{...}}}}}}: {error!r}') from error
    return {**DEFAULT_PROFILES, **{tag: profile or Profile() for tag, profile in given.items()}}
