from collections.abc import Iterator

import pytest
from builders.kubernetes.control_plane import ControlPlane


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """An API server and a kubelet; pods must have a node of their own choice."""
    plane = ControlPlane(tmp_path_factory.mktemp("cluster"))
    try:
        plane.start_kubelet()
        yield plane
    finally:
        plane.close()
