"""Which ports a cluster takes: asked for, remembered, or the usual ones."""

import socket
from collections.abc import Iterator

import pytest
from titan_local.running.ports import choose_ports, is_free
from titan_local.running.states import API_PORT, STORE_PORT, LocalError, Ports


@pytest.fixture
def free() -> Ports:
    """Three ports that nobody listens on."""
    return choose_ports(0, 0, None)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield int(server.getsockname()[1])


def test_a_cluster_that_comes_up_again_keeps_its_ports_without_being_asked(free: Ports) -> None:
    again = choose_ports(None, None, free)

    assert (again.api, again.store) == (free.api, free.store)


def test_ports_that_are_asked_for_replace_those_of_the_last_time(free: Ports) -> None:
    other = choose_ports(0, 0, None)

    chosen = choose_ports(other.api, other.store, free)

    assert (chosen.api, chosen.store) == (other.api, other.store)


@pytest.mark.skipif(not (is_free(API_PORT) and is_free(STORE_PORT)), reason="the usual ports are in use here")
def test_a_first_cluster_takes_the_usual_ports() -> None:
    chosen = choose_ports(None, None, None)

    assert (chosen.api, chosen.store) == (7443, 9090)


def test_a_taken_port_is_named_with_the_option_that_changes_it(taken: int) -> None:
    with pytest.raises(LocalError, match=f"port {taken} for the store is taken by another program") as caught:
        choose_ports(0, taken, None)

    assert "--store-port" in str(caught.value)
