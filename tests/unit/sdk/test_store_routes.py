"""Ways to the store: directly or through the API server, and which token goes where."""

from pathlib import Path

import pytest
from builders.sdk_cluster import FakeCluster
from builders.sdk_edge import FakeClock, WholeStream, answer
from builders.sdk_store import ADDRESS, FakeStore

from titan_sdk.connections import Connections
from titan_sdk.environment import resolve
from titan_sdk.errors import TitanForbidden, TitanNotConfigured, TitanUnavailable
from titan_sdk.store import PROXY_PATH
from titan_sdk.values import Values


def no_cluster(*_):
    raise TitanNotConfigured("there are no Kubernetes credentials")


def connect(variables, backend=None, cluster=None):
    """Connections whose cluster and store are in memory; behind the proxy of the cluster is the same store."""
    surroundings = resolve(variables, (None, None), Path("/home/anna"))
    if cluster is not None and backend is not None:
        serve = cluster.transport.serve
        cluster.transport.serve = lambda asked: (
            backend.transport.serve(asked) if asked.path.startswith(PROXY_PATH) else serve(asked)
        )
    return Connections(
        surroundings=lambda: surroundings,
        access=no_cluster if cluster is None else lambda *_: cluster.access(),
        store_transport=None if backend is None else backend.transport,
        clock=FakeClock(),
    )


def tokens_in(transport):
    return [asked.headers.get("Authorization") or asked.headers.get("X-Titan-Token") for asked in transport.asked]


def test_with_a_host_and_no_cluster_the_store_works_without_any_token():
    backend = FakeStore()
    Values(connect({"TITAN_STORE_URL": ADDRESS, "TITAN_NAMESPACE": "team"}, backend).store()).put("k", "v")
    assert backend.values == {"k": "v"}
    assert tokens_in(backend.transport) == [None]


def test_a_store_that_wants_a_token_gets_one_if_there_is_a_cluster():
    backend, cluster = FakeStore(tokens=("token-1",)), FakeCluster()
    store = connect({"TITAN_STORE_URL": ADDRESS}, backend, cluster).store()
    for _ in range(2):
        Values(store).put("k", "v")
    assert tokens_in(backend.transport) == [None, "Bearer token-1", "Bearer token-1"]
    assert cluster.tokens_issued == 1


def test_a_store_that_wants_a_token_is_refused_in_a_sentence_if_there_is_no_cluster():
    store = connect({"TITAN_STORE_URL": ADDRESS, "TITAN_NAMESPACE": "team"}, FakeStore(tokens=("x",))).store()
    with pytest.raises(TitanNotConfigured, match="no Kubernetes credentials"):
        Values(store).put("k", "v")


def test_in_a_pod_the_token_is_read_from_its_file_each_time(tmp_path):
    token = tmp_path / "token"
    token.write_text("old\n")
    backend = FakeStore()
    variables = {"TITAN_STORE_URL": ADDRESS, "TITAN_STORE_TOKEN_FILE": str(token), "TITAN_NAMESPACE": "team"}
    store = connect(variables, backend).store()
    Values(store).put("k", "v")
    token.write_text("new\n")
    Values(store).put("k", "v")
    assert tokens_in(backend.transport) == ["Bearer old", "Bearer new"]


def test_without_an_address_the_way_leads_through_the_api_server():
    backend, cluster = FakeStore(tokens=("token-1",)), FakeCluster()
    Values(connect({}, backend, cluster).store()).put("k", "v")
    asked = cluster.transport.asked[-1]
    assert asked.path == f"{PROXY_PATH}/v1/namespaces/team/value"
    assert asked.headers["Authorization"] == "Bearer person"
    assert asked.headers["X-Titan-Token"] == "token-1"
    assert backend.values == {"k": "v"}


def test_a_token_that_the_store_does_not_know_any_more_is_replaced_once():
    backend, cluster = FakeStore(tokens=("token-2",)), FakeCluster()
    store = connect({}, backend, cluster).store()
    Values(store).put("k", "v")
    assert cluster.tokens_issued == 2
    backend.tokens = ("somebody else's",)
    with pytest.raises(TitanForbidden, match="the token is not known"):
        Values(store).put("k", "v")


def test_a_token_is_renewed_before_it_ends():
    backend, cluster = FakeStore(), FakeCluster()
    connections = connect({}, backend, cluster)
    Values(connections.store()).put("k", "v")
    connections.clock.time += 3_000
    Values(connections.store()).put("k", "v")
    assert cluster.tokens_issued == 2


def test_in_a_new_namespace_the_operator_is_given_time_to_make_the_account():
    backend, cluster = FakeStore(), FakeCluster()
    cluster.accounts_after = 5
    Values(connect({}, backend, cluster).store()).put("k", "v")
    assert backend.values == {"k": "v"}
    cluster = FakeCluster()
    cluster.accounts_after = 10_000
    with pytest.raises(TitanNotConfigured, match="is Titan's operator running"):
        Values(connect({}, backend, cluster).store()).put("k", "v")


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, TitanUnavailable), (503, TitanUnavailable), (502, TitanUnavailable), (403, TitanForbidden)],
)
def test_what_the_api_server_says_is_not_taken_for_the_stores_word(status, error):
    cluster = FakeCluster()
    connections = connect({}, None, cluster)
    serve = cluster.transport.serve
    refusal = {"kind": "Status", "message": 'services "titan-store" not found', "code": status}
    cluster.transport.serve = lambda asked: (
        answer(status, refusal) if asked.path.startswith(PROXY_PATH) else serve(asked)
    )
    with pytest.raises(error, match='the store cannot be reached: services "titan-store" not found'):
        Values(connections.store()).find("k")


def test_an_old_program_that_set_nothing_finds_a_store_on_this_machine():
    backend = FakeStore()
    Values(connect({"TITAN_NAMESPACE": "team"}, backend).store()).put("k", "v")
    assert backend.values == {"k": "v"}


def test_the_store_moves_with_the_surroundings():
    backend = FakeStore()
    addresses = iter(["http://first:1", "http://first:1", "http://second:2"])
    connections = Connections(
        surroundings=lambda: resolve(
            {"TITAN_STORE_URL": next(addresses), "TITAN_NAMESPACE": "team"}, (None, None), Path("/")
        ),
        access=no_cluster,
        store_transport=backend.transport,
        clock=FakeClock(),
    )
    first, again, moved = connections.store(), connections.store(), connections.store()
    assert first is again
    assert first is not moved


@pytest.mark.parametrize(
    ("asked", "variables", "namespace"),
    [
        ("mine", {"TITAN_NAMESPACE": "pod"}, "mine"),
        (None, {"TITAN_NAMESPACE": "pod"}, "pod"),
        (None, {}, "team"),
    ],
    ids=["the one asked for", "that of the pod", "that of the context"],
)
def test_the_namespace_is_the_nearest_one(asked, variables, namespace):
    surroundings = resolve(variables, (None, None), Path("/"))
    cluster = FakeCluster()
    connections = Connections(asked, surroundings=lambda: surroundings, access=lambda *_: cluster.access())
    assert connections.namespace == namespace


def test_without_a_cluster_the_namespace_is_the_default():
    surroundings = resolve({}, (None, None), Path("/"))
    assert Connections(surroundings=lambda: surroundings, access=no_cluster).namespace == "default"


def test_an_answer_that_is_no_json_is_not_titan():
    cluster = FakeCluster()
    cluster.transport.serve = lambda asked: WholeStream(200, b"<html>")
    with pytest.raises(TitanUnavailable, match="the answer is no JSON"):
        cluster.kube().list("titandags")
