"""Which resources are served: the built-in ones and those that CustomResourceDefinitions add."""

from collections.abc import Iterator
from typing import Any

from titan_local.apiserver.rules.resources import Column, ResourceType
from titan_local.apiserver.rules.schemas.expressions import plant_rules

CRD_PLURAL = "customresourcedefinitions"
_RBAC = "rbac.authorization.k8s.io"
_REVIEW = ("create",)


def _core(plural: str, singular: str, kind: str, *short: str, **fields: Any) -> ResourceType:
    return ResourceType("", "v1", plural, singular, kind, short_names=short, **fields)


def _rbac(plural: str, singular: str, kind: str, *, namespaced: bool) -> ResourceType:
    return ResourceType(_RBAC, "v1", plural, singular, kind, namespaced=namespaced)


def _review(group: str, plural: str, kind: str) -> ResourceType:
    return ResourceType(group, "v1", plural, kind.lower(), kind, namespaced=plural.startswith("local"), verbs=_REVIEW)


BUILTIN: tuple[ResourceType, ...] = (
    _core("namespaces", "namespace", "Namespace", "ns", namespaced=False, status_subresource=True,
          extra_subresources=("finalize",)),
    _core("nodes", "node", "Node", "no", namespaced=False, status_subresource=True),
    _core("pods", "pod", "Pod", "po", categories=("all",), status_subresource=True,
          extra_subresources=("log", "binding", "eviction")),
    _core("services", "service", "Service", "svc", categories=("all",), status_subresource=True,
          extra_subresources=("proxy",)),
    _core("endpoints", "endpoints", "Endpoints", "ep"),
    _core("configmaps", "configmap", "ConfigMap", "cm"),
    _core("secrets", "secret", "Secret"),
    _core("serviceaccounts", "serviceaccount", "ServiceAccount", "sa", extra_subresources=("token",)),
    _core("events", "event", "Event", "ev"),
    _core("persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim", "pvc", status_subresource=True),
    ResourceType("events.k8s.io", "v1", "events", "event", "Event", short_names=("ev",)),
    ResourceType("coordination.k8s.io", "v1", "leases", "lease", "Lease"),
    ResourceType("scheduling.k8s.io", "v1", "priorityclasses", "priorityclass", "PriorityClass",
                 namespaced=False, short_names=("pc",)),
    ResourceType("apps", "v1", "deployments", "deployment", "Deployment", short_names=("deploy",),
                 categories=("all",), status_subresource=True),
    _rbac("roles", "role", "Role", namespaced=True),
    _rbac("rolebindings", "rolebinding", "RoleBinding", namespaced=True),
    _rbac("clusterroles", "clusterrole", "ClusterRole", namespaced=False),
    _rbac("clusterrolebindings", "clusterrolebinding", "ClusterRoleBinding", namespaced=False),
    ResourceType("apiextensions.k8s.io", "v1", CRD_PLURAL, "customresourcedefinition", "CustomResourceDefinition",
                 namespaced=False, short_names=("crd", "crds"), status_subresource=True),
    _review("authentication.k8s.io", "tokenreviews", "TokenReview"),
    _review("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
    _review("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"),
    _review("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
    _review("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
)  # fmt: skip

CRD_TYPE = next(resource for resource in BUILTIN if resource.plural == CRD_PLURAL)


class Catalog:
    """The served resources; changes with each CustomResourceDefinition."""

    def __init__(self) -> None:
        self._types: dict[tuple[str, str, str], ResourceType] = {}
        self._kinds: dict[tuple[str, str], ResourceType] = {}
        self._stored: dict[str, ResourceType] = {}
        for resource in BUILTIN:
            self._add(resource)

    def __iter__(self) -> Iterator[ResourceType]:
        return iter(self._types.values())

    def find(self, group: str, version: str, plural: str) -> ResourceType | None:
        """The resource at a path, if it is served."""
        return self._types.get((group, version, plural))

    def core(self, plural: str) -> ResourceType:
        """A built-in resource of the core group."""
        return self._types["", "v1", plural]

    def by_kind(self, api_version: str, kind: str) -> ResourceType | None:
        """The resource that an owner reference names."""
        return self._kinds.get((api_version, kind))

    def by_stored_name(self, stored_as: str) -> ResourceType | None:
        """The resource whose objects are kept under a name."""
        return self._stored.get(stored_as)

    def has_group(self, group: str) -> bool:
        """Whether anything of a group is served."""
        return any(resource.group == group for resource in self)

    def define(self, definition: dict[str, Any]) -> None:
        """Serve what a CustomResourceDefinition describes."""
        self.forget(definition)
        for version in definition["spec"]["versions"]:
            if version.get("served"):
                self._add(_custom(definition["spec"], version))

    def forget(self, definition: dict[str, Any]) -> list[ResourceType]:
        """Stop serving it; what was served is returned, so that its objects can be removed."""
        spec = definition["spec"]
        gone = [r for r in self if r.is_custom and (r.group, r.plural) == (spec["group"], spec["names"]["plural"])]
        for resource in gone:
            del self._types[resource.group, resource.version, resource.plural]
            del self._kinds[resource.api_version, resource.kind]
            self._stored.pop(resource.stored_as, None)
        return gone

    def _add(self, resource: ResourceType) -> None:
        self._types[resource.group, resource.version, resource.plural] = resource
        self._kinds[resource.api_version, resource.kind] = resource
        self._stored.setdefault(resource.stored_as, resource)


def _custom(spec: dict[str, Any], version: dict[str, Any]) -> ResourceType:
    names, schema = spec["names"], version["schema"]["openAPIV3Schema"]
    columns = tuple(
        Column(c["name"], c["type"], c["jsonPath"], c.get("priority", 0), c.get("description", ""))
        for c in version.get("additionalPrinterColumns", [])
    )
    return ResourceType(
        group=spec["group"],
        version=version["name"],
        plural=names["plural"],
        singular=names.get("singular") or names["kind"].lower(),
        kind=names["kind"],
        namespaced=spec.get("scope") != "Cluster",
        short_names=tuple(names.get("shortNames", ())),
        categories=tuple(names.get("categories", ())),
        status_subresource="status" in (version.get("subresources") or {}),
        schema=schema,
        rules=plant_rules(schema),
        columns=columns or (Column("Age", "date", ".metadata.creationTimestamp"),),
        selectable_fields=tuple(f["jsonPath"].lstrip(".") for f in version.get("selectableFields", ())),
        list_kind=names.get("listKind") or f"{names['kind']}List",
    )
