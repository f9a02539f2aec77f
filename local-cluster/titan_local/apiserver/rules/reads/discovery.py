"""Discovery documents and OpenAPI v3: what clients ask before their first real request."""

from collections.abc import Iterable

from titan_api.json_types import Json
from titan_local.apiserver.rules.resources import ResourceType

VERSION_INFO: Json = {
    "major": "1",
    "minor": "34",
    "gitVersion": "v1.34.10-titan-local",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "none",
    "compiler": "none",
    "platform": "titan local API subset",
}
_PATCH_TYPES = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"]
_STRATEGIC = "application/strategic-merge-patch+json"
"""Offered for built-in kinds alone: kubectl sends it wherever it is offered."""


def api_versions(address: str) -> Json:
    """/api."""
    return {
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}],
    }


def api_group(group: str, versions: list[str]) -> Json:
    """/apis/GROUP."""
    listed = [{"groupVersion": f"{group}/{version}", "version": version} for version in versions]
    return {"kind": "APIGroup", "apiVersion": "v1", "name": group, "versions": listed, "preferredVersion": listed[0]}


def api_group_list(resources: Iterable[ResourceType]) -> Json:
    """/apis."""
    groups = [api_group(group, versions) for group, versions in _groups(resources).items() if group]
    for group in groups:
        del group["kind"], group["apiVersion"]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def api_resource_list(resources: Iterable[ResourceType], group: str, version: str) -> Json:
    """/api/v1 and /apis/GROUP/VERSION."""
    listed: list[Json] = []
    for resource in resources:
        if (resource.group, resource.version) == (group, version):
            listed.append(_api_resource(resource, resource.plural, list(resource.verbs)))
            listed += [
                _api_resource(resource, f"{resource.plural}/{name}", verbs) for name, verbs in _subresources(resource)
            ]
    group_version = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": listed}


def aggregated(resources: Iterable[ResourceType], *, core: bool) -> Json:
    """/api and /apis in the form APIGroupDiscoveryList of apidiscovery.k8s.io/v2."""
    known = list(resources)
    items = []
    for group, versions in _groups(known).items():
        if (group == "") is not core:
            continue
        listed = [
            {
                "version": version,
                "freshness": "Current",
                "resources": [_discovered(r) for r in known if (r.group, r.version) == (group, version)],
            }
            for version in versions
        ]
        items.append({"metadata": {"name": group, "creationTimestamp": None}, "versions": listed})
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def openapi_index(resources: Iterable[ResourceType]) -> Json:
    """/openapi/v3."""
    paths = dict.fromkeys(_openapi_path(resource) for resource in resources)
    return {"paths": {path: {"serverRelativeURL": f"/openapi/v3/{path}"} for path in paths}}


def openapi_document(resources: Iterable[ResourceType], path: str) -> Json | None:
    """/openapi/v3/PATH: one group and version; None if nothing is served there."""
    served = [resource for resource in resources if _openapi_path(resource) == path]
    if not served:
        return None
    paths: Json = {}
    schemas: Json = {"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": _OBJECT_META}
    for resource in served:
        scope = "namespaces/{namespace}/" if resource.namespaced else ""
        base = f"/{path}/{scope}{resource.plural}"
        kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
        schemas[_schema_name(resource)] = _openapi_schema(resource, kind)
        reference = {"$ref": f"#/components/schemas/{_schema_name(resource)}"}
        patch_types = _PATCH_TYPES if resource.is_custom else [*_PATCH_TYPES, _STRATEGIC]
        paths[base] = {verb: _operation(verb, kind, reference, []) for verb in ("get", "post")}
        paths[base + "/{name}"] = {
            verb: _operation(verb, kind, reference, patch_types) for verb in ("get", "put", "patch", "delete")
        }
    info = {"title": "Titan local API subset", "version": VERSION_INFO["gitVersion"]}
    return {"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def _groups(resources: Iterable[ResourceType]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for resource in resources:
        versions = groups.setdefault(resource.group, [])
        if resource.version not in versions:
            versions.append(resource.version)
    return groups


def _subresources(resource: ResourceType) -> list[tuple[str, list[str]]]:
    status = [("status", ["get", "patch", "update"])] if resource.status_subresource else []
    verbs = {"log": ["get"], "proxy": ["create", "delete", "get", "patch", "update"]}
    return status + [(name, verbs.get(name, ["create"])) for name in resource.extra_subresources]


def _api_resource(resource: ResourceType, name: str, verbs: list[str]) -> Json:
    listed: Json = {
        "name": name,
        "singularName": resource.singular if name == resource.plural else "",
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": verbs,
    }
    return listed | (_further_names(resource) if name == resource.plural else {})


def _further_names(resource: ResourceType) -> Json:
    listed = {"shortNames": list(resource.short_names), "categories": list(resource.categories)}
    return {field: names for field, names in listed.items() if names}


def _discovered(resource: ResourceType) -> Json:
    kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
    found: Json = {
        "resource": resource.plural,
        "responseKind": kind,
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": list(resource.verbs),
    }
    found |= _further_names(resource)
    if subresources := _subresources(resource):
        found["subresources"] = [{"subresource": n, "responseKind": kind, "verbs": v} for n, v in subresources]
    return found


def _openapi_path(resource: ResourceType) -> str:
    return f"apis/{resource.group}/{resource.version}" if resource.group else f"api/{resource.version}"


def _schema_name(resource: ResourceType) -> str:
    group = ".".join(reversed((resource.group or "core.api.k8s.io").split(".")))
    return f"{group}.{resource.version}.{resource.kind}"


def _openapi_schema(resource: ResourceType, kind: Json) -> Json:
    own = resource.schema or {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    properties = {
        "apiVersion": {"type": "string", "description": "Version of the schema of this object."},
        "kind": {"type": "string", "description": "Kind of this object."},
        "metadata": {"$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
        **own.get("properties", {}),
    }
    schema = {**own, "properties": properties, "x-kubernetes-group-version-kind": [kind]}
    schema.setdefault("description", f"{resource.kind} of the local API subset.")
    return schema


def _operation(verb: str, kind: Json, reference: Json, patch_types: list[str]) -> Json:
    content = {"application/json": {"schema": reference}}
    operation: Json = {
        "x-kubernetes-action": verb,
        "x-kubernetes-group-version-kind": kind,
        "responses": {"200": {"description": "OK", "content": content}},
    }
    if verb in ("post", "put", "patch"):
        parameters = ("dryRun", "fieldManager", "fieldValidation", *(("force",) if verb == "patch" else ()))
        operation["parameters"] = [{"name": n, "in": "query", "schema": {"type": "string"}} for n in parameters]
        types = patch_types if verb == "patch" else ["application/json"]
        operation["requestBody"] = {"content": {kind_of_body: {"schema": reference} for kind_of_body in types}}
    return operation


_OBJECT_META: Json = {
    "type": "object",
    "description": "Standard metadata of an object.",
    "properties": {
        "name": {"type": "string", "description": "Unique within a namespace."},
        "namespace": {"type": "string", "description": "The space within which the name is unique."},
        "uid": {"type": "string", "description": "Unique in time and space; set by the server."},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Selectable pairs."},
        "annotations": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Other pairs."},
        "creationTimestamp": {"type": "string", "format": "date-time", "description": "Set by the server."},
        "resourceVersion": {"type": "string", "description": "Changes with each write."},
        "generation": {"type": "integer", "format": "int64", "description": "Changes with each write of the spec."},
        "ownerReferences": {"type": "array", "items": {"type": "object"}, "description": "Objects this depends on."},
        "finalizers": {"type": "array", "items": {"type": "string"}, "description": "Must be empty before removal."},
    },
}
