"""Until when a certificate is valid, found by a handshake with ourselves: the ssl module reads only a peer's."""

import ssl
from datetime import UTC, datetime
from pathlib import Path


class InvalidCertificate(Exception):
    """No client would accept the certificate; the message has OpenSSL's words."""


def last_day(server: ssl.SSLContext, certificate: Path) -> datetime:
    """When the certificate of a server's context ends. Raises InvalidCertificate for one that clients must refuse."""
    client = ssl.create_default_context(cafile=str(certificate))
    client.check_hostname = False
    # The certificate is its own anchor here: who vouches for it is the clients' business.
    client.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = client.wrap_bio(to_client, to_server), server.wrap_bio(to_server, to_client, server_side=True)
    left = list(ends)
    while left:
        for end in tuple(left):
            try:
                end.do_handshake()
                left.remove(end)
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                raise InvalidCertificate(error.verify_message) from error
    found = ends[0].getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
