"""Questions about identity and rights: TokenRequest, TokenReview and the access reviews."""

from datetime import UTC, datetime

from titan_api.json_types import Json
from titan_api.times import format_second
from titan_local.apiserver.identity.rbac import Authorizer
from titan_local.apiserver.identity.tokens import API_AUDIENCE, TokenError, Tokens, User
from titan_local.apiserver.objects import Objects
from titan_local.apiserver.rules import errors
from titan_local.apiserver.rules.mistakes import invalid_value
from titan_local.apiserver.rules.reads.grants import MASTERS, Attributes
from titan_local.apiserver.rules.resources import ResourceType

SHORTEST_TOKEN_SECONDS = 600
LONGEST_TOKEN_SECONDS = 2**32
_NAMELESS = ResourceType("authorization.k8s.io", "v1", "", "", "")
"""The real server does not say which kind of review was wrong."""


class Reviews:
    """Answers reviews; nothing of them is stored."""

    def __init__(self, objects: Objects, tokens: Tokens, authorizer: Authorizer) -> None:
        self._objects = objects
        self._tokens = tokens
        self._authorizer = authorizer

    def answer(self, resource: ResourceType, body: Json, user: User) -> Json:
        """The review with its status."""
        head = {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": body.get("metadata") or {}}
        spec = body.get("spec") or {}
        if resource.plural in ("subjectaccessreviews", "selfsubjectaccessreviews"):
            _check_access(spec, names_somebody=resource.plural == "subjectaccessreviews")
        match resource.plural:
            case "selfsubjectrulesreviews" if not spec.get("namespace"):
                raise errors.bad_request("no namespace on request")
            case "tokenreviews" if not spec.get("token"):
                raise errors.bad_request("token is required for TokenReview in authentication")
            case "tokenreviews":
                status = self._review_token(spec)
            case "selfsubjectreviews":
                return head | {"status": {"userInfo": user.to_dict()}}
            case "subjectaccessreviews":
                groups = tuple(spec.get("groups") or ())
                status = self._review_access(User(spec.get("user") or "", groups), spec)
            case "selfsubjectaccessreviews":
                status = self._review_access(user, spec)
            case _:
                status = self._list_rules(user, spec.get("namespace") or "")
        return head | {"spec": spec, "status": status}

    def request_token(self, resource: ResourceType, namespace: str, name: str, body: Json) -> Json:
        """TokenRequest. Raises ApiError 404, 422."""
        account = self._objects.get(resource, namespace, name)
        spec = body.get("spec") or {}
        seconds = spec.get("expirationSeconds") or 3600
        if seconds < SHORTEST_TOKEN_SECONDS or seconds > LONGEST_TOKEN_SECONDS:
            text = (
                "may not specify a duration less than 10 minutes"
                if seconds < SHORTEST_TOKEN_SECONDS
                else "may not specify a duration larger than 2^32 seconds"
            )
            mistake = invalid_value("spec.expirationSeconds", seconds, text)
            kind = ResourceType("authentication.k8s.io", "v1", "tokenrequests", "tokenrequest", "TokenRequest")
            raise errors.invalid(kind, "", [mistake])
        pod = self._bound_pod(namespace, spec.get("boundObjectRef"))
        audiences = spec.get("audiences") or [API_AUDIENCE]
        token, expires = self._tokens.issue(account, audiences, seconds, pod)
        moment = format_second(datetime.fromtimestamp(expires, UTC))
        return {
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "audiences": audiences,
                "expirationSeconds": seconds,
                "boundObjectRef": spec.get("boundObjectRef"),
            },
            "status": {"token": token, "expirationTimestamp": moment},
        }

    def _bound_pod(self, namespace: str, reference: Json | None) -> Json | None:
        if not reference:
            return None
        if reference.get("kind") != "Pod":
            raise errors.bad_request(
                f"cannot bind token to object of type /{reference.get('apiVersion', '')}, Kind={reference.get('kind')}"
            )
        pods = self._objects.catalog.core("pods")
        pod = self._objects.get(pods, namespace, str(reference.get("name")))
        if reference.get("uid") and reference["uid"] != pod["metadata"]["uid"]:
            raise errors.conflict(pods, pod["metadata"]["name"], "the UID in the bound object reference does not match")
        return pod

    def _review_token(self, spec: Json) -> Json:
        audiences = spec.get("audiences") or [API_AUDIENCE]
        try:
            user, shared = self._tokens.authenticate(str(spec.get("token") or ""), audiences)
        except TokenError as error:
            return {"user": {}, "error": str(error)}
        return {"authenticated": True, "user": user.to_dict(), "audiences": shared}

    def _review_access(self, user: User, spec: Json) -> Json:
        wanted, other = spec.get("resourceAttributes") or {}, spec.get("nonResourceAttributes") or {}
        subresource = f"/{wanted['subresource']}" if wanted.get("subresource") else ""
        attributes = Attributes(
            verb=wanted.get("verb") or other.get("verb") or "",
            group=wanted.get("group") or "",
            resource=(wanted.get("resource") or "") + subresource,
            namespace=wanted.get("namespace") or "",
            name=wanted.get("name") or "",
            path=other.get("path") or "",
        )
        allowed, reason = self._authorizer.check(user, attributes)
        return {"allowed": allowed} | ({"reason": reason} if reason else {})

    def _list_rules(self, user: User, namespace: str) -> Json:
        rules = [rule for rule, _ in self._authorizer.rules(user, namespace)]
        if MASTERS in user.groups:
            rules = [
                {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
                {"verbs": ["*"], "nonResourceURLs": ["*"]},
            ]
        return {
            "resourceRules": [rule for rule in rules if "resources" in rule],
            "nonResourceRules": [rule for rule in rules if "nonResourceURLs" in rule],
            "incomplete": False,
        }


def _check_access(spec: Json, *, names_somebody: bool) -> None:
    """Raise ApiError 422 for a question about nobody or about nothing."""
    mistakes = []
    resource, path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    if resource is not None and path is not None:
        shown = {key.capitalize(): value for key, value in path.items()}
        text = "cannot be specified in combination with resourceAttributes"
        mistakes.append(invalid_value("spec.nonResourceAttributes", shown, text))
    if resource is None and path is None:
        text = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        mistakes.append(invalid_value("spec.resourceAttributes", None, text))
    if names_somebody and not spec.get("user") and not spec.get("groups"):
        mistakes.append(invalid_value("spec.user", "", "at least one of user or group must be specified"))
    if mistakes:
        raise errors.invalid(_NAMELESS, "", mistakes)
