"""What a fresh cluster holds besides Kubernetes' own objects: a default storage class with volumes, and CoreDNS's rights."""

from typing import Any

from tools.cluster.layouts import NODE_NAME, Layout

Object = dict[str, Any]

STORAGE_CLASS = "standard"
VOLUMES = 20
VOLUME_SIZE = "10Gi"


def storage_class() -> Object:
    """The default one. Nothing provisions: claims take one of the volumes, once it is known where their pod runs."""
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": STORAGE_CLASS,
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": "kubernetes.io/no-provisioner",
        "volumeBindingMode": "WaitForFirstConsumer",
    }


def volume_names() -> list[str]:
    """The volumes, which are also the names of their directories."""
    return [f"titan-volume-{number:02}" for number in range(VOLUMES)]


def volume(layout: Layout, name: str) -> Object:
    """A directory of the node, of the kind `local`: unlike hostPath it is given to the pod's fsGroup, as disks are."""
    on_the_node = {"key": "kubernetes.io/hostname", "operator": "In", "values": [NODE_NAME]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": VOLUME_SIZE},
            "accessModes": ["ReadWriteOnce", "ReadWriteMany"],
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": STORAGE_CLASS,
            "local": {"path": str(layout.volumes / name)},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [on_the_node]}]}},
        },
    }


def user_rights() -> list[Object]:
    """Of the two users that Kubernetes does not know by itself."""
    watch = ["list", "watch"]
    names = [
        {"apiGroups": [""], "resources": ["endpoints", "services", "pods", "namespaces"], "verbs": watch},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": watch},
    ]
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "system:coredns"},
        "rules": names,
    }
    return [role, _binding("system:coredns", "system:coredns"), _binding("system:kwok", "cluster-admin")]


def _binding(user: str, role: str) -> Object:
    group = "rbac.authorization.k8s.io"
    return {
        "apiVersion": f"{group}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": user},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "User", "apiGroup": group, "name": user}],
    }
