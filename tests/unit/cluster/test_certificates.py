"""The certificates of the test cluster."""

import datetime
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from tools.cluster.certificates import Subject, make_authority, make_certificate, write_cluster_pki

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def pki(tmp_path: Path) -> Path:
    write_cluster_pki(tmp_path / "pki", "a-node", "10.98.0.2", "10.96.0.1", NOW)
    return tmp_path / "pki"


def _load(pki: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((pki / f"{name}.crt").read_bytes())


@pytest.mark.parametrize("host", ["10.98.0.2", "10.96.0.1", "127.0.0.1"])
def test_the_api_server_is_believed_under_each_of_its_addresses(pki: Path, host: str) -> None:
    verifier = (
        PolicyBuilder()
        .store(Store([_load(pki, "ca")]))
        .time(NOW)
        .build_server_verifier(x509.IPAddress(ipaddress.ip_address(host)))
    )
    assert verifier.verify(_load(pki, "apiserver"), [])


@pytest.mark.parametrize("host", ["kubernetes.default.svc", "localhost"])
def test_the_api_server_is_believed_under_each_of_its_names(pki: Path, host: str) -> None:
    verifier = PolicyBuilder().store(Store([_load(pki, "ca")])).time(NOW).build_server_verifier(x509.DNSName(host))
    assert verifier.verify(_load(pki, "apiserver"), [])


@pytest.mark.parametrize(
    ("name", "user", "group"),
    [
        ("admin", "titan-admin", "system:masters"),
        ("kubelet", "system:node:a-node", "system:nodes"),
        ("kube-scheduler", "system:kube-scheduler", None),
    ],
)
def test_a_certificate_says_who_its_holder_is(pki: Path, name: str, user: str, group: str | None) -> None:
    subject = _load(pki, name).subject
    groups = [attribute.value for attribute in subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)]
    assert subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value == user
    assert groups == ([group] if group else [])


def test_private_keys_are_for_their_owner_only(pki: Path) -> None:
    keys = list(pki.glob("*.key"))
    assert keys
    assert {key.stat().st_mode & 0o077 for key in keys} == {0}


def test_a_key_belongs_to_its_certificate(pki: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pki / "apiserver.crt", pki / "apiserver.key")


def test_another_authoritys_certificate_is_not_believed(pki: Path) -> None:
    stranger = make_certificate(make_authority("stranger", NOW), Subject("kube-apiserver"), NOW, ["localhost"])
    verifier = (
        PolicyBuilder().store(Store([_load(pki, "ca")])).time(NOW).build_server_verifier(x509.DNSName("localhost"))
    )
    with pytest.raises(x509.verification.VerificationError):
        verifier.verify(stranger.certificate, [])
