"""The credentials of the components: a token and a kubeconfig each, made once per state directory.

Only people's own kubeconfig, the scheduler and the kubelet may do everything. The operator and the store have exactly
the rights of their ClusterRoles, as they have in a real cluster, so a missing right is found here; the controllers
have what they need.
"""

from titan_local.apiserver.identity.certificates import ensure_authority, ensure_client_certificate
from titan_local.apiserver.identity.tokens import ensure_static_token
from titan_local.files import write_atomically
from titan_local.kubeconfigs import write_kubeconfig
from titan_local.running import components
from titan_local.running.states import Ports, StateDir, api_url

MASTERS = "system:masters"
PERSON = "titan-local-admin"
GROUPS: dict[str, list[str]] = {
    components.SCHEDULER: [MASTERS],
    components.KUBELET: [MASTERS],
    components.OPERATOR: [],
    components.STORE: [],
    components.CONTROLLERS: [],
}


def write_credentials(state: StateDir, ports: Ports) -> None:
    """Tokens, kubeconfigs and the operator's configuration. Raises OSError."""
    authority, server = ensure_authority(state.root), api_url(ports)
    token = ensure_static_token(state.root, PERSON, [MASTERS])
    # People's clients differ in which of the two they send.
    certificate = ensure_client_certificate(state.root, PERSON, [MASTERS])
    write_kubeconfig(state.kubeconfig, server, authority, token, certificate=certificate)
    for name, groups in GROUPS.items():
        token = ensure_static_token(state.root, components.component_user(name), groups)
        write_kubeconfig(state.component_kubeconfig(name), server, authority, token)
        if name == components.OPERATOR:
            # The store answers the operator for the same token that the API server knows.
            write_atomically(state.root / "operator.token", token, mode=0o600)
    components.write_configuration(state, ports)
