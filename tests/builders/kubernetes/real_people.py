"""People of a real cluster with certificates of their own, which any cluster's signer issues."""

import base64
import json
import uuid
from pathlib import Path

from builders.kubernetes.real_cluster import RealCluster, wait_until
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def person(real: RealCluster, name: str, directory: Path, groups: tuple[str, ...] = ()) -> RealCluster:
    """The cluster through a kubeconfig of somebody who is nobody but this name and these groups."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _sign(real, name, groups, key)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    config = json.loads(real.do("config", "view", "--raw", "--flatten", "--minify", "-o", "json"))
    credentials = {"client-certificate-data": certificate, "client-key-data": base64.b64encode(private).decode()}
    config["users"] = [{"name": config["users"][0]["name"], "user": credentials}]
    path = directory / f"{name}.kubeconfig"
    path.write_text(json.dumps(config))
    return RealCluster(path)


def _sign(real: RealCluster, name: str, groups: tuple[str, ...], key: ec.EllipticCurvePrivateKey) -> str:
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name)]
        + [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
    )
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    object_name = f"e2e-{name}-{uuid.uuid4().hex[:6]}"
    real.apply(
        {
            "apiVersion": "certificates.k8s.io/v1",
            "kind": "CertificateSigningRequest",
            "metadata": {"name": object_name},
            "spec": {
                "request": base64.b64encode(request.public_bytes(serialization.Encoding.PEM)).decode(),
                "signerName": "kubernetes.io/kube-apiserver-client",
                "usages": ["client auth"],
                "expirationSeconds": 3600,
            },
        }
    )
    real.do("certificate", "approve", object_name)
    issued = wait_until(
        f"the certificate of {name}",
        lambda: real.get("csr", object_name).get("status", {}).get("certificate"),
    )
    real.do("delete", "csr", object_name)
    return str(issued)
