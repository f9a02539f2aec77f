"""The command line: what it makes of good input, and the usage that bad input gets."""

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from titan_store.serving.arguments import parse_settings
from titan_store.settings import GENERIC, SLACK, Quotas, S3Settings, TrustedProxy, Webhook

KEYS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}


def test_only_the_directory_is_needed() -> None:
    settings = parse_settings(["--data-dir", "/d"], {})
    assert (settings.data_directory, settings.s3, settings.webhooks) == (Path("/d"), None, ())
    assert settings.quotas == Quotas()


def test_everything_can_be_said() -> None:
    words = "--data-dir /d --quota-value-mib 1 --quota-values 0 --quota-file-mib 2 --retention-days 3"
    s3 = "--s3-endpoint https://s3.example.com:9000 --s3-bucket b --s3-prefix p --s3-region eu"
    hooks = "--webhook https://a.example.com/x --slack-webhook https://b.example.com/y --webhook-token-file /t"
    settings = parse_settings(f"{words} {s3} {hooks} --public-url https://titan".split(), KEYS)
    assert settings.quotas == Quotas(2**20, None, 2**21)
    assert settings.retention == timedelta(days=3)
    assert settings.s3 == S3Settings("https://s3.example.com:9000", "b", "id", "secret", "p", "eu")
    generic = Webhook("https://a.example.com/x", GENERIC, Path("/t"))
    assert settings.webhooks == (generic, Webhook("https://b.example.com/y", SLACK))
    assert "secret" not in repr(settings)
    assert "example.com/x" not in repr(settings)


def test_a_proxy_is_trusted_by_its_addresses() -> None:
    words = "--data-dir /d --trusted-user-header X-User --trusted-groups-header X-Groups"
    settings = parse_settings([*words.split(), "--trusted-proxies", "10.1.0.0/16, fd00::/8,192.0.2.7"], {})
    networks = tuple(map(ip_network, ("10.1.0.0/16", "fd00::/8", "192.0.2.7/32")))
    assert settings.trusted_proxy == TrustedProxy("X-User", networks, "X-Groups")


@pytest.mark.parametrize(
    ("words", "environment", "complaint"),
    [
        ("", {}, "--data-dir"),
        ("--data-dir d --s3-bucket b", KEYS, "go together"),
        ("--data-dir d --s3-endpoint https://x", KEYS, "go together"),
        ("--data-dir d --trusted-user-header X-User", {}, "--trusted-proxies"),
        ("--data-dir d --trusted-proxies 10.0.0.0/8", {}, "need --trusted-user-header"),
        ("--data-dir d --trusted-groups-header X-Groups", {}, "need --trusted-user-header"),
        ("--data-dir d --trusted-user-header X-User --trusted-proxies 10.0.0.1/8", {}, "host bits"),
        ("--data-dir d --trusted-user-header X-User --trusted-proxies 0.0.0.0/0", {}, "covers every address"),
        ("--data-dir d --trusted-user-header X-User --trusted-proxies 10.0.0.1/32,::/0", {}, "covers every address"),
        ("--data-dir d --trusted-user-header X-User --trusted-proxies all", {}, "--trusted-proxies"),
        ("--data-dir d --trusted-user-header Cookie --trusted-proxies 10.0.0.0/8", {}, "cannot be a header"),
        ("--data-dir d --trusted-user-header X:User --trusted-proxies 10.0.0.0/8", {}, "cannot be a header"),
        (
            "--data-dir d --trusted-user-header X-User --trusted-proxies 10.0.0.0/8 --anonymous-namespace team",
            {},
            "exclude each other",
        ),
        ("--data-dir d --s3-endpoint https://x --s3-bucket b", {}, "AWS_ACCESS_KEY_ID"),
        ("--data-dir d --s3-endpoint x:9000 --s3-bucket b", KEYS, "x:9000 is not an http"),
        ("--data-dir d --webhook ftp://x", {}, "ftp://x is not an http"),
        ("--data-dir d --port many", {}, "--port"),
    ],
)
def test_bad_input_is_named(
    words: str, environment: dict[str, str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_settings(words.split(), environment)
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


def test_profiles_are_read_at_the_start_and_a_mistake_is_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "profiles.json"
    file.write_text('{"profiles": {"BIG": {"nodeSelector": {"size": "big"}}}}')
    words = ["--data-dir", "/d", "--profiles", str(file)]
    assert parse_settings(words, {}).profiles["BIG"].node_selector == {"size": "big"}
    file.write_text("[]")
    with pytest.raises(SystemExit):
        parse_settings(words, {})
    assert "--profiles" in capsys.readouterr().err
