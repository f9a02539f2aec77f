"""The cluster's keys and certificates: one authority for everybody, one for the API server's aggregation layer."""

import datetime
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# A test cluster does not live for ten years, but nobody should ever look for an expired certificate in it.
LIFETIME = datetime.timedelta(days=3650)
# Clocks of virtual machines may be moved back a little after a pause.
LEEWAY = datetime.timedelta(hours=1)

_MASTERS = "system:masters"


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names: Kubernetes reads the common name as the user and organisations as groups."""

    user: str
    group: str | None = None


@dataclass(frozen=True)
class KeyPair:
    """A private key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def write(self, directory: Path, name: str) -> None:
        """Writes NAME.key, for the owner only, and NAME.crt."""
        write_private_key(self.key, directory / f"{name}.key")
        (directory / f"{name}.crt").write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))


def make_key() -> ec.EllipticCurvePrivateKey:
    """A key on P-256: small, quick to make, understood by all components."""
    return ec.generate_private_key(ec.SECP256R1())


def write_private_key(key: ec.EllipticCurvePrivateKey, file: Path) -> None:
    """Writes the key in the form that Kubernetes' components read, readable by its owner only."""
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )


def make_authority(name: str, now: datetime.datetime) -> KeyPair:
    """An authority that signs itself."""
    key = make_key()
    subject = _name(Subject(name))
    certificate = (
        _begin(subject, subject, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return KeyPair(key, certificate)


def make_certificate(
    authority: KeyPair, subject: Subject, now: datetime.datetime, hosts: Sequence[str] = ()
) -> KeyPair:
    """A certificate for a client, and for a server on these host names and addresses."""
    key = make_key()
    builder = (
        _begin(_name(subject), authority.certificate.subject, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        # Clients that verify strictly, Python 3.13 among them, insist on it.
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(_host_names(hosts)), critical=False)
    return KeyPair(key, builder.sign(authority.key, hashes.SHA256()))


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - LEEWAY)
        .not_valid_after(now + LIFETIME)
    )


def _name(subject: Subject) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, subject.user)]
    if subject.group is not None:
        attributes.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, subject.group))
    return x509.Name(attributes)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _host_names(hosts: Iterable[str]) -> list[x509.GeneralName]:
    return [_host_name(host) for host in hosts]


def _host_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def write_cluster_pki(
    directory: Path, node: str, node_address: str, kubernetes_service: str, now: datetime.datetime
) -> None:
    """Writes everything a cluster of one node needs into the directory."""
    directory.mkdir(parents=True, mode=0o700)
    ca, front_proxy_ca = make_authority("titan-test-ca", now), make_authority("titan-test-front-proxy-ca", now)
    ca.write(directory, "ca")
    front_proxy_ca.write(directory, "front-proxy-ca")
    service_names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"]
    service_names.append("kubernetes.default.svc.cluster.local")
    api_server = [node_address, kubernetes_service, "127.0.0.1", "localhost", *service_names]
    make_certificate(ca, Subject("kube-apiserver"), now, api_server).write(directory, "apiserver")
    kubelet_client = Subject("kube-apiserver-kubelet-client", _MASTERS)
    make_certificate(ca, kubelet_client, now).write(directory, "apiserver-kubelet-client")
    make_certificate(front_proxy_ca, Subject("front-proxy-client"), now).write(directory, "front-proxy-client")
    kubelet = Subject(f"system:node:{node}", "system:nodes")
    make_certificate(ca, kubelet, now, [node_address, node]).write(directory, "kubelet")
    make_certificate(ca, Subject("titan-admin", _MASTERS), now).write(directory, "admin")
    for user in ("kube-controller-manager", "kube-scheduler", "kube-proxy", "coredns", "kwok"):
        make_certificate(ca, Subject(f"system:{user}"), now).write(directory, user)
    _write_service_account_key(directory)


def _write_service_account_key(directory: Path) -> None:
    key = make_key()
    write_private_key(key, directory / "service-accounts.key")
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (directory / "service-accounts.pub").write_bytes(public)
