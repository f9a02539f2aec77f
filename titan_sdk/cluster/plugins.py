"""Kubeconfigs whose credentials come from a program, such as those of the big clouds: the official client knows how."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from titan_sdk.cluster.access import Access
from titan_sdk.errors import TitanNotConfigured
from titan_sdk.transport.certificates import Certificates
from titan_sdk.transport.http import PooledTransport
from titan_sdk.transport.installations import needing

with needing("kubernetes", "a kubeconfig with a credential plugin"):
    from kubernetes import client, config


def load_with_plugin(paths: list[Path], context: str, namespace: str | None) -> Access:
    """The access of a context. Importing this module costs half a second. Raises TitanNotConfigured."""
    load: Any = config.load_kube_config
    configuration: Any = client.Configuration()
    try:
        load(os.pathsep.join(map(str, paths)), context=context, client_configuration=configuration)
    except config.ConfigException as error:
        raise TitanNotConfigured(f"the credentials of context {context!r} cannot be obtained: {error}") from error
    certificates = Certificates(
        authority=_text(configuration.ssl_ca_cert),
        certificate=_text(configuration.cert_file),
        key=_text(configuration.key_file),
        insecure=not configuration.verify_ssl,
    )
    return Access(
        server=str(configuration.host).rstrip("/"),
        transport=PooledTransport(
            certificates.make_context,
            server_name=str(configuration.tls_server_name or ""),
            proxy=str(configuration.proxy or ""),
        ),
        # Asking again runs the program again once its token is about to expire; older clients used the alias.
        authorization=lambda: configuration.get_api_key_with_prefix("BearerToken", "authorization"),
        namespace=namespace,
    )


def _text(path: str | None) -> str | None:
    return Path(path).read_text() if path else None
