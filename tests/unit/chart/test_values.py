"""The values: all of them explained, and wrong ones refused by the schema with the field's path."""

import json
from dataclasses import fields

import pytest
import yaml
from builders.kubernetes.charts import CHART, run_helm
from pydantic.alias_generators import to_camel
from titan_operator.settings import LeaderElectionSettings, Settings

from titan_api.json_types import Json
from titan_api.profiles import DEFAULT_PROFILES, Profile

VALUES: Json = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA: Json = json.loads((CHART / "values.schema.json").read_text())
GIVEN_BY_THE_CHART = {
    "storeURL", "storeTokenFile", "storeCAFile", "storeService", "approvals", "runnerImage", "namespaces", "probeHost",
    "probePort", "profiles",
}  # fmt: skip
"""Settings of the operator that are no matter of tuning."""


def walk(schema: Json, path: str = "") -> dict[str, Json]:
    """Every field that the schema knows, by its path."""
    found = {}
    for name, field in schema.get("properties", {}).items():
        found[f"{path}{name}"] = field
        found |= walk(field, f"{path}{name}.")
    return found


def aliases(model: type[Settings] | type[LeaderElectionSettings]) -> set[str]:
    return {str(field.alias) for field in model.model_fields.values()}


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("store.replicas=2", "/store/replicas"),
        ("store.tsl.enabled=true", "/store': additional properties 'tsl'"),
        ("clusterResources=none", "/clusterResources"),
        ("image.pullPolicy=Sometimes", "/image/pullPolicy"),
        ("approvals=Maybe", "/approvals"),
        ("store.s3.endpoint=https://s3", "/store/s3/bucket"),
        ("store.s3.endpoint=s3.example.org", "/store/s3/endpoint"),
        ("store.persistence.size=plenty", "/store/persistence/size"),
        ("ingress.enabled=true", "/ingress/host"),
        ("profiles.GPU.resource=1", "/profiles/GPU"),
        ("profiles.a b.image=x", "/profiles"),
        ("namespaces={Team}", "/namespaces/0"),
        ("operator.replicas=0", "/operator/replicas"),
        ("operator.settings.finishedPodSecond=3", "/operator/settings"),
        ("operator.resources.limits.memory=much", "/operator/resources/limits/memory"),
        ("store.webhooks[0].key=url", "/store/webhooks/0"),
        ("store.dashboard.trustedProxy.enabled=true", "/store/dashboard/trustedProxy/cidrs"),
        ("store.dashboard.trustedProxy.cidrs={10.1.2.3}", "/store/dashboard/trustedProxy/cidrs/0"),
        ("store.dashboard.trustedProxy.cidrs={0.0.0.0/0}", "/store/dashboard/trustedProxy/cidrs/0"),
        ("store.dashboard.trustedProxy.userHeader=X: y", "/store/dashboard/trustedProxy/userHeader"),
        ("networkPolicy.apiServerPorts={70000}", "/networkPolicy/apiServerPorts/0"),
    ],
)
def test_a_wrong_value_is_refused_and_named(setting: str, path: str) -> None:
    ended = run_helm(setting)
    assert ended.returncode != 0
    assert path in ended.stderr


def test_every_value_is_explained_and_has_a_default() -> None:
    fields = {path: field for path, field in walk(SCHEMA).items() if path != "global"}
    leaves = {path for path, field in fields.items() if not field.get("properties")}
    assert [path for path in sorted(leaves) if not fields[path].get("description") and "$ref" not in fields[path]] == []

    def given(value: object, path: str) -> set[str]:
        if isinstance(value, dict) and fields.get(path, {}).get("properties"):
            return set().union(*(given(child, f"{path}.{name}") for name, child in value.items())) or {path}
        return {path}

    listed = set().union(*(given(value, name) for name, value in VALUES.items()))
    optional = {path for path in leaves if path.startswith("operator.settings.")}
    assert listed - {"operator.settings"} - leaves == set()
    missing = leaves - listed - optional
    assert [path for path in missing if not path.endswith((".requests", ".limits"))] == []


def test_profiles_are_the_operators_own_unless_changed() -> None:
    assert Settings.model_validate({"profiles": VALUES["profiles"]}).profiles == DEFAULT_PROFILES


def test_every_setting_of_the_operator_can_be_given() -> None:
    tuning = set(SCHEMA["properties"]["operator"]["properties"]["settings"]["properties"])
    assert tuning == aliases(Settings) - GIVEN_BY_THE_CHART
    election = SCHEMA["properties"]["operator"]["properties"]["settings"]["properties"]["leaderElection"]["properties"]
    assert set(election) == aliases(LeaderElectionSettings) - {"enabled", "namespace", "name"}
    (profile,) = SCHEMA["properties"]["profiles"]["patternProperties"].values()
    assert set(profile["properties"]) == {to_camel(field.name) for field in fields(Profile)}
