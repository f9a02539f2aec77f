"""A store with https: whom the operator trusts, and what pods are given to trust."""

import logging
from pathlib import Path

import pytest
from builders.operators.clocks import VirtualClock
from builders.operators.rig import Rig
from builders.store.certificates import Authority, https_server
from titan_operator.application import build_operator
from titan_operator.cluster.store_authority import LOOK_SECONDS, StoreAuthority
from titan_operator.errors import StoreAway
from titan_operator.metrics import Metrics
from titan_operator.plan.observed import Lookup
from titan_operator.watching.outcomes import Store

NOT_FOUND = b'{"error": {"code": "OutcomeNotFound", "message": "none"}}'


async def test_the_store_is_trusted_by_the_authority_of_the_file_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    authority, clock, file = Authority(), VirtualClock(), tmp_path / "ca.crt"
    file.write_text(Authority("another").certificate)
    trusted = StoreAuthority(file, clock)
    with https_server(authority.issue(), tmp_path / "tls", NOT_FOUND) as url:
        async with Store(url, None, clock, trusted) as store:
            assert await store.look_up("team", "u", 1) is Lookup.UNREACHABLE
            with pytest.raises(StoreAway):
                await anext(store.follow(None))
            warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
            assert f"storeCAFile: the store at {url} is not trusted" in warnings[0]
            file.write_text(authority.certificate)
            clock.pass_by(LOOK_SECONDS + 1)
            caplog.clear()
            await store.look_up("team", "u", 1)
            with pytest.raises(StoreAway):
                await anext(store.follow(None))
            assert "is not trusted" not in caplog.text


@pytest.mark.parametrize("content", [None, "nonsense", ""])
def test_a_file_that_cannot_be_used_is_named_once_and_what_was_trusted_stays(
    tmp_path: Path, content: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    clock, file, pem = VirtualClock(), tmp_path / "ca.crt", Authority().certificate
    file.write_text(pem)
    trusted = StoreAuthority(file, clock)
    assert trusted.pem() == pem
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    for _ in range(3):
        clock.pass_by(LOOK_SECONDS + 1)
        assert trusted.pem() == pem
    assert len(caplog.records) == 1
    assert f"storeCAFile: {file}" in caplog.text


async def test_pods_are_given_the_authority_and_users_cannot_replace_it(tmp_path: Path) -> None:
    file = tmp_path / "ca.crt"
    file.write_text(Authority().certificate)
    rig = Rig()
    rig.operator = build_operator(
        rig.settings, rig.gateway, rig.store, rig.clock, Metrics(), StoreAuthority(file, rig.clock)
    )
    await rig.submit("d", {"a": ()}, a={"env": [{"name": "TITAN_STORE_CA", "value": "mine"}]})
    await rig.synchronise()
    await rig.run_passes()
    (pod,) = rig.api.all("Pod")
    values = [one["value"] for one in pod["spec"]["containers"][0]["env"] if one["name"] == "TITAN_STORE_CA"]
    assert values == [file.read_text()]
