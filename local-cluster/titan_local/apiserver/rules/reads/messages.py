"""Field numbers of the protobuf messages that kubectl sends, from k8s.io/api and k8s.io/apimachinery (v1.34)."""

from dataclasses import dataclass

Message = dict[int, tuple[str, "str | Nested"]]
"""Field number to the field's JSON name and type."""


@dataclass(frozen=True)
class Nested:
    """The type of a field that holds a message, or many."""

    message: Message
    repeated: bool = False


_META = Nested({
    1: ("name", "string"), 2: ("generateName", "string"), 3: ("namespace", "string"),
    11: ("labels", "map"), 12: ("annotations", "map"),
})  # fmt: skip
_RESOURCE_ATTRIBUTES = Nested({
    1: ("namespace", "string"), 2: ("verb", "string"), 3: ("group", "string"), 4: ("version", "string"),
    5: ("resource", "string"), 6: ("subresource", "string"), 7: ("name", "string"),
})  # fmt: skip
_PATH_ATTRIBUTES = Nested({1: ("path", "string"), 2: ("verb", "string")})
_RULE = {
    1: ("verbs", "strings"), 2: ("apiGroups", "strings"), 3: ("resources", "strings"), 4: ("resourceNames", "strings"),
    5: ("nonResourceURLs", "strings"),
}  # fmt: skip
_SUBJECT = {1: ("kind", "string"), 2: ("apiGroup", "string"), 3: ("name", "string"), 4: ("namespace", "string")}
_ROLE_REF = Nested({1: ("apiGroup", "string"), 2: ("kind", "string"), 3: ("name", "string")})
_ROLE: Message = {1: ("metadata", _META), 2: ("rules", Nested({**_RULE}, repeated=True))}
_BINDING: Message = {
    1: ("metadata", _META), 2: ("subjects", Nested({**_SUBJECT}, repeated=True)), 3: ("roleRef", _ROLE_REF),
}  # fmt: skip
_BOUND_OBJECT = Nested(
    {1: ("kind", "string"), 2: ("apiVersion", "string"), 3: ("name", "string"), 4: ("uid", "string")}
)
_TOKEN_SPEC = Nested(
    {1: ("audiences", "strings"), 3: ("boundObjectRef", _BOUND_OBJECT), 4: ("expirationSeconds", "int")}
)
_ACCESS_SPEC = Nested({1: ("resourceAttributes", _RESOURCE_ATTRIBUTES), 2: ("nonResourceAttributes", _PATH_ATTRIBUTES)})

KINDS: dict[str, Message] = {
    "Namespace": {1: ("metadata", _META)},
    "ServiceAccount": {1: ("metadata", _META)},
    "ConfigMap": {1: ("metadata", _META), 2: ("data", "map"), 3: ("binaryData", "bytes_map"), 4: ("immutable", "bool")},
    "Secret": {
        1: ("metadata", _META), 2: ("data", "bytes_map"), 3: ("type", "string"), 4: ("stringData", "map"),
        5: ("immutable", "bool"),
    },
    "Role": _ROLE,
    "ClusterRole": _ROLE,
    "RoleBinding": _BINDING,
    "ClusterRoleBinding": _BINDING,
    "PriorityClass": {
        1: ("metadata", _META), 2: ("value", "int"), 3: ("globalDefault", "bool"), 4: ("description", "string"),
        5: ("preemptionPolicy", "string"),
    },
    "SelfSubjectAccessReview": {1: ("metadata", _META), 2: ("spec", _ACCESS_SPEC)},
    "SelfSubjectRulesReview": {1: ("metadata", _META), 2: ("spec", Nested({1: ("namespace", "string")}))},
    "SelfSubjectReview": {1: ("metadata", _META)},
    "TokenRequest": {1: ("metadata", _META), 2: ("spec", _TOKEN_SPEC)},
    "DeleteOptions": {
        1: ("gracePeriodSeconds", "int"),
        2: ("preconditions", Nested({1: ("uid", "string"), 2: ("resourceVersion", "string")})),
        4: ("propagationPolicy", "string"), 5: ("dryRun", "strings"),
    },
}  # fmt: skip
