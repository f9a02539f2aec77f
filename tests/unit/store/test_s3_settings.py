"""Wrong settings of the bucket: the store lives, is not ready, names them once, and recovers without a restart."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from builders.store.s3_server import running_s3
from builders.store.stores import running_store
from titan_store.settings import S3Settings

CASES = {
    "another bucket": ({"bucket": "elsewhere"}, "there is no such bucket"),
    "a wrong key": ({"secret_key": "wrong"}, "SignatureDoesNotMatch"),
    "nobody there": ({"endpoint": "http://127.0.0.1:1"}, "refused"),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_wrong_setting_of_the_bucket_is_named_once_and_the_store_is_not_ready(
    tmp_path: Path, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    change, words = CASES[case]
    async with running_s3(tmp_path) as server:
        settings: S3Settings = replace(server.settings, **change)
        async with running_store(tmp_path / "data", s3=settings) as store:
            for _ in range(2):
                reply = await store.get("/readyz", token=None)
                assert reply.status == 503
                message = reply.json["error"]["message"]
                assert message.startswith(f"--s3-endpoint {settings.endpoint}, --s3-bucket {settings.bucket}: ")
            errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
            assert len(errors) == 1
            if case != "a wrong key":  # HEAD has no body, so S3 servers tell only that they refuse.
                assert words in errors[0]
            assert (await store.get("/healthz", token=None)).status == 200


async def test_a_bucket_that_is_away_at_the_start_is_found_when_it_comes_and_missed_by_nobody_later(
    tmp_path: Path,
) -> None:
    async with running_s3(tmp_path) as server:
        await server.stop()
        async with running_store(tmp_path / "data", s3=server.settings) as store:
            assert (await store.get("/readyz", token=None)).status == 503
            await server.start()
            assert (await store.get("/readyz", token=None)).status == 200
            await server.stop()
            assert (await store.get("/readyz", token=None)).status == 200
            assert (await store.put_value("k", "v")).status == 204
            await server.start()
