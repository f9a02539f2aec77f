"""The configuration files of the node's programs, as Kubernetes calls them; JSON is YAML, so JSON it is."""

import json
from typing import Any

from tools.cluster.layouts import CLUSTER_DOMAIN, NODE_NAME, PAUSE_IMAGE, Layout

Document = dict[str, Any]


def render_documents(layout: Layout) -> dict[str, str]:
    """File name, relative to the state directory, to text."""
    return {
        "kubelet.json": json.dumps(kubelet(layout), indent=1),
        "kube-proxy.json": json.dumps(kube_proxy(layout), indent=1),
        "kube-scheduler.json": json.dumps(scheduler(layout), indent=1),
        "cni/10-titan.conflist": json.dumps(pod_network(layout), indent=1),
        "containerd.toml": containerd(layout),
        "Corefile": corefile(layout),
        # Pods ask CoreDNS only; nothing of the host's name servers leaks in.
        "resolv.conf": "",
    }


def kubelet(layout: Layout) -> Document:
    """Of the kubelet: evicts only in real need, never deletes images, rotates logs at 10 MiB."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": f"{layout.pki}/ca.crt"},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": f"{layout.pki}/kubelet.crt",
        "tlsPrivateKeyFile": f"{layout.pki}/kubelet.key",
        "containerRuntimeEndpoint": f"unix://{layout.containerd_socket}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{layout.cgroup}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "clusterDomain": CLUSTER_DOMAIN,
        "clusterDNS": [layout.node_address],
        "resolvConf": f"{layout.state}/resolv.conf",
        "podLogsDir": f"{layout.state}/pod-logs",
        "containerLogMaxSize": "10Mi",
        "containerLogMaxFiles": 5,
        # The machine's disk is shared with others, and a full one is theirs as well: percentages would evict too early.
        "evictionHard": {
            "memory.available": "100Mi",
            "nodefs.available": "200Mi",
            "nodefs.inodesFree": "1%",
            "imagefs.available": "200Mi",
            "imagefs.inodesFree": "1%",
        },
        # At 100 % there is no image garbage collection: it would delete images that no registry can give back.
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "serializeImagePulls": False,
        "maxPods": 200,
        "kubeAPIQPS": 500,
        "kubeAPIBurst": 1000,
        "shutdownGracePeriod": "0s",
    }


def kube_proxy(layout: Layout) -> Document:
    """Of kube-proxy: iptables of the node's own network namespace, and no sysctl of the host."""
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "clientConnection": {"kubeconfig": str(layout.kubeconfig("kube-proxy"))},
        "mode": "iptables",
        "clusterCIDR": layout.pod_cidr,
        "hostnameOverride": NODE_NAME,
        "healthzBindAddress": "127.0.0.1:10256",
        "metricsBindAddress": "127.0.0.1:10249",
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpCloseWaitTimeout": "0s", "tcpEstablishedTimeout": "0s"},
    }


def scheduler(layout: Layout) -> Document:
    """Of the scheduler: alone, so without an election."""
    return {
        "apiVersion": "kubescheduler.config.k8s.io/v1",
        "kind": "KubeSchedulerConfiguration",
        "parallelism": 4,
        "leaderElection": {"leaderElect": False},
        "clientConnection": {"kubeconfig": str(layout.kubeconfig("kube-scheduler")), "qps": 1000, "burst": 2000},
    }


def pod_network(layout: Layout) -> Document:
    """Pods hang on one bridge; their addresses are handed out from a directory of the state."""
    return {
        "cniVersion": "1.0.0",
        "name": "titan-test",
        "plugins": [
            {
                "type": "bridge",
                "bridge": "cni0",
                "isGateway": True,
                "hairpinMode": True,
                "ipam": {
                    "type": "host-local",
                    "dataDir": f"{layout.state}/pod-addresses",
                    "ranges": [[{"subnet": layout.pod_cidr}]],
                    "routes": [{"dst": "0.0.0.0/0"}],
                },
            },
            {"type": "portmap", "capabilities": {"portMappings": True}},
        ],
    }


def containerd(layout: Layout) -> str:
    """Of containerd 1.6 and later, which reads TOML."""
    cri = 'plugins."io.containerd.grpc.v1.cri"'
    return f"""\
version = 2
root = "{layout.containerd_root}"
state = "{layout.state}/containerd"

[grpc]
  address = "{layout.containerd_socket}"

# Unused, but made at the start wherever it is said to be.
[plugins."io.containerd.internal.v1.opt"]
  path = "{layout.state}/containerd/opt"

[{cri}]
  sandbox_image = "{PAUSE_IMAGE}"
  stream_server_address = "127.0.0.1"
  # Where CAP_SYS_RESOURCE is missing nobody may be made less likely to be killed, and every sandbox would fail with
  # "can't get final child's PID from pipe: EOF".
  restrict_oom_score_adj = true

[{cri}.containerd]
  snapshotter = "overlayfs"
  default_runtime_name = "runc"

[{cri}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[{cri}.containerd.runtimes.runc.options]
  SystemdCgroup = false

[{cri}.cni]
  bin_dir = "{layout.bin}"
  conf_dir = "{layout.state}/cni"
"""


def corefile(layout: Layout) -> str:
    """Of CoreDNS: the cluster's names, and nothing beyond."""
    return f"""\
.:53 {{
    errors
    ready 127.0.0.1:8181
    cache 5
    kubernetes {CLUSTER_DOMAIN} in-addr.arpa {{
        kubeconfig {layout.kubeconfig("coredns")}
        pods insecure
    }}
}}
"""
