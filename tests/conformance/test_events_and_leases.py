"""Events in both of their forms, and Leases."""

from conformance.api import Api

from titan_api.json_types import Json

NEW = "/apis/events.k8s.io/v1/namespaces"


def event(name: str, namespace: str, about: str = "x") -> Json:
    involved = {
        "kind": "TitanDAG",
        "name": about,
        "namespace": namespace,
        "uid": "u1",
        "apiVersion": "titan.io/v1alpha1",
    }
    return {
        "metadata": {"name": name},
        "involvedObject": involved,
        "reason": "Sealed",
        "message": "m",
        "type": "Normal",
    }


def test_events_are_found_by_what_they_are_about(api: Api, namespace: str) -> None:
    path = f"/api/v1/namespaces/{namespace}/events"
    for name, about in (("a", "x"), ("b", "y")):
        assert api.post(path, event(name, namespace, about)).status == 201
    selector = (
        f"involvedObject.name=x,involvedObject.namespace={namespace},involvedObject.kind=TitanDAG,involvedObject.uid=u1"
    )
    assert [item["metadata"]["name"] for item in api.get(path, fieldSelector=selector).body["items"]] == ["a"]
    assert api.get(path, fieldSelector="type=Warning").body["items"] == []


def test_one_event_has_two_faces(api: Api, namespace: str) -> None:
    old, new = f"/api/v1/namespaces/{namespace}/events", f"{NEW}/{namespace}/events"
    api.post(old, event("a", namespace))
    seen = api.get(f"{new}/a").body
    assert (seen["apiVersion"], seen["regarding"]["name"], seen["note"]) == ("events.k8s.io/v1", "x", "m")
    assert "involvedObject" not in seen
    body = {
        "metadata": {"name": "b"}, "eventTime": "2030-01-01T00:00:00.000000Z", "action": "Seal", "type": "Normal",
        "reportingController": "titan.io/operator", "reportingInstance": "one", "reason": "Sealed", "note": "n",
        "regarding": {"kind": "TitanDAG", "name": "x", "namespace": namespace, "apiVersion": "titan.io/v1alpha1"},
    }  # fmt: skip
    made = api.post(new, body)
    assert made.status == 201, made.message
    seen = api.get(f"{old}/b").body
    assert (seen["apiVersion"], seen["involvedObject"]["name"], seen["message"]) == ("v1", "x", "n")
    assert (
        api.patch(f"{new}/b", {"series": {"count": 2, "lastObservedTime": "2030-01-01T00:00:01.000000Z"}}).status == 200
    )
    assert api.get(f"{old}/b").body["series"]["count"] == 2


def test_an_event_belongs_into_the_namespace_of_its_object(api: Api, namespace: str) -> None:
    answer = api.post(f"/api/v1/namespaces/{namespace}/events", event("a", "elsewhere"))
    assert (answer.status, "involvedObject.namespace: Invalid value" in answer.message) == (422, True)


def test_generated_event_names_are_accepted_in_hundreds(api: Api, namespace: str) -> None:
    path = f"/api/v1/namespaces/{namespace}/events"
    for number in range(100):
        body = event("", namespace) | {"metadata": {"generateName": "e-"}, "message": str(number)}
        assert api.post(path, body).status == 201
    found = [item for item in api.get(path).body["items"] if item["metadata"]["name"].startswith("e-")]
    assert len({item["metadata"]["name"] for item in found}) == 100


def test_a_lease_is_taken_by_one_of_two(api: Api, namespace: str) -> None:
    path = f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases"
    spec = {"holderIdentity": "one", "leaseDurationSeconds": 15, "renewTime": "2030-01-01T00:00:00.000000Z"}
    lease = api.post(path, {"metadata": {"name": "l"}, "spec": spec}).body
    taken = api.put(f"{path}/l", lease | {"spec": spec | {"holderIdentity": "two"}})
    assert taken.status == 200
    late = api.put(f"{path}/l", lease | {"spec": spec | {"holderIdentity": "three"}})
    assert (late.status, late.reason) == (409, "Conflict")
    assert api.get(f"{path}/l").body["spec"]["holderIdentity"] == "two"
