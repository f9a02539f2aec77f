"""Which programs there are, and which Go package of which pinned module (tools/modules) each is built from."""

from dataclasses import dataclass

KUBERNETES_VERSION = "v1.34.10"
VERSITYGW_VERSION = "v1.7.0"

_KUBERNETES_FLAGS = f"-X k8s.io/component-base/version.gitVersion={KUBERNETES_VERSION}"
# For `helm template`, which asks no cluster: without it Helm takes charts for Kubernetes 1.20.
_HELM_FLAGS = " ".join(
    f"-X helm.sh/helm/v3/pkg/{package}.k8sVersion{part}"
    for package in ("chartutil", "lint/rules")
    for part in (f"Major={KUBERNETES_VERSION[1:].split('.')[0]}", f"Minor={KUBERNETES_VERSION.split('.')[1]}")
)
_CNI = "github.com/containernetworking/plugins/plugins"


@dataclass(frozen=True)
class Program:
    """One executable: its name, its module's folder, its Go package, and what the linker writes into it."""

    name: str
    module: str
    package: str
    link: str = ""

    @property
    def link_flags(self) -> str:
        """Without symbol tables: the programs are a third smaller."""
        return f"-s -w {self.link}".strip()


def _kubernetes(name: str) -> Program:
    return Program(name, "kubernetes", f"k8s.io/kubernetes/cmd/{name}", _KUBERNETES_FLAGS)


NODE = (
    Program("pause", "pause", "."),
    Program("etcd", "etcd", "go.etcd.io/etcd/server/v3"),
    Program("etcdctl", "etcd", "go.etcd.io/etcd/etcdctl/v3"),
    _kubernetes("kube-apiserver"),
    _kubernetes("kube-controller-manager"),
    _kubernetes("kube-scheduler"),
    _kubernetes("kubelet"),
    _kubernetes("kube-proxy"),
    _kubernetes("kubectl"),
    Program("coredns", "coredns", "."),
    Program("bridge", "cni", f"{_CNI}/main/bridge"),
    Program("loopback", "cni", f"{_CNI}/main/loopback"),
    Program("host-local", "cni", f"{_CNI}/ipam/host-local"),
    Program("portmap", "cni", f"{_CNI}/meta/portmap"),
)
"""What a cluster of tools/cluster consists of."""

TESTS = (
    Program("helm", "helm", "helm.sh/helm/v3/cmd/helm", _HELM_FLAGS),
    Program("kwok", "kwok", "sigs.k8s.io/kwok/cmd/kwok"),
    Program(
        "versitygw", "versitygw", "github.com/versity/versitygw/cmd/versitygw", f"-X main.Version={VERSITYGW_VERSION}"
    ),
    Program("kubeconform", "kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform"),
    Program("kube-linter", "kube-linter", "golang.stackrox.io/kube-linter/cmd/kube-linter"),
)
"""What the tests use besides."""

PROGRAMS = {program.name: program for program in NODE + TESTS}
