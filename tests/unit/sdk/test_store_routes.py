"""Ways to the store: directly or through the API server, and which token goes where."""

from pathlib import Path

import pytest
from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.sdk_edge import FakeClock, WholeStream, answer
from builders.sdk.sdk_store import ADDRESS, FakeStore
from builders.store.certificates import Authority, https_server

from titan_sdk.cluster.environment import resolve
from titan_sdk.connections import Connections
from titan_sdk.data.values import Values
from titan_sdk.errors import TitanForbidden, TitanNotConfigured, TitanUnavailable

PROXY_PATH = "/api/v1/namespaces/titan-system/services/titan-store:api/proxy"


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


def note(cluster, place):
    """What the operator writes where Titan is installed in its own way."""
    annotations = {"titan.io/store-service": place}
    cluster.add("serviceaccounts", {"metadata": {"name": "titan-client", "annotations": annotations}})


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("titan/https:titan-store:api", "/api/v1/namespaces/titan/services/https:titan-store:api/proxy"),
        ("titan-system/titan-store:api", PROXY_PATH),
    ],
)
def test_the_way_through_the_api_server_is_spelled_as_the_operator_noted_it_and_asked_for_once(place, path):
    cluster, asked = FakeCluster(), []
    note(cluster, place)
    serve = cluster.transport.serve
    cluster.transport.serve = lambda request: (
        asked.append(request.path) or WholeStream(200, b"v") if request.path.startswith(path) else serve(request)
    )
    store = connect({}, None, cluster).store()
    for _ in range(2):
        assert Values(store).find("k").text == "v"
    assert asked == [f"{path}/v1/namespaces/team/value"] * 2
    notes = [request for request in cluster.transport.asked if request.path.endswith("serviceaccounts/titan-client")]
    assert len(notes) == 1


@pytest.mark.parametrize("status", [403, 404])
def test_who_may_not_read_the_note_tries_the_usual_place(status):
    backend, cluster = FakeStore(), FakeCluster()
    note(cluster, "elsewhere/https:other:api")
    serve = cluster.transport.serve
    cluster.transport.serve = lambda request: (
        answer(status, {"message": "no"}) if request.path.endswith("/titan-client") else serve(request)
    )
    Values(connect({}, backend, cluster).store()).put("k", "v")
    assert backend.values == {"k": "v"}


@pytest.mark.parametrize("place", ["titan-store", "a/../b:c", "titan-system/titan-store:api/proxy/x", "a/b:c?d"])
def test_a_note_that_is_no_place_is_named(place):
    cluster = FakeCluster()
    note(cluster, place)
    with pytest.raises(TitanNotConfigured, match=r"titan\.io/store-service on ServiceAccount team/titan-client"):
        Values(connect({}, FakeStore(), cluster).store()).put("k", "v")


def test_a_store_with_https_is_believed_by_the_authority_in_the_environment_alone(tmp_path):
    authority = Authority()
    with https_server(authority.issue(), tmp_path, b"v") as url:
        surroundings = {"TITAN_STORE_URL": url, "TITAN_NAMESPACE": "team"}
        store = connect(surroundings | {"TITAN_STORE_CA": authority.certificate}).store()
        assert Values(store).find("k").text == "v"
        for other in ({"TITAN_STORE_CA": Authority().certificate}, {}):
            with pytest.raises(TitanUnavailable, match="does not prove who it is"):
                Values(connect(surroundings | other).store()).find("k")
        with pytest.raises(TitanNotConfigured, match="TITAN_STORE_CA holds no certificate in PEM"):
            Values(connect(surroundings | {"TITAN_STORE_CA": "nonsense"}).store()).find("k")


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
