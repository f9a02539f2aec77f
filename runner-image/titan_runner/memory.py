"""Whether the kernel killed a process of this container for want of memory, and what the container may use.

Where the kernel kills only the program, as it does with control groups of version 1, the kubelet does not say so: for
it, the container is the runner, which goes on. Control groups of version 2 mostly end the whole container, and then
the kubelet tells the story.
"""

from __future__ import annotations

CGROUP = "/sys/fs/cgroup"
"""A container sees its own group there; outside of one nothing of use, or the whole machine's."""
KILLS = ("memory.events", "memory/memory.oom_control")
LIMITS = ("memory.max", "memory/memory.limit_in_bytes")
"""Of control groups of version 2, and of version 1."""
UNLIMITED = 1 << 60
"""Version 1 says "no limit" with a number that no machine reaches."""


class Memory:
    """The memory of this container; ``root`` is where its control group is seen."""

    def __init__(self, root: str = CGROUP) -> None:
        self._root = root
        self._kills = self._count_kills()

    def shortage(self) -> str:
        """What to tell the user if the kernel has killed a process since this object was made; else ""."""
        if self._count_kills() <= self._kills:
            return ""
        limit = self._limit()
        if limit is None:
            return "out of memory, the node had none left"
        return f"out of memory, the limit is {limit / 1024**2:.0f} MiB"

    def _count_kills(self) -> int:
        for line in self._read(KILLS).splitlines():
            name, _, value = line.partition(" ")
            if name == "oom_kill" and value.isdigit():
                return int(value)
        return 0

    def _limit(self) -> int | None:
        text = self._read(LIMITS).strip()
        return int(text) if text.isdigit() and int(text) < UNLIMITED else None

    def _read(self, names: tuple[str, str]) -> str:
        for name in names:
            try:
                with open(f"{self._root}/{name}", encoding="ascii") as file:
                    return file.read()
            except OSError:
                continue
        return ""
