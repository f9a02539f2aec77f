"""The program's output goes two ways: to the runner's own stdout, for ``kubectl logs``, and to the store."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from titan_runner.shipping import LogShipper

REMEMBERED = 4096
LONGEST_LINE = 400
STDOUT = 1


class Output:
    """Copies bytes as they are, and remembers the last ones to quote them."""

    def __init__(self, shipper: LogShipper) -> None:
        self._shipper = shipper
        self._tail = b""
        self._has_stdout = True

    def write(self, data: bytes) -> None:
        """Bytes of the program."""
        self._shipper.add(data)
        self._tail = (self._tail + data)[-REMEMBERED:]
        while data and self._has_stdout:
            try:
                data = data[os.write(STDOUT, data) :]
            except OSError:
                # Nobody reads it, or its disk is full: the store has the log, and the program goes on.
                self._has_stdout = False

    def say(self, line: str) -> None:
        """A line of the runner's own."""
        separator = "" if not self._tail or self._tail.endswith(b"\n") else "\n"
        self.write(f"{separator}{line}\n".encode(errors="replace"))

    def last_line(self) -> str:
        """The last line that is not blank: in Python, what was raised."""
        lines = self._tail.decode(errors="replace").strip().splitlines()
        return lines[-1].strip()[:LONGEST_LINE] if lines else ""
