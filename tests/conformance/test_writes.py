"""Create, read, replace: what the server adds, refuses and keeps."""

import pytest
from conformance.api import JSON, MERGE, Api
from conformance.objects import config_map, gadget, pod


def test_create_fills_in_what_only_the_server_knows(api: Api, gadgets: str) -> None:
    body = gadget("a") | {"status": {"phase": "Made up"}}
    body["metadata"] |= {"uid": "mine", "generation": 77, "creationTimestamp": "2001-01-01T00:00:00Z"}
    answer = api.post(gadgets, body)
    assert answer.status == 201
    metadata = answer.body["metadata"]
    assert metadata["uid"] != "mine" and metadata["generation"] == 1 and metadata["resourceVersion"].isdigit()
    assert metadata["creationTimestamp"].startswith("20") and metadata["creationTimestamp"] > "2020"
    assert "status" not in answer.body
    assert api.get(f"{gadgets}/a").body["metadata"]["uid"] == metadata["uid"]


def test_generate_name_makes_a_new_name_each_time(api: Api, gadgets: str) -> None:
    names = {api.post(gadgets, gadget(generateName="made-")).body["metadata"]["name"] for _ in range(3)}
    assert len(names) == 3 and all(name.startswith("made-") and len(name) == 10 for name in names)


@pytest.mark.parametrize(
    ("change", "status", "reason", "text"),
    [
        ({"resourceVersion": "5"}, 500, "", "resourceVersion should not be set on objects to be created"),
        ({"namespace": "elsewhere"}, 400, "BadRequest", "the namespace of the provided object does not match"),
        ({"name": ""}, 422, "Invalid", "name or generateName is required"),
        ({"name": "Upper"}, 422, "Invalid", 'metadata.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain'),
        ({"name": "x" * 254}, 422, "Invalid", "must be no more than 253"),
        ({"labels": {"a": "no spaces"}}, 422, "Invalid", "a valid label must be an empty string or consist of"),
        ({"labels": {"bad key": "x"}}, 422, "Invalid", "name part must consist of"),
        ({"labels": {"a": "x" * 64}}, 422, "Invalid", "must be no more than 63"),
        ({"finalizers": ["no spaces"]}, 422, "Invalid", "name part must consist of"),
        ({"ownerReferences": [{"kind": "X", "name": "x"}]}, 422, "Invalid", "metadata.ownerReferences"),
    ],
)
def test_metadata_is_checked(api: Api, gadgets: str, change: dict, status: int, reason: str, text: str) -> None:
    body = gadget("good")
    body["metadata"] |= change
    answer = api.post(gadgets, body)
    assert (answer.status, answer.reason) == (status, reason)
    assert text in answer.message


def test_labels_that_are_no_text_are_refused_before_anything_else(api: Api, gadgets: str) -> None:
    answer = api.post(gadgets, gadget("a", labels={"n": 1}))
    assert answer.status == 400


def test_a_second_create_of_a_name_already_exists(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("twice"))
    answer = api.post(gadgets, gadget("twice"))
    assert (answer.status, answer.reason) == (409, "AlreadyExists")
    assert answer.message == 'gadgets.conformance.titan.io "twice" already exists'
    assert answer.body["details"] == {"name": "twice", "group": "conformance.titan.io", "kind": "gadgets"}


def test_what_is_not_there_is_not_found(api: Api, gadgets: str) -> None:
    for answer in (api.get(f"{gadgets}/no"), api.delete(f"{gadgets}/no"), api.patch(f"{gadgets}/no", {})):
        assert (answer.status, answer.reason) == (404, "NotFound")
        assert answer.message == 'gadgets.conformance.titan.io "no" not found'
    assert api.get("/apis/conformance.titan.io/v1/namespaces/default/nothings").status == 404
    assert api.get("/apis/no.such.group/v1/things").text == "404 page not found\n"


def test_a_namespace_must_exist_before_something_is_in_it(api: Api) -> None:
    answer = api.post("/api/v1/namespaces/nowhere/configmaps", config_map("a"))
    assert (answer.status, answer.message) == (404, 'namespaces "nowhere" not found')


def test_another_kind_than_the_paths_is_refused(api: Api, gadgets: str) -> None:
    answer = api.post(gadgets, gadget("a") | {"kind": "Gizmo"})
    assert (answer.status, 'kind: Invalid value: "Gizmo": must be Gadget' in answer.message) == (422, True)
    assert api.post(gadgets, gadget("a") | {"apiVersion": "other/v1"}).status == 400
    assert api.post(gadgets, b"{not json").status == 400
    assert api.post(gadgets, ["a list"]).status == 400


def test_dry_run_validates_and_keeps_nothing(api: Api, gadgets: str) -> None:
    answer = api.post(gadgets, gadget("dry"), dryRun="All")
    assert answer.status == 201 and answer.body["spec"]["mode"] == "slow"
    assert api.get(f"{gadgets}/dry").status == 404
    api.post(gadgets, gadget("wet"))
    assert api.patch(f"{gadgets}/wet", {"spec": {"size": 2}}, dryRun="All").body["spec"]["size"] == 2
    assert api.delete(f"{gadgets}/wet", dryRun="All").status == 200
    assert "size" not in api.get(f"{gadgets}/wet").body["spec"]
    assert api.post(gadgets, gadget("dry"), dryRun="Some").status == 422


def test_replace_needs_the_version_that_it_replaces(api: Api, gadgets: str) -> None:
    made = api.post(gadgets, gadget("a", {"size": 1})).body
    newer = api.put(f"{gadgets}/a", made | {"spec": {"size": 2}})
    assert newer.status == 200 and newer.body["metadata"]["generation"] == 2
    stale = api.put(f"{gadgets}/a", made | {"spec": {"size": 3}})
    assert (stale.status, stale.reason) == (409, "Conflict")
    assert "the object has been modified; please apply your changes to the latest version" in stale.message
    without = api.put(f"{gadgets}/a", gadget("a"))
    assert (without.status, "must be specified for an update" in without.message) == (422, True)
    assert api.put(f"{gadgets}/a", made | {"metadata": made["metadata"] | {"name": "b"}}).status == 400


def test_a_patch_may_carry_the_version_that_it_is_for(api: Api, gadgets: str) -> None:
    version = api.post(gadgets, gadget("a")).body["metadata"]["resourceVersion"]
    assert api.patch(f"{gadgets}/a", {"metadata": {"resourceVersion": version}, "spec": {"size": 1}}).status == 200
    answer = api.patch(f"{gadgets}/a", {"metadata": {"resourceVersion": version}, "spec": {"size": 2}})
    assert (answer.status, answer.reason) == (409, "Conflict")
    answer = api.patch(f"{gadgets}/a", {"metadata": {"uid": "another"}})
    assert (answer.status, "field is immutable" in answer.message) == (422, True)


def test_a_write_that_changes_nothing_is_no_write(api: Api, gadgets: str) -> None:
    before = api.post(gadgets, gadget("a", {"size": 1})).body
    assert api.patch(f"{gadgets}/a", {"spec": {"size": 1}}).body == before
    assert api.put(f"{gadgets}/a", before).body["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]
    assert api.patch(f"{gadgets}/a/status", {"status": {}}).body["metadata"]["generation"] == 1


def test_generation_counts_changes_of_the_spec_alone(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a", {"size": 1}))

    def generation(path: str, body: dict) -> int:
        return int(api.patch(path, body).body["metadata"]["generation"])

    assert generation(f"{gadgets}/a", {"metadata": {"labels": {"x": "y"}}}) == 1
    assert generation(f"{gadgets}/a/status", {"status": {"phase": "Busy"}}) == 1
    assert generation(f"{gadgets}/a", {"spec": {"size": 2}}) == 2


def test_status_and_everything_else_are_written_apart(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a", {"size": 1}))
    assert "status" not in api.patch(f"{gadgets}/a", {"status": {"phase": "Hacked"}}).body
    answer = api.patch(f"{gadgets}/a/status", {"status": {"phase": "Busy"}, "spec": {"size": 9}})
    assert answer.body["status"] == {"phase": "Busy"} and answer.body["spec"]["size"] == 1
    assert api.get(f"{gadgets}/a/status").body["status"] == {"phase": "Busy"}
    whole = api.get(f"{gadgets}/a").body
    replaced = api.put(f"{gadgets}/a/status", whole | {"status": {"phase": "Done"}, "spec": {"size": 5}}).body
    assert replaced["status"] == {"phase": "Done"} and replaced["spec"]["size"] == 1
    assert api.patch(f"{gadgets}/a", {"spec": {"size": 2}}).body["status"] == {"phase": "Done"}


def test_names_in_the_body_and_in_the_path_must_agree(api: Api, gadgets: str) -> None:
    api.post(gadgets, gadget("a"))
    answer = api.patch(f"{gadgets}/a", {"metadata": {"name": "b"}})
    assert (answer.status, "does not match the name on the URL" in answer.message) == (400, True)


def test_a_body_of_yaml_is_as_good_as_json(api: Api, config_maps: str) -> None:
    text = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-yaml}\ndata: {k: v}\n"
    answer = api.request("POST", config_maps, text, kind="application/yaml")
    assert answer.status == 201 and answer.body["data"] == {"k": "v"}
    assert api.request("POST", config_maps, b"x", kind="text/html").status == 415


def test_a_body_that_is_too_large_is_refused(api: Api, config_maps: str) -> None:
    answer = api.post(config_maps, config_map("big", {"k": "x" * (4 << 20)}))
    assert (answer.status, answer.reason) == (413, "RequestEntityTooLarge")


def test_methods_that_make_no_sense_are_not_allowed(api: Api, config_maps: str) -> None:
    for method in ("PUT", "PATCH"):
        answer = api.request(method, config_maps, config_map("a"), kind=MERGE if method == "PATCH" else JSON)
        assert (answer.status, answer.reason) == (405, "MethodNotAllowed")


def test_names_survive_percent_encoding(api: Api, namespace: str) -> None:
    roles = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/roles"
    assert api.post(roles, {"metadata": {"name": "titan:reader"}, "rules": []}).status == 201
    assert api.get(f"{roles}/titan%3Areader").body["metadata"]["name"] == "titan:reader"


def test_secrets_fold_their_texts_into_data(api: Api, namespace: str) -> None:
    secrets = f"/api/v1/namespaces/{namespace}/secrets"
    made = api.post(secrets, {"metadata": {"name": "s"}, "stringData": {"k": "v"}}).body
    assert made["data"] == {"k": "dg=="} and made["type"] == "Opaque" and "stringData" not in made
    changed = api.patch(f"{secrets}/s", {"stringData": {"l": "w"}}).body
    assert changed["data"] == {"k": "dg==", "l": "dw=="}


def test_pods_are_pending_and_fully_defaulted(api: Api, pods: str) -> None:
    made = api.post(pods, pod("p") | {"status": {"phase": "Running"}}).body
    assert made["status"] == {"phase": "Pending", "qosClass": "BestEffort"}
    spec, container = made["spec"], made["spec"]["containers"][0]
    assert (spec["terminationGracePeriodSeconds"], spec["dnsPolicy"], spec["enableServiceLinks"]) == (
        30,
        "ClusterFirst",
        True,
    )
    assert (container["imagePullPolicy"], container["terminationMessagePolicy"]) == ("Always", "File")
