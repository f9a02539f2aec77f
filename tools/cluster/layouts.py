"""Where a cluster keeps its files and which addresses it has.

A slot is a whole cluster of its own: numbers above 0 allow several side by side, with other addresses and directories.
"""

from dataclasses import dataclass
from pathlib import Path

from tools.binaries.builds import BIN, CACHE

NODE_NAME = "titan-node"
CLUSTER_DOMAIN = "cluster.local"
PAUSE_IMAGE = "titan.local/pause:1"
GPUS = 4
SLOTS = 8


@dataclass(frozen=True)
class Layout:
    """The directories and addresses of the cluster in one slot."""

    slot: int = 0
    cache: Path = CACHE
    bin: Path = BIN

    def __post_init__(self) -> None:
        if not 0 <= self.slot < SLOTS:
            raise ValueError(f"the slot is a number from 0 to {SLOTS - 1}, not {self.slot}")

    @property
    def _suffix(self) -> str:
        return f"-{self.slot}" if self.slot else ""

    @property
    def state(self) -> Path:
        """Everything that goes when the cluster goes."""
        return self.cache / f"cluster{self._suffix}"

    @property
    def containerd_root(self) -> Path:
        """Unpacked images: they outlive the cluster, because unpacking takes longer than starting it."""
        return self.cache / f"containerd{self._suffix}"

    @property
    def images(self) -> Path:
        """Archives of images, which every cluster imports."""
        return self.cache / "images"

    def program(self, name: str) -> str:
        """A program that tools/binaries built, else the one on the PATH."""
        built = self.bin / name
        return str(built) if built.exists() else name

    @property
    def pki(self) -> Path:
        """Keys and certificates."""
        return self.state / "pki"

    @property
    def logs(self) -> Path:
        """One file per program."""
        return self.state / "logs"

    @property
    def volumes(self) -> Path:
        """The directories behind the PersistentVolumes."""
        return self.state / "volumes"

    @property
    def admin_kubeconfig(self) -> Path:
        """What people use."""
        return self.kubeconfig("admin")

    def kubeconfig(self, user: str) -> Path:
        """The kubeconfig of a user or component."""
        return self.state / f"{user}.kubeconfig"

    @property
    def containerd_socket(self) -> Path:
        """Where containerd listens."""
        return self.state / "containerd.sock"

    @property
    def cgroup(self) -> str:
        """The control group of all pods: of our own, so that another kubelet on the machine is not disturbed."""
        return f"titan-cluster{self._suffix}"

    @property
    def link(self) -> str:
        """The host's end of the cable into the cluster; at most 15 characters."""
        return f"titan{self.slot}"

    @property
    def _block(self) -> int:
        # Four networks of 2^16 addresses each, beginning where a /14 begins: Services, pods, node, one to spare.
        return 96 + 4 * self.slot

    @property
    def service_cidr(self) -> str:
        """Addresses of Services."""
        return f"10.{self._block}.0.0/16"

    @property
    def kubernetes_service(self) -> str:
        """The address of the Service `kubernetes`, which the API server takes: the first of its network."""
        return f"10.{self._block}.0.1"

    @property
    def pod_cidr(self) -> str:
        """Addresses of pods."""
        return f"10.{self._block + 1}.0.0/24"

    @property
    def reachable_cidr(self) -> str:
        """Services and pods together: what the host reaches over the cable."""
        return f"10.{self._block}.0.0/15"

    @property
    def host_address(self) -> str:
        """The host as the node and its pods see it: a server of a test that listens here is reachable from pods."""
        return f"10.{self._block + 2}.0.1"

    @property
    def node_address(self) -> str:
        """The node as the host sees it."""
        return f"10.{self._block + 2}.0.2"

    @property
    def api_url(self) -> str:
        """The API server for everybody, on the node and on the host."""
        return f"https://{self.node_address}:6443"
