"""Keeping the official Kubernetes client out of the process."""

from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType


class WithoutTheOfficialClient(MetaPathFinder):
    """kopf imports ``kubernetes.client`` where it finds it, and we use nothing of it: a third of the time to start."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Raise ModuleNotFoundError for it."""
        if name == "kubernetes":
            raise ModuleNotFoundError(f"{name} is left out on purpose", name=name)
