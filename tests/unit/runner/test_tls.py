"""A store with https: the runner believes the authority that the operator names, and nobody else."""

from pathlib import Path

import pytest
from builders.store.certificates import Authority, https_server
from titan_runner.connections import Connection
from titan_runner.errors import StoreAway


def test_the_authority_that_is_named_is_believed(tmp_path: Path) -> None:
    authority = Authority()
    with https_server(authority.issue(), tmp_path) as url:
        connection = Connection(url, authority.certificate)
        assert connection.request("GET", "/", {}).body == b"hello"
        connection.close()


@pytest.mark.parametrize("named", ["another", "none"])
def test_a_store_that_cannot_prove_itself_counts_as_away(tmp_path: Path, named: str) -> None:
    authority = Authority("another").certificate if named == "another" else ""
    with (
        https_server(Authority().issue(), tmp_path) as url,
        pytest.raises(StoreAway, match="certificate verify failed"),
    ):
        Connection(url, authority).request("GET", "/", {})


def test_text_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    with https_server(Authority().issue(), tmp_path) as url, pytest.raises(StoreAway):
        Connection(url, "nonsense").request("GET", "/", {})
