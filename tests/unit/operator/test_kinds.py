"""CRDs of another version: what is missing is named, and the operator waits until it is there."""

import copy
import hashlib

import pytest
from builders.operators.clocks import VirtualClock
from builders.operators.fake_api import FakeAPI
from titan_operator.watching.kinds import await_kinds, list_fields, missing_fields

from titan_api import names
from titan_api.kinds.crds import custom_resource_definitions

KIND = "CustomResourceDefinition"


def all_fields() -> list[str]:
    return [
        f"{definition['metadata']['name']} {field}"
        for definition in custom_resource_definitions()
        for field in sorted(list_fields(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]))
    ]


class Cluster(FakeAPI):
    """Has the CRDs; they are mended when somebody has waited for them."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        super().__init__(self.clock.now)
        self.mend()

    def mend(self) -> None:
        for definition in copy.deepcopy(custom_resource_definitions()):
            self.objects[KIND, "", definition["metadata"]["name"]] = definition

    async def sleep(self, seconds: float) -> None:
        self.clock.pass_by(seconds)
        if self.clock.monotonic() > 30:
            self.mend()

    def now(self):
        return self.clock.now()

    def monotonic(self) -> float:
        return self.clock.monotonic()


def age(cluster: Cluster, plural: str, *path: str) -> None:
    """Let a definition be of a version that had no such field."""
    definition = cluster.objects[KIND, "", f"{plural}.titan.io"]
    del definition["metadata"]["annotations"]
    properties = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]
    for part in path[:-1]:
        properties = properties[part]["properties"]
    del properties[path[-1]]


async def test_with_the_definitions_of_its_version_the_operator_waits_for_nothing() -> None:
    cluster = Cluster()
    await await_kinds(cluster, cluster)
    assert cluster.clock.monotonic() == 0


async def test_a_missing_field_is_named_once_and_the_operator_goes_on_when_it_is_there(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cluster = Cluster()
    age(cluster, "titanapprovals", "status", "unproven")
    await await_kinds(cluster, cluster)
    assert cluster.clock.monotonic() > 30
    (error,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert "titanapprovals.titan.io is of another version: it lacks status.unproven" in error


async def test_a_missing_kind_is_named(caplog: pytest.LogCaptureFixture) -> None:
    cluster = Cluster()
    del cluster.objects[KIND, "", "titanjobs.titan.io"]
    await await_kinds(cluster, cluster)
    assert "the CustomResourceDefinition titanjobs.titan.io is missing" in caplog.text


def test_a_definition_that_has_more_than_this_version_knows_is_good() -> None:
    (definition, *_) = copy.deepcopy(custom_resource_definitions())
    schema = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    schema["properties"]["spec"]["properties"]["ofTomorrow"] = {"type": "string"}
    assert missing_fields(definition["metadata"]["name"], definition) == []


def test_whoever_changes_the_fields_raises_the_number_of_the_schema() -> None:
    digest = hashlib.sha256("\n".join(all_fields()).encode()).hexdigest()[:12]
    assert digest == names.SCHEMA_FIELDS, (
        f"the fields of the kinds have changed: raise SCHEMA in titan_api/names.py, and note their digest {digest} there"
    )
