"""Who calls and may they: credentials, tokens, reviews, roles, impersonation, and the rule against escalation."""

import time
from typing import Any

import pytest
from conformance.api import Api, until
from conformance.objects import pod

from titan_api.json_types import Json

RBAC = "/apis/rbac.authorization.k8s.io/v1"
AUTHORIZATION = "/apis/authorization.k8s.io/v1"
AUTHENTICATION = "/apis/authentication.k8s.io/v1"
ROLE_GROUP = "rbac.authorization.k8s.io"


def rule(verbs: str, resources: str, group: str = "", **more: Any) -> Json:
    return {"apiGroups": [group], "resources": resources.split(), "verbs": verbs.split(), **more}


def grant(api: Api, namespace: str, user: str, *rules: Json, role: str = "role") -> None:
    """A Role and a RoleBinding for a user."""
    path = f"{RBAC}/namespaces/{namespace}"
    assert api.post(f"{path}/roles", {"metadata": {"name": role}, "rules": list(rules)}).status == 201
    subject = {"kind": "User", "name": user, "apiGroup": ROLE_GROUP}
    reference = {"apiGroup": ROLE_GROUP, "kind": "Role", "name": role}
    binding = {"metadata": {"name": role}, "roleRef": reference, "subjects": [subject]}
    assert api.post(f"{path}/rolebindings", binding).status == 201
    first = rules[0]
    verb, resource = first["verbs"][0], first["resources"][0].replace("*/", "pods/")
    names = first.get("resourceNames", [""])
    until(lambda: may(api, user, namespace, verb, resource, first["apiGroups"][0], names[0]), what="the new right")


def may(api: Api, user: str, namespace: str, verb: str, resource: str, group: str = "", name: str = "") -> bool:
    plural, _, subresource = resource.partition("/")
    attributes = {"verb": verb, "resource": plural, "subresource": subresource, "group": group}
    attributes |= {"namespace": namespace, "name": name}
    body = {"spec": {"user": user, "groups": ["system:authenticated"], "resourceAttributes": attributes}}
    return bool(api.post(f"{AUTHORIZATION}/subjectaccessreviews", body).body["status"]["allowed"])


def test_who_shows_nothing_is_anonymous_and_sees_health_and_version_alone(api: Api) -> None:
    nobody = api.acting_as(Authorization=None)
    for path in ("/healthz", "/livez", "/readyz", "/version"):
        assert nobody.get(path).status == 200
    answer = nobody.get("/api/v1/namespaces/default/pods")
    assert (answer.status, answer.reason) == (403, "Forbidden")
    assert (
        'User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"'
        in answer.message
    )
    assert nobody.get("/apis").status == 403


def test_who_shows_something_false_is_nobody(api: Api) -> None:
    for credentials in ("Bearer junk", "Bearer a.b.c"):
        answer = api.acting_as(Authorization=credentials).get("/api/v1/namespaces")
        assert (answer.status, answer.reason, answer.message) == (401, "Unauthorized", "Unauthorized")


def test_a_person_without_rights_is_told_which_one_is_missing(api: Api, namespace: str) -> None:
    bob = api.acting_as(Impersonate_User="bob")
    answer = bob.get(f"/api/v1/namespaces/{namespace}/pods/p")
    assert (answer.status, answer.message) == (
        403,
        f'pods "p" is forbidden: User "bob" cannot get resource "pods" in API group "" in the namespace "{namespace}"',
    )
    answer = bob.get("/apis/titan.io/v1alpha1/titandags")
    text = 'titandags.titan.io is forbidden: User "bob" cannot list resource "titandags" in API group "titan.io" at the cluster scope'
    assert answer.message == text
    assert bob.get("/metrics/secret").message == 'forbidden: User "bob" cannot get path "/metrics/secret"'
    assert bob.get("/apis").status == 200


@pytest.mark.parametrize(
    ("rules", "allowed", "refused"),
    [
        ([rule("get list", "pods")], [("get", "pods", "x"), ("list", "pods", "")], [("delete", "pods", "x"), ("get", "secrets", "x")]),
        ([rule("*", "*")], [("get", "pods", ""), ("create", "pods/log", "")], [("get", "titandags.titan.io", "")]),
        ([rule("get", "pods/log")], [("get", "pods/log", "")], [("get", "pods", "")]),
        ([rule("get", "*/log")], [("get", "pods/log", "")], [("get", "pods/status", "")]),
        ([rule("get", "pods", resourceNames=["one"])], [("get", "pods", "one")], [("get", "pods", "two"), ("list", "pods", "")]),
        ([rule("approve", "titanapprovals", "titan.io")], [("approve", "titanapprovals.titan.io", "")], [("get", "titanapprovals.titan.io", "")]),
        ([rule("get", "titandags", "*")], [("get", "titandags.titan.io", ""), ("get", "titandags", "")], []),
    ],
)  # fmt: skip
def test_roles_allow_what_they_say_and_nothing_else(
    api: Api, namespace: str, rules: list[Json], allowed: list[Any], refused: list[Any]
) -> None:
    grant(api, namespace, "ann", *rules)

    def ask(question: tuple[str, str, str]) -> bool:
        verb, resource, name = question
        plural, _, group = resource.partition(".")
        plural, _, subresource = plural.partition("/")
        attributes = {
            "verb": verb,
            "resource": plural,
            "subresource": subresource,
            "group": group,
            "namespace": namespace,
        }
        spec = {"user": "ann", "resourceAttributes": attributes | {"name": name}}
        return bool(api.post(f"{AUTHORIZATION}/subjectaccessreviews", {"spec": spec}).body["status"]["allowed"])

    assert [ask(question) for question in allowed] == [True] * len(allowed)
    assert [ask(question) for question in refused] == [False] * len(refused)
    assert not may(api, "ann", "default", "get", "pods") and not may(api, "zoe", namespace, "get", "pods")


def test_a_list_of_one_name_needs_the_right_for_that_name_alone(api: Api, namespace: str, config_maps: str) -> None:
    grant(api, namespace, "ann", rule("get list watch", "configmaps", resourceNames=["mine"]))
    ann = api.acting_as(Impersonate_User="ann")
    assert ann.get(config_maps, fieldSelector="metadata.name=mine").status == 200
    assert ann.get(config_maps, fieldSelector="metadata.name=mine", watch="true", timeoutSeconds="1").status == 200
    assert ann.get(config_maps).status == 403


def test_a_right_that_is_taken_away_is_gone(api: Api, namespace: str, config_maps: str) -> None:
    grant(api, namespace, "ann", rule("list", "configmaps"))
    ann = api.acting_as(Impersonate_User="ann")
    until(lambda: ann.get(config_maps).status == 200)
    api.delete(f"{RBAC}/namespaces/{namespace}/rolebindings/role")
    until(lambda: ann.get(config_maps).status == 403, what="the end of the right")


def test_reviews_of_access_say_why(api: Api, namespace: str) -> None:
    grant(api, namespace, "ann", rule("get", "pods"))
    attributes = {"verb": "get", "resource": "pods", "namespace": namespace}
    body = {"spec": {"resourceAttributes": attributes}}
    status = (
        api.acting_as(Impersonate_User="ann").post(f"{AUTHORIZATION}/selfsubjectaccessreviews", body).body["status"]
    )
    reason = f'RBAC: allowed by RoleBinding "role/{namespace}" of Role "role" to User "ann"'
    assert status == {"allowed": True, "reason": reason}
    rules = (
        api.acting_as(Impersonate_User="ann")
        .post(f"{AUTHORIZATION}/selfsubjectrulesreviews", {"spec": {"namespace": namespace}})
        .body["status"]["resourceRules"]
    )
    assert {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]} in rules
    path = {"spec": {"nonResourceAttributes": {"path": "/apis", "verb": "get"}}}
    assert (
        api.acting_as(Impersonate_User="ann")
        .post(f"{AUTHORIZATION}/selfsubjectaccessreviews", path)
        .body["status"]["allowed"]
    )


def test_nobody_gives_away_more_than_they_have(api: Api, namespace: str) -> None:
    roles = f"{RBAC}/namespaces/{namespace}/roles"
    grant(api, namespace, "ann", rule("create update patch get", "roles rolebindings", ROLE_GROUP), rule("get", "pods"))
    ann = api.acting_as(Impersonate_User="ann")
    answer = ann.post(roles, {"metadata": {"name": "more"}, "rules": [rule("get delete", "pods")]})
    assert (answer.status, answer.reason) == (403, "Forbidden")
    assert answer.message == (
        'roles.rbac.authorization.k8s.io "more" is forbidden: user "ann" (groups=["system:authenticated"]) is attempting '
        'to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}'
    )
    assert ann.post(roles, {"metadata": {"name": "less"}, "rules": [rule("get", "pods")]}).status == 201
    assert ann.patch(f"{roles}/less", {"rules": [rule("delete", "pods")]}).status == 403
    assert ann.patch(f"{roles}/less", {"metadata": {"labels": {"a": "b"}}}).status == 200


def test_nobody_binds_what_they_do_not_hold_unless_they_may_bind_it(api: Api, namespace: str) -> None:
    bindings = f"{RBAC}/namespaces/{namespace}/rolebindings"
    grant(api, namespace, "ann", rule("create", "rolebindings", ROLE_GROUP))
    api.post(f"{RBAC}/namespaces/{namespace}/roles", {"metadata": {"name": "big"}, "rules": [rule("*", "secrets")]})
    reference = {"apiGroup": ROLE_GROUP, "kind": "Role", "name": "big"}
    subject = {"kind": "User", "name": "ann", "apiGroup": ROLE_GROUP}
    body = {"metadata": {"name": "mine"}, "roleRef": reference, "subjects": [subject]}
    ann = api.acting_as(Impersonate_User="ann")
    assert ann.post(bindings, body).status == 403
    grant(api, namespace, "ann", rule("bind", "roles", ROLE_GROUP, resourceNames=["big"]), role="binder")
    assert ann.post(bindings, body).status == 201


def test_a_binding_keeps_its_role(api: Api, namespace: str) -> None:
    grant(api, namespace, "ann", rule("get", "pods"))
    other = {"roleRef": {"apiGroup": ROLE_GROUP, "kind": "Role", "name": "other"}}
    answer = api.patch(f"{RBAC}/namespaces/{namespace}/rolebindings/role", other)
    assert (answer.status, "cannot change roleRef" in answer.message) == (422, True)


def test_impersonation_needs_a_right_and_is_complete(api: Api, namespace: str) -> None:
    whoami = f"{AUTHENTICATION}/selfsubjectreviews"
    info = api.acting_as(Impersonate_User="bob", Impersonate_Group="qa").post(whoami, {}).body["status"]["userInfo"]
    assert (info["username"], info["groups"]) == ("bob", ["qa", "system:authenticated"])
    account = api.acting_as(Impersonate_User=f"system:serviceaccount:{namespace}:sa").post(whoami, {}).body["status"]
    assert account["userInfo"]["groups"] == [
        "system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated",
    ]  # fmt: skip


@pytest.fixture
def account(api: Api, namespace: str) -> str:
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts"
    assert api.post(path, {"metadata": {"name": "sa"}}).status == 201
    return f"{path}/sa"


def review(api: Api, token: str, *audiences: str) -> Json:
    body = {"spec": {"token": token, **({"audiences": list(audiences)} if audiences else {})}}
    return dict(api.post(f"{AUTHENTICATION}/tokenreviews", body).body["status"])


def test_a_service_accounts_token_is_good_for_its_audience(api: Api, namespace: str, account: str) -> None:
    made = api.post(f"{account}/token", {"spec": {"audiences": ["titan-store"], "expirationSeconds": 600}})
    assert made.status == 201
    token = made.body["status"]["token"]
    good = review(api, token, "titan-store", "other")
    assert good["authenticated"] and good["audiences"] == ["titan-store"]
    assert good["user"]["username"] == f"system:serviceaccount:{namespace}:sa" and good["user"]["uid"]
    assert f"system:serviceaccounts:{namespace}" in good["user"]["groups"]
    bad = review(api, token, "other")
    assert not bad.get("authenticated") and bad["user"] == {} and "token audiences" in bad["error"]
    assert not review(api, "junk").get("authenticated")
    assert api.with_token(token).get("/apis").status == 401


def test_a_token_for_the_server_itself_is_who_it_says(api: Api, namespace: str, account: str) -> None:
    token = api.post(f"{account}/token", {"spec": {}}).body["status"]["token"]
    info = api.with_token(token).post(f"{AUTHENTICATION}/selfsubjectreviews", {}).body["status"]["userInfo"]
    assert info["username"] == f"system:serviceaccount:{namespace}:sa"


def test_a_token_bound_to_a_pod_names_it_and_dies_with_it(api: Api, namespace: str, pods: str, account: str) -> None:
    uid = api.post(pods, pod("p", spec={"serviceAccountName": "sa"})).body["metadata"]["uid"]
    reference = {"kind": "Pod", "apiVersion": "v1", "name": "p", "uid": uid}
    token = api.post(f"{account}/token", {"spec": {"boundObjectRef": reference}}).body["status"]["token"]
    extra = review(api, token)["user"]["extra"]
    assert extra["authentication.kubernetes.io/pod-name"] == ["p"]
    assert extra["authentication.kubernetes.io/pod-uid"] == [uid]
    api.delete(f"{pods}/p", gracePeriodSeconds="0")
    until(lambda: not review(api, token).get("authenticated"), what="the end of the token")


def test_a_token_dies_with_its_account(api: Api, account: str) -> None:
    token = api.post(f"{account}/token", {"spec": {}}).body["status"]["token"]
    assert review(api, token)["authenticated"]
    api.delete(account)
    until(lambda: not review(api, token).get("authenticated"), what="the end of the token")


def test_a_token_request_is_checked(api: Api, account: str) -> None:
    answer = api.post(f"{account}/token", {"spec": {"expirationSeconds": 1}})
    assert (answer.status, "may not specify a duration less than 10 minutes" in answer.message) == (422, True)
    reference = {"kind": "Pod", "apiVersion": "v1", "name": "nothing"}
    assert api.post(f"{account}/token", {"spec": {"boundObjectRef": reference}}).status == 404
    assert api.post(account.replace("/sa", "/missing") + "/token", {"spec": {}}).status == 404
    soon = time.time() + 600
    made = api.post(f"{account}/token", {"spec": {"expirationSeconds": 600}}).body["status"]["expirationTimestamp"]
    assert abs(time.mktime(time.strptime(made, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone - soon) < 60
