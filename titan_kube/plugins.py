"""Credentials from a program, as ``client.authentication.k8s.io`` describes it. Blocks; call it in a thread."""

import base64
import json
import os
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from titan_kube.config import Config, Plugin
from titan_kube.errors import ConfigurationError

SECONDS = 30.0
"""Longest run of a program."""
MARGIN = timedelta(seconds=30)
"""Credentials are asked for again so long before they expire."""


def ask_plugin(config: Config, plugin: Plugin) -> tuple[Config, datetime | None]:
    """The configuration with the program's credentials, and until when they hold. Raises ConfigurationError."""
    refusal = f"The user {plugin.user} of the kubeconfig gets credentials from {plugin.command}, "
    try:
        done = subprocess.run(
            [plugin.command, *plugin.arguments],
            env=os.environ | dict(plugin.environment) | {"KUBERNETES_EXEC_INFO": _describe(config, plugin)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
        status = json.loads(done.stdout)["status"]
        expires = status.get("expirationTimestamp")
        found = replace(
            config,
            token=status.get("token"),
            certificate=status.get("clientCertificateData"),
            key=status.get("clientKeyData"),
        )
        return found, datetime.fromisoformat(expires) - MARGIN if expires else None
    except OSError as error:
        raise ConfigurationError(f"{refusal}which cannot be run here: {error.strerror or error}.") from error
    except subprocess.TimeoutExpired as error:
        raise ConfigurationError(f"{refusal}which did not end within {SECONDS:.0f} s.") from error
    except subprocess.CalledProcessError as error:
        raise ConfigurationError(f"{refusal}which failed: {error.stderr.strip()[-300:]}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{refusal}which printed no ExecCredential: {error!r}.") from error


def _describe(config: Config, plugin: Plugin) -> str:
    spec: dict[str, Any] = {"interactive": False}
    if plugin.wants_cluster:
        authority = (config.read_authority() or "").encode()
        spec["cluster"] = {
            "server": config.server,
            "certificate-authority-data": base64.b64encode(authority).decode(),
            "insecure-skip-tls-verify": not config.verify,
        }
    return json.dumps({"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec})
