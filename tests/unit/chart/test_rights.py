"""Who may do what, as the chart grants it: compared with what was agreed, and with the embedded cluster."""

from collections.abc import Iterator

import pytest
import yaml
from builders.kubernetes.charts import find, render_set
from builders.kubernetes.clusters import REPOSITORY
from titan_local.roles import list_rules

from titan_api.json_types import Json

GOLDEN = REPOSITORY / "tests" / "unit" / "chart" / "rights.yaml"
"""Written again by ``python tests/unit/chart/write_rights.py``; read what has changed before you commit it."""
RBAC_KINDS = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
ROLES = ("titan-operator", "titan-store", "titan-job", "titan-client", "titan-view", "titan-edit", "titan-approver")
FORBIDDEN_VERBS = {"*", "escalate", "bind", "impersonate"}


def granted(objects: list[Json]) -> dict[str, Json]:
    """The RBAC objects, without what Helm writes on each."""
    kept = {}
    for obj in objects:
        if obj["kind"] in RBAC_KINDS:
            fields = {key: value for key, value in obj.items() if key in ("rules", "roleRef", "subjects")}
            kept[f"{obj['kind']} {obj['metadata']['name']}"] = fields
    return kept


def rights(rules: list[Json]) -> set[tuple[str, str, str, str]]:
    """Each single right: group, resource, name or nothing, verb."""
    return {
        (group, resource, name, verb)
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for name in rule.get("resourceNames", [""])
        for verb in rule["verbs"]
    }


def every_right() -> Iterator[tuple[str, tuple[str, str, str, str]]]:
    for name in ("minimal", "two namespaces"):
        for who, fields in granted(render_set(name)).items():
            for right in rights(fields.get("rules", [])):
                yield who, right


def test_rights_are_those_that_were_agreed() -> None:
    assert granted(render_set("minimal")) == yaml.safe_load(GOLDEN.read_text())


@pytest.mark.parametrize("role", ROLES)
def test_the_embedded_cluster_grants_the_same(role: str) -> None:
    assert rights(find(render_set("minimal"), "ClusterRole", role)["rules"]) == rights(list_rules()[role])


def test_the_embedded_cluster_has_no_further_role() -> None:
    assert set(list_rules()) == set(ROLES)


def test_nobody_has_wildcards_or_may_take_more_rights() -> None:
    for who, (group, resource, _, verb) in every_right():
        assert verb not in FORBIDDEN_VERBS, who
        assert "*" not in (group, resource), who


def test_nobody_may_read_secrets() -> None:
    assert [who for who, (_, resource, _, _) in every_right() if resource.partition("/")[0] == "secrets"] == []


def test_only_approvers_may_approve() -> None:
    assert {who for who, (_, _, _, verb) in every_right() if verb == "approve"} == {"ClusterRole titan-approver"}


def test_tokens_are_made_of_the_shared_identity_for_the_store_alone() -> None:
    makers = {(who, right) for who, right in every_right() if right[1] == "serviceaccounts/token"}
    assert makers == {("ClusterRole titan-edit", ("", "serviceaccounts/token", "titan-client", "create"))}


def test_the_operator_holds_what_it_hands_out() -> None:
    objects = render_set("minimal")
    own = rights(find(objects, "ClusterRole", "titan-operator")["rules"])
    for role in ("titan-job", "titan-client"):
        assert rights(find(objects, "ClusterRole", role)["rules"]) <= own


def test_an_operator_of_a_few_namespaces_has_rights_in_these_alone() -> None:
    objects = render_set("two namespaces")
    everywhere = [
        obj["roleRef"]["name"]
        for obj in objects
        if obj["kind"] == "ClusterRoleBinding" and obj["subjects"][0]["name"] == "titan-operator"
    ]
    assert everywhere == ["titan-operator-policies"]
    bound = [obj for obj in objects if obj["kind"] == "RoleBinding" and obj["roleRef"]["name"] == "titan-operator"]
    assert {obj["metadata"]["namespace"] for obj in bound} == {"blue", "green", "titan-system"}
