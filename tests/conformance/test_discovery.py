"""What clients ask before their first real request."""

from typing import Any

import pytest
from conformance.api import JSON, Api

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


def test_groups_and_versions_are_listed(api: Api) -> None:
    assert "v1" in api.get("/api").body["versions"]
    groups = {group["name"]: group for group in api.get("/apis").body["groups"]}
    for name in (
        "titan.io",
        "apiextensions.k8s.io",
        "rbac.authorization.k8s.io",
        "coordination.k8s.io",
        "events.k8s.io",
    ):
        assert groups[name]["preferredVersion"]["groupVersion"].startswith(f"{name}/v")
    assert api.get("/apis/titan.io").body["kind"] == "APIGroup"


def test_a_group_version_lists_its_resources_with_subresources(api: Api) -> None:
    listed = {item["name"]: item for item in api.get("/apis/titan.io/v1alpha1").body["resources"]}
    dags = listed["titandags"]
    assert (dags["singularName"], dags["kind"], dags["namespaced"]) == ("titandag", "TitanDAG", True)
    assert (dags["shortNames"], dags["categories"]) == (["tdag"], ["titan"])
    assert {"create", "delete", "get", "list", "patch", "update", "watch"} <= set(dags["verbs"])
    assert set(listed["titandags/status"]["verbs"]) == {"get", "patch", "update"}
    core = {item["name"] for item in api.get("/api/v1").body["resources"]}
    assert {"pods", "pods/log", "pods/status", "pods/binding", "serviceaccounts/token", "namespaces", "events"} <= core


def test_aggregated_discovery_says_the_same_in_one_answer(api: Api) -> None:
    answer = api.get("/apis", accept=AGGREGATED)
    assert answer.headers["Content-Type"].startswith(
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    )
    body = answer.body
    assert (body["kind"], body["apiVersion"]) == ("APIGroupDiscoveryList", "apidiscovery.k8s.io/v2")
    (titan,) = [item for item in body["items"] if item["metadata"]["name"] == "titan.io"]
    (version,) = titan["versions"]
    (dags,) = [item for item in version["resources"] if item["resource"] == "titandags"]
    assert (dags["responseKind"]["kind"], dags["scope"], dags["shortNames"]) == ("TitanDAG", "Namespaced", ["tdag"])
    assert [item["subresource"] for item in dags["subresources"]] == ["status"]
    core = api.get("/api", accept=AGGREGATED).body["items"]
    assert [item["metadata"].get("name", "") for item in core] == [""]


@pytest.mark.parametrize(("path", "kind"), [("apis/titan.io/v1alpha1", "TitanJob"), ("api/v1", "Pod")])
def test_openapi_describes_each_kind_and_how_it_is_patched(api: Api, path: str, kind: str) -> None:
    index = api.get("/openapi/v3").body["paths"]
    document: Any = api.get("/" + index[path]["serverRelativeURL"].lstrip("/").partition("?")[0]).body
    schemas = document["components"]["schemas"]
    described = [
        s for s in schemas.values() if kind in [k["kind"] for k in s.get("x-kubernetes-group-version-kind", [])]
    ]
    assert "properties" in described[0] and "metadata" in described[0]["properties"]
    patches = [operations["patch"] for operations in document["paths"].values() if "patch" in operations]
    own = [patch for patch in patches if patch["x-kubernetes-group-version-kind"]["kind"] == kind]
    assert "fieldValidation" in [parameter["name"] for parameter in own[0]["parameters"]]


def test_the_schema_of_a_field_is_there_to_be_explained(api: Api) -> None:
    document = api.get("/openapi/v3/apis/titan.io/v1alpha1").body
    (job,) = [schema for name, schema in document["components"]["schemas"].items() if name.endswith(".TitanJob")]
    inline = job["properties"]["spec"]["properties"]["source"]["properties"]["inline"]
    assert inline["description"].startswith("A short script") and inline["properties"]["content"]["type"] == "string"


def test_the_version_is_one_that_clients_can_read(api: Api) -> None:
    version = api.get("/version").body
    assert version["gitVersion"].startswith("v1.") and version["major"] == "1" and version["minor"].isdigit()


def test_what_is_nowhere_is_a_plain_404(api: Api) -> None:
    for path in ("/nowhere", "/apis/titan.io/v9", "/apis/titan.io/v1alpha1/nothings", "/openapi/v3/apis/no/v1"):
        assert api.get(path, accept=JSON).status == 404
