"""What an administrator finds in the cluster after helm install with these values."""

import json
from pathlib import Path

import pytest
import yaml
from builders.kubernetes.charts import NAMESPACE, VALUE_SETS, find, find_container, render, render_set
from builders.kubernetes.clusters import REPOSITORY
from titan_operator.settings import Settings, load_settings
from titan_store.serving.arguments import parse_settings
from titan_store.settings import Settings as StoreSettings

from titan_api import names
from titan_api.json_types import Json

CLUSTER_WIDE = {
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "PriorityClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
}


def read_operator(objects: list[Json], folder: Path) -> Settings:
    """The settings as the operator's process reads them."""
    file = folder / "config.json"
    file.write_text(find(objects, "ConfigMap", "titan-operator")["data"]["config.json"])
    return load_settings(file)


def read_store(objects: list[Json], folder: Path) -> StoreSettings:
    """The settings as the store's process reads them, with its files in a folder of ours."""
    (folder / "profiles.json").write_text(find(objects, "ConfigMap", "titan-store")["data"]["profiles.json"])
    container = find_container(objects, "StatefulSet", "titan-store")
    (mounted,) = [mount["mountPath"] for mount in container["volumeMounts"] if mount["name"] == "config"]
    environment = {variable["name"]: f"https://{variable['name']}" for variable in container.get("env", [])}
    arguments = [argument.replace(mounted, str(folder)) for argument in container["args"]]
    for variable, value in environment.items():
        arguments = [argument.replace(f"$({variable})", value) for argument in arguments]
    return parse_settings(arguments, environment)


def pod_specs(objects: list[Json]) -> list[Json]:
    """Of workloads and of the test."""
    templates = [obj["spec"]["template"]["spec"] for obj in objects if obj["kind"] in ("Deployment", "StatefulSet")]
    return templates + [obj["spec"] for obj in objects if obj["kind"] == "Pod"]


@pytest.mark.parametrize("name", sorted(VALUE_SETS))
def test_operator_and_store_take_what_the_chart_gives_them(name: str, tmp_path: Path) -> None:
    objects = render_set(name)
    if name == "only":
        assert not pod_specs(objects)
        return
    settings = read_operator(objects, tmp_path)
    assert settings.leader_election.enabled
    store = read_store(objects, tmp_path)
    assert store.port == 9090
    assert settings.store_url.startswith("https" if store.certificate else "http:")


@pytest.mark.parametrize("name", sorted(VALUE_SETS))
def test_every_pod_meets_the_restricted_standard(name: str) -> None:
    for spec in pod_specs(render_set(name)):
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["enableServiceLinks"] is False
        for container in spec["containers"]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"] is True
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}


def test_assume_and_only_share_out_what_install_makes() -> None:
    def keys(objects: list[Json]) -> set[tuple[str, str]]:
        return {(obj["kind"], obj["metadata"]["name"]) for obj in objects}

    assumed, administered = keys(render_set("assume")), keys(render_set("only"))
    assert assumed | administered == keys(render_set("minimal"))
    assert {kind for kind, _ in administered} == CLUSTER_WIDE
    assert not {kind for kind, _ in assumed} & CLUSTER_WIDE


def test_what_is_given_to_another_namespace_than_the_release_is_said_so() -> None:
    for name in VALUE_SETS:
        for obj in render_set(name):
            if obj["kind"] not in CLUSTER_WIDE:
                assert obj["metadata"]["namespace"] in (NAMESPACE, "blue", "green"), obj["metadata"]


def test_the_kinds_are_those_of_the_tree_and_outlive_the_release() -> None:
    objects, free = render_set("minimal"), render_set("everything else")
    for file in sorted((REPOSITORY / "crds").glob("*.yaml")):
        definition = yaml.safe_load(file.read_text())
        installed = find(objects, "CustomResourceDefinition", definition["metadata"]["name"])
        assert installed["spec"] == definition["spec"]
        notes = definition["metadata"].get("annotations", {})
        assert installed["metadata"]["annotations"] == notes | {"helm.sh/resource-policy": "keep"}
        bound = find(free, "CustomResourceDefinition", definition["metadata"]["name"])
        assert bound["metadata"]["annotations"] == notes
    assert not [obj for obj in render("crds.install=false") if obj["kind"] == "CustomResourceDefinition"]


def test_there_is_a_priority_class_for_each_priority_that_a_job_may_have() -> None:
    classes = {obj["metadata"]["name"]: obj for obj in render_set("minimal") if obj["kind"] == "PriorityClass"}
    assert set(classes) == {names.priority_class_name(priority) for priority in range(1, 11)}
    values = [classes[names.priority_class_name(priority)]["value"] for priority in range(1, 11)]
    assert values == sorted(values)
    assert {found["preemptionPolicy"] for found in classes.values()} == {"Never"}


@pytest.mark.parametrize(
    ("name", "service"), [("minimal", "https:titan-store:api"), ("without TLS", "titan-store:api")]
)
def test_people_may_reach_the_store_where_the_operator_tells_them(name: str, service: str, tmp_path: Path) -> None:
    objects = render_set(name)
    assert read_operator(objects, tmp_path).store_service == f"{NAMESPACE}/{service}"
    (rule,) = find(objects, "Role", "titan-store-proxy")["rules"]
    assert rule["resources"] == ["services/proxy"]
    assert rule["resourceNames"] == [service]


def test_the_certificate_is_valid_for_the_address_that_pods_are_told(tmp_path: Path) -> None:
    from base64 import b64decode

    from cryptography import x509

    objects = render_set("minimal")
    secret = find(objects, "Secret", "titan-store-tls")["data"]
    certificate = x509.load_pem_x509_certificate(b64decode(secret["tls.crt"]))
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(b64decode(secret["ca.crt"])))
    told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    address = read_operator(objects, tmp_path).store_url
    assert address.removeprefix("https://").removesuffix(":9090") in told.get_values_for_type(x509.DNSName)


def test_the_key_of_the_store_is_mounted_in_the_store_alone() -> None:
    objects = render_set("minimal")
    for spec in pod_specs(objects):
        mounted = [volume["secret"] for volume in spec["volumes"] if "secret" in volume]
        assert all(secret["secretName"] == "titan-store-tls" for secret in mounted)
        keys = {item["key"] for secret in mounted for item in secret["items"]}
        is_store = spec["serviceAccountName"] == "titan-store"
        assert ("tls.key" in keys) is is_store


def test_a_registry_and_a_tag_are_those_of_every_image(tmp_path: Path) -> None:
    objects = render_set("everything else")
    images = {container["image"] for spec in pod_specs(objects) for container in spec["containers"]}
    images.add(read_operator(objects, tmp_path).runner_image)
    assert images == {f"registry.example.org/titan/titan-{part}:1.2.3" for part in ("operator", "store", "runner")}


def test_urls_of_webhooks_and_keys_of_s3_are_nowhere_but_in_secrets() -> None:
    container = find_container(render_set("everything else"), "StatefulSet", "titan-store")
    assert "--webhook=$(TITAN_WEBHOOK_0)" in container["args"]
    assert "--slack-webhook=$(TITAN_WEBHOOK_1)" in container["args"]
    sources = find_container(render_set("s3"), "StatefulSet", "titan-store")["env"] + container["env"]
    assert all("secretKeyRef" in variable["valueFrom"] for variable in sources)


def test_network_policies_can_be_left_to_others() -> None:
    assert [obj for obj in render_set("minimal") if obj["kind"] == "NetworkPolicy"]
    assert not [obj for obj in render("networkPolicy.enabled=false") if obj["kind"] == "NetworkPolicy"]


def test_the_store_may_call_the_port_of_its_s3_server() -> None:
    policy = find(render_set("s3"), "NetworkPolicy", "titan-store")["spec"]
    assert 9000 in [port["port"] for rule in policy["egress"] for port in rule["ports"]]


def test_a_change_of_settings_starts_new_operators() -> None:
    def checksum(*settings: str) -> str:
        template = find(render(*settings), "Deployment", "titan-operator")["spec"]["template"]
        return str(template["metadata"]["annotations"]["checksum/config"])

    assert checksum() == checksum("store.retentionDays=7")
    assert checksum() != checksum("operator.settings.finishedPodSeconds=7")


def test_tuning_reaches_the_operator_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    settings = read_operator(render_set("everything else"), tmp_path)
    assert settings.finished_pod_seconds == 60
    assert settings.leader_election.lease_duration_seconds == 30
    assert settings.leader_election.namespace == NAMESPACE
    assert json.loads(settings.model_dump_json())["approvals"] == "Require"


def test_nobody_vouches_for_people_unless_that_is_switched_on(tmp_path: Path) -> None:
    assert read_store(render_set("minimal"), tmp_path).trusted_proxy is None
    proxy = read_store(render_set("trusted proxy"), tmp_path).trusted_proxy
    assert proxy is not None
    assert (proxy.user_header, proxy.groups_header) == ("X-Forwarded-User", "X-Forwarded-Groups")
    assert list(map(str, proxy.networks)) == ["10.1.0.0/16", "fd00::/64"]


def test_the_page_shows_capacity_as_the_operator_understands_it(tmp_path: Path) -> None:
    objects = render("profiles.ARM.nodeSelector.arch=arm64")
    assert read_store(objects, tmp_path).profiles["ARM"].node_selector == {"arch": "arm64"}
    assert read_operator(objects, tmp_path).profiles["ARM"].node_selector == {"arch": "arm64"}


def test_a_change_of_profiles_starts_the_store_anew() -> None:
    def checksum(*settings: str) -> str:
        template = find(render(*settings), "StatefulSet", "titan-store")["spec"]["template"]
        return str(template["metadata"]["annotations"]["checksum/config"])

    assert checksum() == checksum("store.retentionDays=7")
    assert checksum() != checksum("profiles.ARM.nodeSelector.arch=arm64")
