"""The message for a missing package. Custom images have the SDK mounted, but not every package that it can use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from titan_sdk.errors import TitanNotConfigured


@contextmanager
def needing(package: str, purpose: str) -> Iterator[None]:
    """Around an import. Raises TitanNotConfigured, in one sentence, if the package is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        text = f"{purpose} needs the package {package}, which this Python lacks: `pip install titan-k8s` brings it"
        raise TitanNotConfigured(text) from error
