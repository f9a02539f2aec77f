"""Who is it, may they, and the words when they may not."""

from typing import Any

from conformance.questions.asking import Question

from titan_api.json_types import Json

AUTHENTICATION = "/apis/authentication.k8s.io/v1"
AUTHORIZATION = "/apis/authorization.k8s.io/v1"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
TOKEN = "/api/v1/namespaces/{ns}/serviceaccounts/default/token"
BOB = {"Impersonate_User": "bob"}
GIVER = {"Impersonate_User": "giver", "Impersonate_Group": "givers"}


def reviews(title: str, kind: str, spec: Any, headers: Json | None = None, group: str = AUTHORIZATION) -> Question:
    body = {"spec": spec} if spec is not None else {}
    return Question(title, "POST", f"{group}/{kind}", body, headers=headers or {}, shows=("status", "kind"))


def by_bob(title: str, method: str, path: str, body: Any = None) -> Question:
    return Question(title, method, path, body, headers=BOB)


def token(title: str, spec: Any, path: str = TOKEN) -> Question:
    shows = ("kind", "spec.audiences", "spec.expirationSeconds", "metadata.name", "metadata.namespace")
    return Question(title, "POST", path, {"spec": spec} if spec is not None else {}, shows=shows)


GETS = {"verb": "get", "resource": "pods", "namespace": "{ns}"}

QUESTIONS = (
    by_bob("a get", "GET", "/api/v1/namespaces/{ns}/pods/p"),
    by_bob("a list", "GET", "/api/v1/namespaces/{ns}/pods"),
    by_bob("a list of all", "GET", "/api/v1/pods"),
    by_bob("a create", "POST", "/api/v1/namespaces/{ns}/pods", {"metadata": {"name": "{x}"}}),
    by_bob("an update", "PUT", "/api/v1/namespaces/{ns}/pods/p", {"metadata": {"name": "p"}}),
    by_bob("a delete", "DELETE", "/api/v1/namespaces/{ns}/pods/p"),
    by_bob("a delete of all", "DELETE", "/api/v1/namespaces/{ns}/pods"),
    by_bob("a status", "GET", "/apis/titan.io/v1alpha1/namespaces/{ns}/titandags/d/status"),
    by_bob("a log", "GET", "/api/v1/namespaces/{ns}/pods/p/log"),
    by_bob("a node", "GET", "/api/v1/nodes/n"),
    by_bob("a namespace", "GET", "/api/v1/namespaces/{ns}"),
    by_bob("a custom list", "GET", "/apis/titan.io/v1alpha1/titandags"),
    by_bob("a kind that is not there", "GET", "/apis/titan.io/v1alpha1/nonsense"),
    by_bob("a group that is not there", "GET", "/apis/nonsense.io/v1/things"),
    by_bob("a path", "GET", "/metrics/secret"),
    by_bob("a proxy", "GET", "/api/v1/namespaces/{ns}/services/s:api/proxy/v1/x"),
    by_bob("a proxy of https", "GET", "/api/v1/namespaces/{ns}/services/https:s:api/proxy/v1/x"),
    by_bob("a token", "POST", TOKEN, {}),
    by_bob("a self review", "POST", f"{AUTHENTICATION}/selfsubjectreviews", {}),
    Question("who is impersonated", "POST", f"{AUTHENTICATION}/selfsubjectreviews", {}, headers=GIVER, shows=("status",)),
    Question("extra fields of who is impersonated", "POST", f"{AUTHENTICATION}/selfsubjectreviews", {}, headers={**BOB, "Impersonate_Extra_Scope": "view"}, shows=("status",)),
    Question("a uid of who is impersonated", "POST", f"{AUTHENTICATION}/selfsubjectreviews", {}, headers={**BOB, "Impersonate_Uid": "7"}, shows=("status",)),
    Question("a ServiceAccount is impersonated", "POST", f"{AUTHENTICATION}/selfsubjectreviews", {}, headers={"Impersonate_User": "system:serviceaccount:a:b"}, shows=("status",)),
    Question("anonymous is impersonated", "POST", f"{AUTHENTICATION}/selfsubjectreviews", {}, headers={"Impersonate_User": "system:anonymous"}, shows=("status",)),
    Question("a group without a user", "POST", f"{AUTHENTICATION}/selfsubjectreviews", {}, headers={"Impersonate_Group": "g"}, shows=("status",)),
    Question("nobody", "GET", "/api/v1/namespaces/{ns}/pods", headers={"Authorization": None}),
    Question("a bad token", "GET", "/api/v1/namespaces/{ns}/pods", headers={"Authorization": "Bearer junk"}),
    reviews("a right", "subjectaccessreviews", {"user": "bob", "resourceAttributes": GETS}),
    reviews("a right of masters", "subjectaccessreviews", {"user": "bob", "groups": ["system:masters"], "resourceAttributes": GETS}),
    reviews("a right of nobody", "subjectaccessreviews", {"resourceAttributes": GETS}),
    reviews("a right to nothing", "subjectaccessreviews", {"user": "bob"}),
    reviews("a right to two things", "subjectaccessreviews", {"user": "bob", "resourceAttributes": GETS, "nonResourceAttributes": {"path": "/", "verb": "get"}}),
    reviews("a right without a spec", "subjectaccessreviews", None),
    reviews("my right", "selfsubjectaccessreviews", {"resourceAttributes": GETS}, BOB),
    reviews("my right to nothing", "selfsubjectaccessreviews", {}, BOB),
    reviews("my rules without a namespace", "selfsubjectrulesreviews", {}),
    reviews("a token that is none", "tokenreviews", {"token": "junk"}, group=AUTHENTICATION),
    reviews("no token", "tokenreviews", {}, group=AUTHENTICATION),
    Question("a review is read", "GET", f"{AUTHENTICATION}/tokenreviews"),
    Question("a review by name", "GET", f"{AUTHENTICATION}/tokenreviews/x"),
    token("a token for the server", {}),
    token("a token without a spec", None),
    token("a token for an audience", {"audiences": ["titan-store"], "expirationSeconds": 700}),
    token("a token for too short", {"expirationSeconds": 5}),
    token("a token for too long", {"expirationSeconds": 2**33}),
    token("a token for a pod that is not there", {"boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": "no"}}),
    token("a token for a strange thing", {"boundObjectRef": {"kind": "ConfigMap", "apiVersion": "v1", "name": "no"}}),
    token("a token of nobody", {}, TOKEN.replace("default", "nobody")),
    Question("a binding of no role", "POST", f"{RBAC}/namespaces/{{ns}}/rolebindings", {"metadata": {"name": "{x}"}, "subjects": []}),
    Question("a binding of an unknown kind of role", "POST", f"{RBAC}/namespaces/{{ns}}/rolebindings", {"metadata": {"name": "{x}"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Nonsense", "name": "r"}}),
    Question("a binding to an unknown kind of subject", "POST", f"{RBAC}/namespaces/{{ns}}/rolebindings", {"metadata": {"name": "{x}"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}, "subjects": [{"kind": "Nonsense", "name": "n"}]}),
    Question("a binding to an account without a namespace", "POST", f"{RBAC}/namespaces/{{ns}}/rolebindings", {"metadata": {"name": "{x}"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}, "subjects": [{"kind": "ServiceAccount", "name": "n"}]}),
    Question("another role of a binding", "PATCH", f"{RBAC}/namespaces/{{ns}}/rolebindings/{{x}}", {"roleRef": {"name": "s"}}, kind="application/merge-patch+json", before=(Question("made", "POST", f"{RBAC}/namespaces/{{ns}}/rolebindings", {"metadata": {"name": "{x}"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}}),)),
    Question("a rule without verbs", "POST", f"{RBAC}/namespaces/{{ns}}/roles", {"metadata": {"name": "{x}"}, "rules": [{"apiGroups": [""], "resources": ["pods"]}]}),
    Question("a rule without groups", "POST", f"{RBAC}/namespaces/{{ns}}/roles", {"metadata": {"name": "{x}"}, "rules": [{"verbs": ["get"], "resources": ["pods"]}]}),
    Question("a rule without resources", "POST", f"{RBAC}/namespaces/{{ns}}/roles", {"metadata": {"name": "{x}"}, "rules": [{"verbs": ["get"], "apiGroups": [""]}]}),
    Question("a rule on paths in a namespace", "POST", f"{RBAC}/namespaces/{{ns}}/roles", {"metadata": {"name": "{x}"}, "rules": [{"verbs": ["get"], "nonResourceURLs": ["/"]}]}),
)  # fmt: skip
