"""Many blobs at once, but not too many: a few connections hide the time that each exchange waits for the other side."""

from __future__ import annotations

import os
import threading

from titan_runner.errors import FileChanged, RunnerError, StoreAway, StoreRefused
from titan_runner.patience import STORE_SECONDS, insist

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from titan_runner.stores import Store

    Item = TypeVar("Item")

CONNECTIONS = 4
FEW = 3
"""So many items go over the connection that is there: another one would cost more than it saves."""
SENT_UNASKED = 64 * 1024
"""Of a larger blob the store is first asked whether it has it: it need not read what it has, and may hang up."""
CHUNK = 1024 * 1024


def for_each(items: Iterable[Item], work: Callable[[Store, Item], None], store: Store) -> None:
    """Do the work for all items; raises the first error, after which nothing new is begun."""
    waiting = list(items)
    if len(waiting) <= FEW:
        for item in waiting:
            work(store, item)
        return
    total, lock = len(waiting), threading.Lock()
    done: list[Item] = []
    errors: list[RunnerError | OSError] = []

    def serve(connection: Store) -> None:
        try:
            while not errors:
                with lock:
                    if not waiting:
                        return
                    item = waiting.pop()
                work(connection, item)
                done.append(item)
        except (RunnerError, OSError) as error:
            errors.append(error)

    stores = [store] + [store.copy_with_own_connection() for _ in range(min(CONNECTIONS, len(waiting)) - 1)]
    threads = [threading.Thread(target=serve, args=(one,), daemon=True) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(done) < total:
        raise errors[0] if errors else StoreAway("not all files were transferred; the pod's own log says why")


def digest_of(location: str) -> tuple[str, int]:
    """Digest and size of a file as it is now."""
    import hashlib  # Costs 4 ms; most jobs leave no files.

    hashed, size = hashlib.sha256(), 0
    with open(location, "rb") as file:
        while True:
            piece = file.read(CHUNK)
            if not piece:
                return f"sha256:{hashed.hexdigest()}", size
            hashed.update(piece)
            size += len(piece)


def copy(source: str, target: str) -> None:
    """Another file with the same content."""
    with open(source, "rb") as file, open(target, "wb") as other:
        while True:
            piece = file.read(CHUNK)
            if not piece:
                return
            other.write(piece)


def upload(store: Store, location: str, digest: str, size: int, seconds: float = STORE_SECONDS) -> None:
    """Bring a file's content to the store. Raises FileChanged if it is not that content any more, StoreError."""
    insist(lambda: _upload_once(store, location, digest, size), seconds)


def _upload_once(store: Store, location: str, digest: str, size: int) -> None:
    if size > SENT_UNASKED and store.has_blob(digest):
        return
    try:
        with open(location, "rb") as file:
            if os.fstat(file.fileno()).st_size != size:
                raise FileChanged(f"{location} is changing")
            store.put_blob(digest, file, size)
    except FileNotFoundError as error:
        raise FileChanged(f"{location} has vanished") from error
    except StoreRefused as error:
        if error.code != "DigestMismatch":
            raise
        raise FileChanged(f"{location} is changing") from error
