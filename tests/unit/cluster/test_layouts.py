"""Addresses and directories of several clusters on one machine, and what is rendered from them."""

import ipaddress
import itertools
import json
import tomllib
from pathlib import Path

import pytest

from tools.cluster import commands
from tools.cluster.documents import render_documents
from tools.cluster.layouts import SLOTS, Layout
from tools.cluster.objects import volume, volume_names


def _networks(layout: Layout) -> list[ipaddress.IPv4Network]:
    node = f"{layout.node_address}/30"
    return [ipaddress.IPv4Network(text, strict=False) for text in (layout.service_cidr, layout.pod_cidr, node)]


def test_no_two_clusters_share_addresses() -> None:
    networks = [network for slot in range(SLOTS) for network in _networks(Layout(slot))]
    assert not [pair for pair in itertools.combinations(networks, 2) if pair[0].overlaps(pair[1])]


def test_no_two_clusters_share_names_or_directories() -> None:
    layouts = [Layout(slot) for slot in range(SLOTS)]
    for names in zip(*((one.link, one.cgroup, one.state, one.containerd_root) for one in layouts), strict=True):
        assert len(set(names)) == SLOTS


@pytest.mark.parametrize("slot", range(SLOTS))
def test_the_host_reaches_services_and_pods_and_the_node_reaches_the_host(slot: int) -> None:
    layout = Layout(slot)
    services, pods, cable = _networks(layout)
    reachable = ipaddress.IPv4Network(layout.reachable_cidr)
    assert services.subnet_of(reachable) and pods.subnet_of(reachable)
    assert ipaddress.IPv4Address(layout.host_address) in cable
    assert ipaddress.IPv4Address(layout.kubernetes_service) == services[1]


def test_the_name_of_the_cable_is_one_that_linux_takes() -> None:
    assert all(len(f"{Layout(slot).link}n") <= 15 for slot in range(SLOTS))


@pytest.mark.parametrize("slot", [-1, SLOTS])
def test_a_slot_that_does_not_exist_is_refused(slot: int) -> None:
    with pytest.raises(ValueError, match="the slot is a number from 0 to"):
        Layout(slot)


def test_every_configuration_can_be_read_back(tmp_path: Path) -> None:
    documents = render_documents(Layout(1, cache=tmp_path))
    for name, text in documents.items():
        if name.endswith((".json", ".conflist")):
            assert json.loads(text)
    containerd = tomllib.loads(documents["containerd.toml"])
    assert containerd["grpc"]["address"] == json.loads(documents["kubelet.json"])["containerRuntimeEndpoint"][7:]


def test_pods_ask_the_name_server_of_their_own_cluster() -> None:
    kubelet = json.loads(render_documents(Layout(2))["kubelet.json"])
    assert kubelet["clusterDNS"] == [Layout(2).node_address]


def test_images_that_no_registry_can_give_back_are_never_collected() -> None:
    assert json.loads(render_documents(Layout())["kubelet.json"])["imageGCHighThresholdPercent"] == 100


def test_every_program_uses_files_of_its_own_cluster_only(tmp_path: Path) -> None:
    layout = Layout(3, cache=tmp_path, bin=tmp_path / "bin")
    makers = [commands.etcd, commands.api_server, commands.controller_manager, commands.scheduler, commands.kubelet]
    for make in makers:
        paths = [flag.partition("=")[2] for flag in make(layout) if flag.partition("=")[2].startswith("/")]
        assert paths
        assert all(Path(path).is_relative_to(layout.state) for path in paths)


def test_each_volume_has_a_directory_of_its_own() -> None:
    paths = [volume(Layout(), name)["spec"]["local"]["path"] for name in volume_names()]
    assert len(set(paths)) == len(paths)
