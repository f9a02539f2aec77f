"""Chooses the ports of a cluster: those that were asked for, or free ones, which it then keeps."""

import socket

from titan_api.defaults import LARGEST_PORT
from titan_local.running.states import API_PORT, STORE_PORT, LocalError, Ports

HOST = "127.0.0.1"


def choose_ports(api: int | None, store: int | None, remembered: Ports | None) -> Ports:
    """The ports to use: None is what the cluster had before, else the usual one; 0 the same, else a free one.

    Raises LocalError for one that is taken.
    """
    known = remembered or Ports(0, 0, 0)
    api = known.api or API_PORT if api is None else api
    store = known.store or STORE_PORT if store is None else store
    taken: set[int] = set()
    chosen = [
        _choose("API server", "--api-port", api, known.api, taken),
        _choose("store", "--store-port", store, known.store, taken),
        _choose("operator", "", 0, known.probes, taken),
    ]
    return Ports(*chosen)


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _choose(who: str, option: str, wanted: int, remembered: int, taken: set[int]) -> int:
    if not 0 <= wanted <= LARGEST_PORT:
        raise LocalError(
            f"{wanted} is not a valid port for the {who}", f"choose one from 1 to {LARGEST_PORT} with {option}"
        )
    if wanted in taken and wanted:
        raise LocalError(f"the {who} cannot have port {wanted} too", f"choose another with {option}")
    port = wanted or (remembered if remembered not in taken and is_free(remembered) else 0) or _free_port(taken)
    if not is_free(port):
        hint = f"choose another with {option} {_free_port(taken)}, or {option} 0 for any free one"
        raise LocalError(f"port {port} for the {who} is taken by another program", hint)
    taken.add(port)
    return port


def _free_port(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port
