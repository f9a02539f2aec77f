"""Secrets: written whole, never read, and never somebody else's."""

import base64

import pytest
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster

from titan_sdk import TitanJob
from titan_sdk.errors import TitanConflict, TitanForbidden, TitanUnavailable

THEIRS = {"metadata": {"name": "theirs", "labels": {"app": "db"}}, "data": {"PASSWORD": "eA=="}}


def data(cluster, name="token"):
    encoded = cluster.objects["secrets"][name]["data"]
    return {key: base64.b64decode(value).decode() for key, value in encoded.items()}


def test_a_secret_is_created_and_then_replaced_as_a_whole():
    cluster = FakeCluster()
    mine = client_of(cluster)
    mine.set_secret("token", {"KEY": "a=b\nü", "OLD": "1"})
    assert data(cluster) == {"KEY": "a=b\nü", "OLD": "1"}
    assert cluster.objects["secrets"]["token"]["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "titan"
    mine.set_secret("token", {"KEY": "new"})
    assert data(cluster) == {"KEY": "new"}
    assert mine.list_secrets() == ["token"]


@pytest.mark.parametrize("kind", ["lost", "unsent", "503"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_secret_is_written_in_spite_of_a_lost_answer(kind, method):
    cluster = FakeCluster()
    mine = client_of(cluster)
    mine.set_secret("token", {"KEY": "old"})
    cluster.transport.fail(kind, method, "secrets")
    mine.set_secret("token", {"KEY": "new"})
    assert data(cluster) == {"KEY": "new"}


def test_deleting_says_whether_it_was_there():
    cluster = FakeCluster()
    mine = client_of(cluster)
    mine.set_secret("token", {"KEY": "1"})
    assert (mine.delete_secret("token"), mine.delete_secret("token")) == (True, False)


def test_a_secret_that_titan_did_not_make_is_left_alone():
    cluster = FakeCluster()
    cluster.add("secrets", THEIRS)
    mine = client_of(cluster)
    with pytest.raises(TitanConflict, match="'theirs' was not made by Titan"):
        mine.set_secret("theirs", {"PASSWORD": "mine"})
    with pytest.raises(TitanConflict, match="'theirs' was not made by Titan"):
        mine.delete_secret("theirs")
    assert data(cluster, "theirs") == {"PASSWORD": "x"}
    assert mine.list_secrets() == []


def test_no_request_asks_for_what_a_secret_holds():
    cluster = FakeCluster()
    mine = client_of(cluster)
    mine.set_secret("token", {"KEY": "1"})
    mine.set_secret("token", {"KEY": "2"})
    mine.list_secrets()
    mine.delete_secret("token")
    reads = [asked for asked in cluster.transport.asked if asked.method == "GET"]
    assert reads
    assert all("PartialObjectMetadata" in asked.headers["Accept"] for asked in reads)


WRONG = {
    "no values": ("token", {}, "needs at least one KEY=VALUE"),
    "a name that is none": ("To Ken", {"A": "1"}, "cannot be the name of a secret"),
    "a name with a dot at its end": ("token.", {"A": "1"}, "cannot be the name of a secret"),
    "a key that is none": ("token", {"1 A": "x"}, "cannot be the name of an environment variable"),
    "a value that is no text": ("token", {"A": 7}, "value of A in the secret 'token' must be a string"),
    "a value with NUL": ("token", {"A": "sesame\0"}, "value of A in the secret 'token' must be a string without NUL"),
    "half a character": ("token", {"A": "\ud800"}, "value of A in the secret 'token' is no valid Unicode"),
    "too much": ("token", {"A": "x" * 1_048_577}, "may have 1048576 bytes"),
}


@pytest.mark.parametrize(("name", "values", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_is_no_secret_is_refused_without_telling_it(name, values, words):
    cluster = FakeCluster()
    with pytest.raises(ValueError, match=words) as raised:
        client_of(cluster).set_secret(name, values)
    assert "sesame" not in str(raised.value)
    assert cluster.transport.asked == []


def test_who_may_not_and_who_cannot_reach_it_gets_an_error():
    cluster = FakeCluster()
    cluster.transport.fail("403", "POST", "secrets")
    with pytest.raises(TitanForbidden):
        client_of(cluster).set_secret("token", {"A": "1"})
    cluster.transport.fail("unsent", times=10**6)
    with pytest.raises(TitanUnavailable):
        client_of(cluster).list_secrets()


def test_a_job_names_its_secrets():
    cluster = FakeCluster()
    client_of(cluster).submit_job(TitanJob("a", script_content="1", secrets=["token", "other"]))
    (job,) = cluster.objects["titanjobs"].values()
    assert job["spec"]["secrets"] == ["token", "other"]
