"""A certificate authority of the embedded cluster's own, the server's certificate, and certificates for people.

TLS is not for secrecy on loopback: kubectl drops a bearer token over plain http. A client certificate names its user
and groups as everywhere in Kubernetes (common name and organizations), for clients that send nothing else.
"""

import ssl
from pathlib import Path

from titan_local.kubeconfigs import KeyPair

AUTHORITY_FILE = "ca.crt"
AUTHORITY_KEY_FILE = "ca.key"
SERVER_FILE = "server.pem"


def ensure_authority(state_dir: Path) -> str:
    """The authority's certificate as PEM; it and the server's certificate are made once per state directory."""
    authority, key, server = (state_dir / name for name in (AUTHORITY_FILE, AUTHORITY_KEY_FILE, SERVER_FILE))
    if not all(file.exists() for file in (authority, key, server)):
        # Only here, because it loads a big library.
        from titan_local.apiserver.identity.issuing import create_authority

        create_authority(authority, key, server)
    return authority.read_text()


def ensure_client_certificate(state_dir: Path, user: str, groups: list[str]) -> KeyPair:
    """The certificate that makes its bearer a user of some groups; made once per state directory."""
    certificate, key = state_dir / f"{user}.crt", state_dir / f"{user}.key"
    ensure_authority(state_dir)
    if not (certificate.exists() and key.exists()):
        from titan_local.apiserver.identity.issuing import create_client

        create_client(state_dir / AUTHORITY_KEY_FILE, user, groups, certificate, key)
    return KeyPair(certificate.read_text(), key.read_text())


def server_context(state_dir: Path) -> ssl.SSLContext:
    """The TLS settings of the server; clients may show a certificate of the authority, and need not."""
    ensure_authority(state_dir)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(state_dir / SERVER_FILE)
    context.load_verify_locations(state_dir / AUTHORITY_FILE)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context
