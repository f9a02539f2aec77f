"""Who is calling: static tokens of the embedded cluster's own components and people, and ServiceAccount tokens (JWT)."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from titan_api.json_types import Json
from titan_local.apiserver.persistence.storage import Storage
from titan_local.apiserver.rules.reads.grants import AUTHENTICATED
from titan_local.files import write_atomically

TOKENS_FILE = "tokens.json"
KEY_FILE = "service-account.key"
API_AUDIENCE = "https://kubernetes.default.svc"
_REMEMBERED = 10_000
"""Tokens whose signature need not be computed again."""
_POD_NAME, _POD_UID = "authentication.kubernetes.io/pod-name", "authentication.kubernetes.io/pod-uid"


@dataclass(frozen=True)
class User:
    """An authenticated caller, as in userInfo."""

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: dict[str, list[str]] = field(default_factory=dict)

    def to_dict(self) -> Json:
        """The userInfo of reviews."""
        info: Json = {"username": self.name, "groups": list(self.groups)}
        return info | ({"uid": self.uid} if self.uid else {}) | ({"extra": self.extra} if self.extra else {})


class TokenError(Exception):
    """The token is not valid; the message says why."""


def ensure_static_token(state_dir: Path, user: str, groups: list[str]) -> str:
    """The permanent token of a user, made once per state directory."""
    path = state_dir / TOKENS_FILE
    known: dict[str, Json] = json.loads(path.read_text()) if path.exists() else {}
    for token, owner in known.items():
        if owner["user"] == user:
            return token
    token = secrets.token_urlsafe(32)
    known[token] = {"user": user, "groups": groups}
    write_atomically(path, json.dumps(known), mode=0o600)
    return token


class Tokens:
    """Makes and reviews tokens."""

    def __init__(self, state_dir: Path, storage: Storage) -> None:
        self._state_dir = state_dir
        self._storage = storage
        key_file = state_dir / KEY_FILE
        if not key_file.exists():
            write_atomically(key_file, secrets.token_hex(32), mode=0o600)
        self._key = bytes.fromhex(key_file.read_text())
        self._static: dict[str, User] = {}
        self._verified: dict[str, Json] = {}

    def authenticate(self, token: str, audiences: list[str]) -> tuple[User, list[str]]:
        """The owner of a token and the audiences that it shares with those asked for. Raises TokenError."""
        static = self._find_static(token)
        if static is not None:
            return static, audiences
        claims = self._decode(token)
        shared = [audience for audience in audiences if audience in claims["aud"]]
        if not shared:
            raise TokenError(
                f"[invalid bearer token, token audiences {claims['aud']} is invalid for the target audiences {audiences}]"
            )
        return self._owner(claims), shared

    def issue(self, account: Json, audiences: list[str], seconds: int, pod: Json | None) -> tuple[str, int]:
        """A ServiceAccount's token, bound to a pod if one is given, and when it expires (Unix time)."""
        metadata = account["metadata"]
        now = int(time.time())
        bound: Json = {
            "namespace": metadata["namespace"],
            "serviceaccount": {"name": metadata["name"], "uid": metadata["uid"]},
        }
        if pod is not None:
            bound["pod"] = {"name": pod["metadata"]["name"], "uid": pod["metadata"]["uid"]}
        claims: Json = {
            "aud": audiences or [API_AUDIENCE],
            "exp": now + seconds,
            "iat": now,
            "nbf": now,
            "jti": secrets.token_hex(8),
            "iss": API_AUDIENCE,
            "sub": f"system:serviceaccount:{metadata['namespace']}:{metadata['name']}",
            "kubernetes.io": bound,
        }
        body = f"{_encode({'alg': 'HS256', 'typ': 'JWT'})}.{_encode(claims)}"
        return f"{body}.{self._sign(body)}", claims["exp"]

    def _find_static(self, token: str) -> User | None:
        """A permanent token's owner; the file is read again for a token that is new, which it may have gained."""
        if token not in self._static and "." not in token:
            path = self._state_dir / TOKENS_FILE
            known = json.loads(path.read_text()) if path.exists() else {}
            self._static = {key: User(owner["user"], (*owner["groups"], AUTHENTICATED)) for key, owner in known.items()}
        return self._static.get(token)

    def _decode(self, token: str) -> Json:
        claims = self._verified.get(token)
        if claims is None:
            if len(self._verified) >= _REMEMBERED:
                self._verified.clear()
            claims = self._verified[token] = self._verify(token)
        if claims["exp"] <= time.time():
            raise TokenError("invalid bearer token, token has expired")
        return claims

    def _verify(self, token: str) -> Json:
        """The claims, if the signature is this cluster's."""
        body, _, signature = token.rpartition(".")
        if body.count(".") != 1 or not hmac.compare_digest(self._sign(body).encode(), signature.encode()):
            raise TokenError("invalid bearer token")
        text = body.partition(".")[2]
        claims: Json = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return claims

    def _owner(self, claims: Json) -> User:
        """The ServiceAccount, if it and the pod that the token is bound to still exist."""
        bound = claims["kubernetes.io"]
        namespace, account = bound["namespace"], bound["serviceaccount"]
        found = self._storage.get("serviceaccounts", namespace, account["name"])
        if found is None or found["metadata"]["uid"] != account["uid"]:
            raise TokenError("invalid bearer token, service account has been deleted")
        extra = {}
        if "pod" in bound:
            pod = self._storage.get("pods", namespace, bound["pod"]["name"])
            if pod is None or pod["metadata"]["uid"] != bound["pod"]["uid"]:
                raise TokenError("invalid bearer token, the pod that the token is bound to has been deleted")
            extra = {_POD_NAME: [bound["pod"]["name"]], _POD_UID: [bound["pod"]["uid"]]}
        groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", AUTHENTICATED)
        return User(claims["sub"], groups, account["uid"], extra)

    def _sign(self, body: str) -> str:
        digest = hmac.new(self._key, body.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _encode(value: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")
