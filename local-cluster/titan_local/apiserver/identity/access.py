"""Who calls, and whether they may: credentials, impersonation, authorization, the rule against escalation."""

from typing import Any

from aiohttp import web

from titan_api.json_types import Json
from titan_local.apiserver.identity.rbac import GROUP, Authorizer
from titan_local.apiserver.identity.tokens import API_AUDIENCE, TokenError, Tokens, User
from titan_local.apiserver.rules.errors import ApiError, forbidden
from titan_local.apiserver.rules.reads import grants
from titan_local.apiserver.rules.resources import ResourceType

ANONYMOUS = User("system:anonymous", (grants.UNAUTHENTICATED,))
_ACCOUNT_PREFIX = "system:serviceaccount:"
_EXTRA_HEADER = "impersonate-extra-"


class Access:
    """Answers "who is it" and "may they", in the real server's words."""

    def __init__(self, tokens: Tokens, authorizer: Authorizer) -> None:
        self._tokens = tokens
        self._authorizer = authorizer

    def identify(self, request: web.Request) -> User:
        """The caller, or whom the caller impersonates. Raises ApiError 401, 403."""
        user = self._by_credentials(request)
        if "Impersonate-User" in request.headers:
            return self._impersonated(user, request)
        if "Impersonate-Group" in request.headers:
            groups = request.headers.getall("Impersonate-Group")
            raise ApiError(500, "InternalError", f"Internal error occurred: requested {groups} without a user")
        return user

    def require(self, user: User, wanted: grants.Attributes) -> None:
        """Raise ApiError 403 unless it is allowed."""
        allowed, _ = self._authorizer.check(user, wanted)
        if allowed:
            return
        if wanted.path:
            raise forbidden(f'forbidden: User "{user.name}" cannot {wanted.verb} path "{wanted.path}"')
        plural = wanted.resource.partition("/")[0]
        group_resource = f"{plural}.{wanted.group}" if wanted.group else plural
        name = f' "{wanted.name}"' if wanted.name else ""
        scope = f'in the namespace "{wanted.namespace}"' if wanted.namespace else "at the cluster scope"
        raise forbidden(
            f'{group_resource}{name} is forbidden: User "{user.name}" cannot {wanted.verb} resource '
            f'"{wanted.resource}" in API group "{wanted.group}" {scope}',
            {"name": wanted.name, "group": wanted.group, "kind": plural},
        )

    def check_grant(self, user: User, resource: ResourceType, new: Json, old: Json | None) -> None:
        """Nobody gives away rights that they do not hold, unless allowed to escalate or bind. Raises ApiError 403."""
        if (
            resource.group != GROUP
            or grants.MASTERS in user.groups
            or (old is not None and _grants(new) == _grants(old))
        ):
            return
        metadata = new.get("metadata") or {}
        namespace, name = metadata.get("namespace", ""), metadata.get("name", "")
        role = new.get("roleRef")
        if role is None:
            lifted = grants.Attributes("escalate", GROUP, resource.plural, namespace, name)
        else:
            if self._authorizer.role_rules(role, namespace) is None:
                kind = f"{role['kind'].lower()}.{GROUP}"
                raise ApiError(404, "NotFound", f'{kind} "{role["name"]}" not found')
            lifted = grants.Attributes("bind", GROUP, f"{role['kind'].lower()}s", namespace, role["name"])
        if self._authorizer.check(user, lifted)[0]:
            return
        missing = self._authorizer.missing_for(user, new, namespace)
        if missing:
            who = f'user "{user.name}" (groups={grants.quoted(user.groups)})'
            listed = "\n".join(sorted(map(grants.describe_rule, missing)))
            text = f"{who} is attempting to grant RBAC permissions not currently held:\n{listed}"
            raise forbidden(f'{resource.group_resource} "{name}" is forbidden: {text}')

    def _by_credentials(self, request: web.Request) -> User:
        header = request.headers.get("Authorization")
        if header is None:
            return _by_certificate(request) or ANONYMOUS
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ApiError(401, "Unauthorized", "Unauthorized")
        try:
            user, _ = self._tokens.authenticate(token.strip(), [API_AUDIENCE])
        except TokenError as error:
            raise ApiError(401, "Unauthorized", "Unauthorized") from error
        return user

    def _impersonated(self, user: User, request: web.Request) -> User:
        """Whom somebody wants to act as; each part needs a right of its own."""
        headers = request.headers
        name, groups = headers["Impersonate-User"], headers.getall("Impersonate-Group", [])
        namespace, _, account = name.removeprefix(_ACCOUNT_PREFIX).partition(":")
        is_account = name.startswith(_ACCOUNT_PREFIX) and bool(account)
        if is_account:
            self.require(user, grants.Attributes("impersonate", "", "serviceaccounts", namespace, account))
        else:
            self.require(user, grants.Attributes("impersonate", "", "users", name=name))
        for group in groups:
            self.require(user, grants.Attributes("impersonate", "", "groups", name=group))
        extra: dict[str, list[str]] = {}
        for key, value in headers.items():
            if key.lower().startswith(_EXTRA_HEADER):
                field = key.lower().removeprefix(_EXTRA_HEADER)
                wanted = grants.Attributes("impersonate", "authentication.k8s.io", f"userextras/{field}", name=value)
                self.require(user, wanted)
                extra.setdefault(field, []).append(value)
        if is_account and not groups:
            groups = ["system:serviceaccounts", f"system:serviceaccounts:{namespace}"]
        uid = headers.get("Impersonate-Uid", "")
        if uid:
            self.require(user, grants.Attributes("impersonate", "authentication.k8s.io", "uids", name=uid))
        everybody = grants.UNAUTHENTICATED if name == ANONYMOUS.name else grants.AUTHENTICATED
        return User(name, tuple(dict.fromkeys([*groups, everybody])), uid=uid, extra=extra)


def _by_certificate(request: web.Request) -> User | None:
    """The user whom a client certificate of the cluster's authority names."""
    certificate = request.transport.get_extra_info("peercert") if request.transport is not None else None
    if not certificate:
        return None
    pairs = [pair for part in certificate["subject"] for pair in part]
    names = [value for key, value in pairs if key == "commonName"]
    groups = [value for key, value in pairs if key == "organizationName"]
    return User(names[-1], (*groups, grants.AUTHENTICATED)) if names else None


def _grants(obj: Json) -> tuple[Any, Any, Any]:
    return obj.get("rules"), obj.get("roleRef"), obj.get("subjects")
