"""Subresources that do something instead of showing a part: a pod's binding and eviction, a ServiceAccount's token."""

from dataclasses import replace

from titan_api.json_types import Json
from titan_local.apiserver.http.requests import RequestInfo
from titan_local.apiserver.identity.reviews import Reviews
from titan_local.apiserver.objects import Objects, WriteOptions
from titan_local.apiserver.rules.errors import ApiError, conflict, method_not_allowed
from titan_local.apiserver.rules.mistakes import required
from titan_local.apiserver.rules.resources import ResourceType

_SUCCESS = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


class Subresources:
    """Answers POSTs to subresources."""

    def __init__(self, objects: Objects, reviews: Reviews) -> None:
        self._objects = objects
        self._reviews = reviews

    def post(self, resource: ResourceType, info: RequestInfo, body: Json) -> Json:
        """The answer's body. Raises ApiError 404, 405, 409, 422."""
        match info.subresource:
            case "token":
                return self._reviews.request_token(resource, info.namespace, info.name, body)
            case "binding":
                return self._bind(resource, info, body)
            case "eviction":
                self._objects.delete(resource, info.namespace, info.name, body.get("deleteOptions") or {})
                return dict(_SUCCESS)
        raise method_not_allowed()

    def _bind(self, resource: ResourceType, info: RequestInfo, body: Json) -> Json:
        """A scheduler's decision; a pod is bound once."""
        node = (body.get("target") or {}).get("name")
        if not node:
            raise ApiError(500, "", str(required("target.name")))  # 500 and no reason, as on the real server

        def bound(pod: Json) -> Json:
            taken = pod["spec"].get("nodeName")
            if taken:
                raise conflict(
                    replace(resource, plural="pods/binding"),
                    info.name,
                    f'pod {info.name} is already assigned to node "{taken}"',
                )
            return pod | {"spec": pod["spec"] | {"nodeName": node}}

        self._objects.change(resource, info.namespace, info.name, bound, WriteOptions(subresource="binding"))
        return dict(_SUCCESS)
