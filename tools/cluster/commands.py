"""The command line of each of the node's programs."""

from collections.abc import Mapping

from tools.cluster.layouts import NODE_NAME, Layout

Command = list[str]

_ETCD = "http://127.0.0.1:2379"
_ETCD_PEER = "http://127.0.0.1:2380"


def etcd(layout: Layout) -> Command:
    """Without fsync: no data of a cluster outlives the machine anyway, and a busy disk would delay every write."""
    urls = {
        "listen-client-urls": _ETCD,
        "advertise-client-urls": _ETCD,
        "listen-peer-urls": _ETCD_PEER,
        "initial-advertise-peer-urls": _ETCD_PEER,
        "initial-cluster": f"default={_ETCD_PEER}",
    }
    settings = {"data-dir": f"{layout.state}/etcd", "quota-backend-bytes": str(8 << 30), "log-level": "warn"}
    return [f"{layout.bin}/etcd", *_flags(settings | urls), "--unsafe-no-fsync"]


def containerd(layout: Layout) -> Command:
    """The machine's containerd, as a second instance with a root, a socket and a configuration of its own."""
    return ["containerd", "--config", f"{layout.state}/containerd.toml", "--log-level", "warn"]


def api_server(layout: Layout) -> Command:
    """With the node's and RBAC's authorizers, and with the aggregation layer."""
    pki = layout.pki
    serving = {
        "bind-address": "0.0.0.0",
        "secure-port": "6443",
        "advertise-address": layout.node_address,
        "tls-cert-file": f"{pki}/apiserver.crt",
        "tls-private-key-file": f"{pki}/apiserver.key",
        "service-cluster-ip-range": layout.service_cidr,
        "etcd-servers": _ETCD,
    }
    people = {
        "client-ca-file": f"{pki}/ca.crt",
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NodeRestriction",
        "allow-privileged": "true",
        "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
        "service-account-key-file": f"{pki}/service-accounts.pub",
        "service-account-signing-key-file": f"{pki}/service-accounts.key",
    }
    kubelets = {
        "kubelet-certificate-authority": f"{pki}/ca.crt",
        "kubelet-client-certificate": f"{pki}/apiserver-kubelet-client.crt",
        "kubelet-client-key": f"{pki}/apiserver-kubelet-client.key",
        "kubelet-preferred-address-types": "InternalIP",
    }
    aggregation = {
        "requestheader-client-ca-file": f"{pki}/front-proxy-ca.crt",
        "requestheader-allowed-names": "front-proxy-client",
        "requestheader-username-headers": "X-Remote-User",
        "requestheader-group-headers": "X-Remote-Group",
        "requestheader-extra-headers-prefix": "X-Remote-Extra-",
        "proxy-client-cert-file": f"{pki}/front-proxy-client.crt",
        "proxy-client-key-file": f"{pki}/front-proxy-client.key",
        "enable-aggregator-routing": "true",
    }
    return [f"{layout.bin}/kube-apiserver", *_flags(serving | people | kubelets | aggregation)]


def controller_manager(layout: Layout) -> Command:
    """All controllers, each with its own identity, and alone, so without an election."""
    kubeconfig = str(layout.kubeconfig("kube-controller-manager"))
    settings = {
        "kubeconfig": kubeconfig,
        "authentication-kubeconfig": kubeconfig,
        "authorization-kubeconfig": kubeconfig,
        "leader-elect": "false",
        "use-service-account-credentials": "true",
        "bind-address": "127.0.0.1",
        "service-account-private-key-file": f"{layout.pki}/service-accounts.key",
        "root-ca-file": f"{layout.pki}/ca.crt",
        "cluster-signing-cert-file": f"{layout.pki}/ca.crt",
        "cluster-signing-key-file": f"{layout.pki}/ca.key",
        "kube-api-qps": "500",
        "kube-api-burst": "1000",
    }
    return [f"{layout.bin}/kube-controller-manager", *_flags(settings)]


def scheduler(layout: Layout) -> Command:
    """The scheduler."""
    kubeconfig = str(layout.kubeconfig("kube-scheduler"))
    settings = {
        "config": f"{layout.state}/kube-scheduler.json",
        "authentication-kubeconfig": kubeconfig,
        "authorization-kubeconfig": kubeconfig,
        "bind-address": "127.0.0.1",
    }
    return [f"{layout.bin}/kube-scheduler", *_flags(settings)]


def kubelet(layout: Layout) -> Command:
    """The kubelet of the one real node."""
    settings = {
        "config": f"{layout.state}/kubelet.json",
        "kubeconfig": str(layout.kubeconfig("kubelet")),
        "root-dir": f"{layout.state}/kubelet",
        "hostname-override": NODE_NAME,
        "node-ip": layout.node_address,
    }
    return [f"{layout.bin}/kubelet", *_flags(settings)]


def kube_proxy(layout: Layout) -> Command:
    """kube-proxy."""
    return [f"{layout.bin}/kube-proxy", f"--config={layout.state}/kube-proxy.json"]


def coredns(layout: Layout) -> Command:
    """CoreDNS, as a plain process on the node."""
    return [f"{layout.bin}/coredns", "-conf", f"{layout.state}/Corefile"]


def kwok(layout: Layout, kubeconfig: str = "kwok") -> Command:
    """kwok, which plays kubelet for the nodes that are marked as fake, and for no other."""
    settings = {"kubeconfig": str(layout.kubeconfig(kubeconfig)), "config": f"{layout.state}/kwok.yaml"}
    return [f"{layout.bin}/kwok", *_flags(settings), "-v", "ERROR"]


def _flags(settings: Mapping[str, str]) -> list[str]:
    return [f"--{name}={value}" for name, value in settings.items()]
