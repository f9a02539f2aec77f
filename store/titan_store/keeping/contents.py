"""What is asked of an open object, wherever its bytes are."""

from typing import BinaryIO, Protocol


class LocalFile(Protocol):
    """An open object that is a file of this machine."""

    @property
    def file(self) -> BinaryIO:
        """For ``sendfile``."""

    async def warm(self, offset: int, length: int) -> None:
        """Have the kernel read these bytes, so that sending them will not wait for the disk."""


class Content(Protocol):
    """An open object: stays readable when it is deleted meanwhile."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def local_file(self) -> LocalFile | None:
        """None: ``read`` is the only way to the bytes."""

    async def read(self, offset: int, length: int) -> bytes:
        """Fewer bytes than asked for only at the end."""
