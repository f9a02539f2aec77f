"""Server-side apply: fields belong to whoever applied them."""

from conformance.api import Api
from conformance.objects import gadget


def test_an_apply_creates_and_then_updates(api: Api, gadgets: str) -> None:
    made = api.apply(f"{gadgets}/a", gadget("a", {"size": 1}), "one")
    assert made.status == 201 and made.body["spec"]["mode"] == "slow"
    again = api.apply(f"{gadgets}/a", gadget("a", {"size": 2}), "one")
    assert (again.status, again.body["spec"]["size"], again.body["metadata"]["generation"]) == (200, 2, 2)


def test_an_apply_of_the_same_is_no_write(api: Api, gadgets: str) -> None:
    first = api.apply(f"{gadgets}/a", gadget("a", {"size": 1}), "one").body
    second = api.apply(f"{gadgets}/a", gadget("a", {"size": 1}), "one").body
    assert second["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]


def test_what_an_applier_leaves_out_is_removed(api: Api, gadgets: str) -> None:
    api.apply(f"{gadgets}/a", gadget("a", {"size": 1, "code": "abc"}), "one")
    assert "code" not in api.apply(f"{gadgets}/a", gadget("a", {"size": 1}), "one").body["spec"]


def test_fields_of_other_appliers_stay(api: Api, gadgets: str) -> None:
    api.apply(f"{gadgets}/a", gadget("a", {"size": 1}), "one")
    both = api.apply(f"{gadgets}/a", gadget("a", {"code": "abc"}), "two").body["spec"]
    assert (both["size"], both["code"]) == (1, "abc")


def test_two_appliers_of_one_field_conflict_unless_one_insists(api: Api, gadgets: str) -> None:
    api.apply(f"{gadgets}/a", gadget("a", {"size": 1}), "one")
    answer = api.apply(f"{gadgets}/a", gadget("a", {"size": 2}), "two")
    assert (answer.status, answer.reason) == (409, "Conflict")
    assert answer.message == 'Apply failed with 1 conflict: conflict with "one": .spec.size'
    cause = answer.body["details"]["causes"][0]
    assert cause == {"reason": "FieldManagerConflict", "message": 'conflict with "one"', "field": ".spec.size"}
    assert api.apply(f"{gadgets}/a", gadget("a", {"size": 2}), "two", force="true").body["spec"]["size"] == 2
    assert api.apply(f"{gadgets}/a", gadget("a", {"size": 1}), "one").status == 409


def test_several_conflicts_are_listed_by_manager(api: Api, gadgets: str) -> None:
    api.apply(f"{gadgets}/a", gadget("a", {"size": 1, "code": "abc"}), "one")
    answer = api.apply(f"{gadgets}/a", gadget("a", {"size": 2, "code": "xyz"}), "two")
    assert answer.message == 'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.code\n- .spec.size'


def test_agreeing_appliers_share_a_field(api: Api, gadgets: str) -> None:
    for manager in ("one", "two"):
        assert api.apply(f"{gadgets}/a", gadget("a", {"size": 1}), manager).status in (200, 201)
    assert api.apply(f"{gadgets}/a", gadget("a", {}), "one").body["spec"]["size"] == 1
    assert "size" not in api.apply(f"{gadgets}/a", gadget("a", {}), "two").body["spec"]


def test_items_of_keyed_lists_are_owned_one_by_one(api: Api, gadgets: str) -> None:
    api.apply(f"{gadgets}/a", gadget("a", {"ports": [{"name": "x", "port": 1}]}), "one")
    both = api.apply(f"{gadgets}/a", gadget("a", {"ports": [{"name": "y", "port": 2}]}), "two").body["spec"]["ports"]
    assert both == [{"name": "x", "port": 1}, {"name": "y", "port": 2}]
    left = api.apply(f"{gadgets}/a", gadget("a", {}), "one").body["spec"]["ports"]
    assert left == [{"name": "y", "port": 2}]


def test_an_apply_needs_a_manager_and_the_kind(api: Api, gadgets: str) -> None:
    answer = api.apply(f"{gadgets}/a", gadget("a"), "")
    assert (answer.status, "fieldManager: Required value: is required for apply patch" in answer.message) == (422, True)
    assert api.apply(f"{gadgets}/a", {"metadata": {"name": "a"}}, "one").status == 400


def test_the_status_is_applied_through_its_own_door(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a", {"size": 1}))
    body = {
        "apiVersion": gadget()["apiVersion"],
        "kind": "Gadget",
        "metadata": {"name": "a"},
        "status": {"phase": "Up"},
    }
    answer = api.apply(f"{gadgets}/a/status", body, "one")
    assert answer.body["status"]["phase"] == "Up" and answer.body["spec"]["size"] == 1
