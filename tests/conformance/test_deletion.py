"""Deletion: finalizers, grace, preconditions, dependents, namespaces."""

import pytest
from conformance.api import Api, until
from conformance.objects import config_map, gadget, owned_by, pod

from titan_api.json_types import Json


def test_a_deleted_object_is_gone_and_the_answer_names_it(api: Api, gadgets: str, config_maps: str, pods: str) -> None:
    uid = api.post(gadgets, gadget("a")).body["metadata"]["uid"]
    body = api.delete(f"{gadgets}/a").body
    assert (body["kind"], body["status"]) == ("Status", "Success")
    assert body["details"] == {"name": "a", "group": "conformance.titan.io", "kind": "gadgets", "uid": uid}
    assert api.get(f"{gadgets}/a").status == 404
    api.post(config_maps, config_map("m"))
    assert api.delete(f"{config_maps}/m").body["kind"] == "Status"
    api.post(pods, pod("p"))
    assert api.delete(f"{pods}/p").body["kind"] == "Pod"


def test_finalizers_hold_an_object_until_the_last_is_gone(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a", finalizers=["a.b/one", "a.b/two"]))
    marked = api.delete(f"{gadgets}/a").body
    assert marked["kind"] == "Gadget" and marked["metadata"]["deletionTimestamp"]
    assert marked["metadata"]["generation"] == 2
    again = api.delete(f"{gadgets}/a").body
    assert again["metadata"]["deletionTimestamp"] == marked["metadata"]["deletionTimestamp"]
    assert api.patch(f"{gadgets}/a", {"metadata": {"finalizers": ["a.b/two"]}}).status == 200
    answer = api.patch(f"{gadgets}/a", {"metadata": {"finalizers": ["a.b/two", "a.b/three"]}})
    assert (answer.status, "no new finalizers can be added if the object is being deleted" in answer.message) == (
        422,
        True,
    )
    assert api.patch(f"{gadgets}/a", {"spec": {"size": 2}}).status == 200
    assert api.patch(f"{gadgets}/a", {"metadata": {"finalizers": None}}).status == 200
    assert api.get(f"{gadgets}/a").status == 404


@pytest.mark.parametrize("field", ["uid", "resourceVersion"])
def test_preconditions_guard_a_deletion(api: Api, gadgets: str, field: str) -> None:
    value = api.post(gadgets, gadget("a")).body["metadata"][field]
    answer = api.delete(f"{gadgets}/a", {"preconditions": {field: "1234"}})
    assert (answer.status, answer.reason) == (409, "Conflict")
    assert "in the precondition (1234) does not match the" in answer.message
    assert api.delete(f"{gadgets}/a", {"preconditions": {field: value}}).status == 200


def test_a_collection_is_deleted_by_selector(api: Api, config_maps: str) -> None:
    for name, label in (("a", "x"), ("b", "x"), ("c", "y")):
        api.post(config_maps, config_map(name, labels={"l": label}))
    assert api.delete(config_maps, labelSelector="l=x").status == 200
    left = [item["metadata"]["name"] for item in api.get(config_maps, labelSelector="l").body["items"]]
    assert left == ["c"]


def test_a_pod_that_never_had_a_node_goes_at_once(api: Api, pods: str) -> None:
    api.post(pods, pod("p"))
    assert api.delete(f"{pods}/p").status == 200
    assert api.get(f"{pods}/p").status == 404


def bind(api: Api, pods: str, name: str, node: str) -> int:
    target = {"apiVersion": "v1", "kind": "Node", "name": node}
    body = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": name}, "target": target}
    return api.post(f"{pods}/{name}/binding", body).status


def test_a_pod_on_a_node_ends_with_grace_and_its_kubelet_has_the_last_word(api: Api, pods: str) -> None:
    api.post(pods, pod("p", spec={"terminationGracePeriodSeconds": 20}))
    assert bind(api, pods, "p", "nowhere") == 201
    marked = api.delete(f"{pods}/p").body["metadata"]
    assert marked["deletionGracePeriodSeconds"] == 20 and marked["deletionTimestamp"]
    shorter = api.delete(f"{pods}/p", {"gracePeriodSeconds": 5}).body["metadata"]
    assert shorter["deletionGracePeriodSeconds"] == 5
    longer = api.delete(f"{pods}/p", {"gracePeriodSeconds": 10}).body["metadata"]
    assert longer["deletionGracePeriodSeconds"] == 5
    assert api.delete(f"{pods}/p", gracePeriodSeconds="0").status == 200
    assert api.get(f"{pods}/p").status == 404


def test_a_pod_that_has_ended_goes_at_once(api: Api, pods: str) -> None:
    api.post(pods, pod("p"))
    bind(api, pods, "p", "nowhere")
    api.patch(f"{pods}/p/status", {"status": {"phase": "Succeeded"}})
    api.delete(f"{pods}/p")
    assert api.get(f"{pods}/p").status == 404


def test_a_pod_is_bound_once(api: Api, pods: str) -> None:
    api.post(pods, pod("p"))
    assert bind(api, pods, "p", "one") == 201
    assert api.get(f"{pods}/p").body["spec"]["nodeName"] == "one"
    assert bind(api, pods, "p", "two") == 409


def owner_and_child(api: Api, gadgets: str, config_maps: str, *, blocks: bool = False) -> Json:
    owner = api.post(gadgets, gadget("owner")).body
    reference = owned_by(owner, blocks=blocks)
    assert api.post(config_maps, config_map("child", ownerReferences=[reference])).status == 201
    return dict(owner)


def test_dependents_follow_their_owner(api: Api, gadgets: str, config_maps: str) -> None:
    owner_and_child(api, gadgets, config_maps)
    assert api.delete(f"{gadgets}/owner").status == 200
    assert api.get(f"{gadgets}/owner").status == 404
    until(lambda: api.get(f"{config_maps}/child").status == 404, what="the end of the child")


def test_in_the_foreground_the_owner_waits_for_dependents_that_block(api: Api, gadgets: str, config_maps: str) -> None:
    owner_and_child(api, gadgets, config_maps, blocks=True)
    api.patch(f"{config_maps}/child", {"metadata": {"finalizers": ["a.b/hold"]}})
    marked = api.delete(f"{gadgets}/owner", propagationPolicy="Foreground").body
    assert marked["metadata"]["finalizers"] == ["foregroundDeletion"]
    until(lambda: "deletionTimestamp" in api.get(f"{config_maps}/child").body["metadata"], what="the child's mark")
    assert api.get(f"{gadgets}/owner").status == 200
    api.patch(f"{config_maps}/child", {"metadata": {"finalizers": None}})
    until(lambda: api.get(f"{gadgets}/owner").status == 404, what="the end of the owner")


def test_orphans_stay_and_forget_their_owner(api: Api, gadgets: str, config_maps: str) -> None:
    owner_and_child(api, gadgets, config_maps)
    api.delete(f"{gadgets}/owner", propagationPolicy="Orphan")
    until(lambda: api.get(f"{gadgets}/owner").status == 404, what="the end of the owner")
    assert "ownerReferences" not in api.get(f"{config_maps}/child").body["metadata"]


def test_a_dependent_of_two_lives_while_one_lives(api: Api, gadgets: str, config_maps: str) -> None:
    owners = [api.post(gadgets, gadget(name)).body for name in ("one", "two")]
    references = [owned_by(owner, controller=owner is owners[0]) for owner in owners]
    api.post(config_maps, config_map("child", ownerReferences=references))
    api.delete(f"{gadgets}/one")

    def left() -> list[str]:
        return [owner["name"] for owner in api.get(f"{config_maps}/child").body["metadata"]["ownerReferences"]]

    until(lambda: left() == ["two"], what="the reference to go")
    api.delete(f"{gadgets}/two")
    until(lambda: api.get(f"{config_maps}/child").status == 404, what="the end of the child")


def test_a_dependent_that_comes_too_late_is_collected(api: Api, gadgets: str, config_maps: str) -> None:
    owner = api.post(gadgets, gadget("owner")).body
    api.delete(f"{gadgets}/owner")
    api.post(gadgets, gadget("owner"))
    api.post(config_maps, config_map("late", ownerReferences=[owned_by(owner)]))
    until(lambda: api.get(f"{config_maps}/late").status == 404, what="the end of the late child")
    assert api.get(f"{gadgets}/owner").status == 200


def test_an_object_has_at_most_one_controller(api: Api, gadgets: str, config_maps: str) -> None:
    owners = [api.post(gadgets, gadget(name)).body for name in ("one", "two")]
    answer = api.post(config_maps, config_map("child", ownerReferences=[owned_by(owner) for owner in owners]))
    assert (answer.status, "Only one reference can have Controller set to true" in answer.message) == (422, True)


def test_a_namespace_takes_everything_in_it_along(api: Api, namespace: str, gadgets: str, config_maps: str) -> None:
    api.post(config_maps, config_map("m"))
    api.post(gadgets, gadget("held", finalizers=["a.b/hold"]))
    answer = api.delete(f"/api/v1/namespaces/{namespace}").body
    assert answer["status"]["phase"] == "Terminating"
    until(lambda: api.get(f"{config_maps}/m").status == 404, what="the end of the config map")
    refused = api.post(config_maps, config_map("new"))
    assert (refused.status, refused.reason) == (403, "Forbidden")
    text = f"unable to create new content in namespace {namespace} because it is being terminated"
    assert refused.message == f'configmaps "new" is forbidden: {text}'
    assert api.get(f"/api/v1/namespaces/{namespace}").status == 200
    until(lambda: "deletionTimestamp" in api.get(f"{gadgets}/held").body["metadata"], what="the mark")
    api.patch(f"{gadgets}/held", {"metadata": {"finalizers": None}})
    until(lambda: api.get(f"/api/v1/namespaces/{namespace}").status == 404, what="the end of the namespace")


def test_system_namespaces_stay(api: Api) -> None:
    answer = api.delete("/api/v1/namespaces/default")
    assert (answer.status, "this namespace may not be deleted" in answer.message) == (403, True)


def test_every_namespace_has_a_default_service_account(api: Api, namespace: str) -> None:
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default"
    until(lambda: api.get(path).status == 200, what="the account")
    api.delete(path)
    until(lambda: api.get(path).status == 200, what="the account, again")
