"""Looking whether the admission policies are in force: what is wrong is named, and mended without a restart."""

import copy
from typing import Any

import pytest
from builders.kubernetes.policies import list_policies
from builders.operators.clocks import VirtualClock
from builders.operators.fake_api import FakeAPI
from builders.operators.rig import Rig
from titan_operator.cluster.protections import FRESH_SECONDS, PERIOD_SECONDS, Protections
from titan_operator.settings import Settings
from titan_operator.state.cache import Cache

from titan_api import names
from titan_api.json_types import Json
from titan_kube.errors import Forbidden, Unavailable

POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"


class Cluster:
    """An API server with the chart's policies, and somebody who looks at them."""

    def __init__(self, *, is_required: bool = True) -> None:
        self.clock = VirtualClock()
        self.api = FakeAPI(self.clock.now)
        for manifest in list_policies():
            self.api.objects[manifest["kind"], "", manifest["metadata"]["name"]] = copy.deepcopy(manifest)
        self.protections = self.look_with(self.api, is_required=is_required)

    def look_with(self, gateway: Any, *, is_required: bool = True) -> Protections:
        cache = Cache(self.clock.now)
        return Protections(gateway, cache, self.clock, lambda keys: None, is_required=is_required)

    def spec(self, kind: str, name: str) -> Json:
        spec: Json = self.api.objects[kind, "", name]["spec"]
        return spec

    async def missing(self) -> str:
        return (await self.protections.current()).missing


async def test_the_charts_own_policies_are_found_in_force() -> None:
    assert await Cluster().missing() == ""


FLAWS: dict[str, tuple[str, str, Json | None, str]] = {
    "no policy": (POLICY, "titan-approvals", None, "the ValidatingAdmissionPolicy titan-approvals is missing"),
    "no binding": (BINDING, "titan-requesters", None, "the ValidatingAdmissionPolicyBinding titan-requesters is missing"),
    "a policy that lets errors pass": (POLICY, "titan-requesters", {"failurePolicy": "Ignore"}, "failurePolicy"),
    "a binding that only warns": (BINDING, "titan-approvals", {"validationActions": ["Warn"]}, "does not deny"),
    "a binding of something else": (BINDING, "titan-approvals", {"policyName": "other"}, "binds another policy"),
    "a binding with exceptions": (
        BINDING, "titan-approvals", {"matchResources": {"namespaceSelector": {"matchLabels": {"a": "b"}}}}, "excludes some objects",
    ),
}  # fmt: skip


@pytest.mark.parametrize("flaw", FLAWS)
async def test_what_is_wrong_is_named_and_once_it_is_mended_all_is_well(
    flaw: str, caplog: pytest.LogCaptureFixture
) -> None:
    kind, name, change, words = FLAWS[flaw]
    cluster = Cluster()
    kept = copy.deepcopy(cluster.api.objects[kind, "", name])
    if change is None:
        del cluster.api.objects[kind, "", name]
    else:
        cluster.spec(kind, name).update(change)
    for _ in range(3):
        assert words in await cluster.missing()
        cluster.clock.pass_by(PERIOD_SECONDS + 1)
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1
    assert errors[0].startswith("approvals is Require, but the ValidatingAdmissionPolicy")
    cluster.api.objects[kind, "", name] = kept
    cluster.clock.pass_by(PERIOD_SECONDS + 1)
    assert await cluster.missing() == ""


async def test_a_look_is_repeated_before_decisions_are_counted_but_shared_by_many() -> None:
    cluster = Cluster()
    assert await cluster.missing() == ""
    del cluster.api.objects[POLICY, "", "titan-approvals"]
    assert await cluster.missing() == ""
    cluster.clock.pass_by(FRESH_SECONDS + 0.1)
    assert "titan-approvals is missing" in await cluster.missing()


async def test_an_operator_without_the_right_to_look_says_so() -> None:
    cluster = Cluster()

    async def refuse(*_: object) -> Json:
        raise Forbidden("no", code=403)

    cluster.api.get = refuse
    assert "the operator may not read the ValidatingAdmissionPolicy titan-approvals" in await cluster.missing()


async def test_while_nobody_answers_what_was_known_holds_and_before_that_nothing_is_counted() -> None:
    cluster, unknowing = Cluster(), Cluster()
    assert await cluster.missing() == ""

    async def fail(*_: object) -> Json:
        raise Unavailable("away")

    for one in (cluster, unknowing):
        one.api.get = fail
        one.clock.pass_by(PERIOD_SECONDS + 1)
    assert await cluster.missing() == ""
    with pytest.raises(Unavailable):
        await unknowing.missing()


async def test_a_gate_waits_for_its_policies_and_opens_by_itself_when_they_come() -> None:
    gated = {"approval": {"message": "look", "timeoutSeconds": 60}}
    rig = Rig(settings=Settings(approvals="Require"))
    await rig.submit("d", {"a": (), "b": ("a",)}, a=gated)
    await rig.synchronise()
    name = names.approval_name(names.job_name("d", "a"), 1)

    async def turn() -> None:
        while rig.deliver() | await rig.run_passes():
            pass

    await turn()
    rig.end_processes()
    await turn()
    rig.change("TitanApproval", name, decisions=[{"user": "mallory", "verdict": "Approve"}])
    await turn()
    assert rig.gate("d", "a")["phase"] == "Scheduled"
    assert ("b", 1) not in rig.starts
    for manifest in list_policies():
        rig.api.objects[manifest["kind"], "", manifest["metadata"]["name"]] = manifest
    rig.clock.pass_by(PERIOD_SECONDS)
    await rig.operator.protections.current()
    await turn()
    assert rig.gate("d", "a")["phase"] == "Pending"
    assert rig.gate("d", "a")["unproven"] == ["mallory"]
    voices = [{"user": "mallory", "verdict": "Approve"}, {"user": "ann", "verdict": "Approve"}]
    rig.change("TitanApproval", name, decisions=voices)
    await turn()
    assert rig.gate("d", "a")["decidedBy"] == ["ann"]
    assert ("b", 1) in rig.starts
