"""Subresources that do something instead of showing a part: a pod's binding and eviction, a ServiceAccount's token."""

from dataclasses import replace

from titan_api.json_types import Json
from titan_local.apiserver.http.requests import Call
from titan_local.apiserver.identity.reviews import Reviews
from titan_local.apiserver.objects import Objects, WriteOptions
from titan_local.apiserver.rules.errors import ApiError, conflict, method_not_allowed
from titan_local.apiserver.rules.mistakes import required

_SUCCESS = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


class Subresources:
    """Answers POSTs to subresources."""

    def __init__(self, objects: Objects, reviews: Reviews) -> None:
        self._objects = objects
        self._reviews = reviews

    def post(self, call: Call, body: Json) -> Json:
        """The answer's body. Raises ApiError 404, 405, 409, 422."""
        match call.info.subresource:
            case "token":
                return self._reviews.request_token(*call.place, body)
            case "binding":
                return self._bind(call, body)
            case "eviction":
                self._objects.delete(*call.place, body.get("deleteOptions") or {})
                return dict(_SUCCESS)
        raise method_not_allowed()

    def _bind(self, call: Call, body: Json) -> Json:
        """A scheduler's decision; a pod is bound once."""
        node = (body.get("target") or {}).get("name")
        if not node:
            raise ApiError(500, "", str(required("target.name")))  # 500 and no reason, as on the real server

        def bound(pod: Json) -> Json:
            taken = pod["spec"].get("nodeName")
            if taken:
                name = call.info.name
                why = f'pod {name} is already assigned to node "{taken}"'
                raise conflict(replace(call.resource, plural="pods/binding"), name, why)
            return pod | {"spec": pod["spec"] | {"nodeName": node}}

        self._objects.change(*call.place, bound, WriteOptions(subresource="binding"))
        return dict(_SUCCESS)
