"""The command line and the few variables of the environment that make the settings of a serving store."""

import argparse
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from titan_api.profiles import DEFAULT_PROFILES, Profile
from titan_store.serving.profiles import read_profiles
from titan_store.settings import GENERIC, MIB, SLACK, Certificate, Quotas, S3Settings, Settings, TrustedProxy, Webhook

HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
NO_WORD_OF_A_PROXY = frozenset({"authorization", "cookie", "host", "x-titan-token", "x-titan-csrf"})
"""Headers that mean something else."""
NO_LIMIT = "in one namespace; 0: no limit"
ACCESS_KEY, SECRET_KEY = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"


def parse_settings(arguments: Sequence[str] | None, environment: Mapping[str, str]) -> Settings:
    """The settings that the command line gives; the others keep their defaults. Exits for a mistake, with usage."""
    parser = argparse.ArgumentParser(prog="python -m titan_store", description="Serve a Titan store.")
    _add_serving(parser)
    _add_proxy(parser)
    _add_limits(parser)
    _add_s3(parser)
    _add_webhooks(parser)
    given = parser.parse_args(arguments)
    return Settings(
        data_directory=given.data_dir,
        host=given.host,
        port=given.port,
        certificate=_read_certificate(parser, given),
        s3=_read_s3(parser, given, environment),
        anonymous_namespace=given.anonymous_namespace,
        trusted_proxy=_read_proxy(parser, given),
        reserve_bytes=given.reserve_mib * MIB,
        quotas=_read_quotas(given),
        retention=timedelta(days=given.retention_days),
        webhooks=tuple(
            Webhook(_check_url(parser, url), form, given.webhook_token_file if form == GENERIC else None)
            for form, urls in ((GENERIC, given.webhook), (SLACK, given.slack_webhook))
            for url in urls
        ),
        public_url=given.public_url,
        profiles=_read_profiles(parser, given.profiles),
    )


def _add_serving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data-dir", type=Path, required=True, help="directory that holds everything")
    parser.add_argument("--host", default=Settings.host, help="address to listen on")
    parser.add_argument("--port", type=int, default=Settings.port, help="0 picks a free one")
    parser.add_argument(
        "--tls-cert-file", type=Path, help="serve https with this certificate; read again when it changes"
    )
    parser.add_argument("--tls-key-file", type=Path, help="key of the certificate")
    parser.add_argument("--anonymous-namespace", help="namespace whose values and files need no token")
    parser.add_argument("--public-url", help="URL where people reach the store; links in messages begin with it")
    parser.add_argument("--profiles", type=Path, help="JSON file of the operator's profiles, for showing capacity")


def _read_profiles(parser: argparse.ArgumentParser, path: Path | None) -> Mapping[str, Profile]:
    try:
        return read_profiles(path) if path is not None else DEFAULT_PROFILES
    except (ValueError, OSError) as error:
        parser.error(f"--profiles {path}: {error}")


def _add_proxy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--trusted-user-header", help="header in which a proxy that signs people in names the user; off by default"
    )
    parser.add_argument("--trusted-groups-header", help="header with the user's groups, separated by commas")
    parser.add_argument(
        "--trusted-proxies",
        help="networks that the proxy connects from, like 10.1.2.0/24,10.9.9.9/32; from elsewhere the headers are ignored",
    )


def _read_proxy(parser: argparse.ArgumentParser, given: argparse.Namespace) -> TrustedProxy | None:
    if given.trusted_user_header is None:
        if given.trusted_proxies is not None or given.trusted_groups_header is not None:
            parser.error("--trusted-proxies and --trusted-groups-header need --trusted-user-header")
        return None
    if not given.trusted_proxies:
        parser.error("--trusted-user-header needs --trusted-proxies: which proxies may set it?")
    if given.anonymous_namespace is not None:
        parser.error("--trusted-user-header and --anonymous-namespace exclude each other")
    for header in filter(None, (given.trusted_user_header, given.trusted_groups_header)):
        if not HEADER_NAME.fullmatch(header) or header.lower() in NO_WORD_OF_A_PROXY:
            parser.error(f"{header} cannot be a header that a proxy sets")
    try:
        networks = tuple(ip_network(network.strip()) for network in given.trusted_proxies.split(","))
    except ValueError as error:
        parser.error(f"--trusted-proxies: {error}")
    if not all(network.prefixlen for network in networks):
        parser.error("--trusted-proxies covers every address, so anybody could claim to be anybody")
    return TrustedProxy(given.trusted_user_header, networks, given.trusted_groups_header)


def _read_certificate(parser: argparse.ArgumentParser, given: argparse.Namespace) -> Certificate | None:
    if given.tls_cert_file is None and given.tls_key_file is None:
        return None
    if given.tls_cert_file is None or given.tls_key_file is None:
        parser.error("--tls-cert-file and --tls-key-file go together")
    return Certificate(given.tls_cert_file, given.tls_key_file)


def _add_limits(parser: argparse.ArgumentParser) -> None:
    quotas = Quotas()
    for option, default, text in (
        ("--reserve-mib", Settings.reserve_bytes // MIB, "free space below which writes are refused"),
        ("--retention-days", Settings.retention.days, "how long logs and outcomes are kept"),
        ("--quota-value-mib", (quotas.value_bytes or 0) // MIB, f"limit for values and sets {NO_LIMIT}"),
        ("--quota-values", quotas.value_count or 0, f"limit for the number of values and members of sets {NO_LIMIT}"),
        ("--quota-file-mib", (quotas.file_bytes or 0) // MIB, f"limit for files and blobs {NO_LIMIT}"),
    ):
        parser.add_argument(option, type=int, default=default, help=text)


def _read_quotas(given: argparse.Namespace) -> Quotas:
    return Quotas(
        value_bytes=given.quota_value_mib * MIB or None,
        value_count=given.quota_values or None,
        file_bytes=given.quota_file_mib * MIB or None,
    )


def _add_s3(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--s3-endpoint", help=f"URL of an S3 server for files, blobs and ended logs ({ACCESS_KEY}, {SECRET_KEY})"
    )
    parser.add_argument("--s3-bucket", help="an existing bucket")
    parser.add_argument("--s3-prefix", default=S3Settings.prefix, help="prefix of all keys in the bucket")
    parser.add_argument("--s3-region", default=S3Settings.region, help="region that requests are signed for")


def _read_s3(
    parser: argparse.ArgumentParser, given: argparse.Namespace, environment: Mapping[str, str]
) -> S3Settings | None:
    if not given.s3_endpoint and not given.s3_bucket:
        return None
    if not given.s3_endpoint or not given.s3_bucket:
        parser.error("--s3-endpoint and --s3-bucket go together")
    access, secret = environment.get(ACCESS_KEY), environment.get(SECRET_KEY)
    if not access or not secret:
        parser.error(f"--s3-endpoint needs {ACCESS_KEY} and {SECRET_KEY} in the environment")
    endpoint = _check_url(parser, given.s3_endpoint)
    return S3Settings(endpoint, given.s3_bucket, access, secret, given.s3_prefix, given.s3_region)


def _add_webhooks(parser: argparse.ArgumentParser) -> None:
    again = "may be given again"
    parser.add_argument(
        "--webhook",
        action="append",
        default=[],
        help=f"URL that receives JSON when a gate opens or is decided; {again}",
    )
    parser.add_argument("--slack-webhook", action="append", default=[], help=f"the same in Slack's form; {again}")
    parser.add_argument("--webhook-token-file", type=Path, help="bearer token for --webhook, read for each message")


def _check_url(parser: argparse.ArgumentParser, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        parser.error(f"{url} is not an http:// or https:// URL")
    return url
