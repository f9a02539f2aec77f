"""What the process tells those who look after it."""

from aiohttp.test_utils import TestClient, TestServer
from builders.operators.rig import Rig
from titan_operator.metrics import Metrics
from titan_operator.passes.leader import Alone
from titan_operator.probes import Probes


async def test_it_is_ready_only_after_everything_was_listed_once() -> None:
    rig, metrics = Rig(), Metrics()
    operator = rig.operator
    probes = Probes(operator.cache, operator.queue, operator.informer, metrics, rig.clock, Alone())
    await rig.submit("d", {"a": ()})
    async with TestClient(TestServer(probes.app())) as client:
        assert (await client.get("/healthz")).status == 200
        assert (await client.get("/readyz")).status == 503
        await rig.synchronise()
        assert (await client.get("/readyz")).status == 200


async def test_metrics_tell_of_the_queue_the_cache_and_the_watch() -> None:
    rig, metrics = Rig(), Metrics()
    operator = rig.operator
    probes = Probes(operator.cache, operator.queue, operator.informer, metrics, rig.clock, Alone())
    await rig.submit("d", {"a": ()})
    await rig.synchronise()
    rig.clock.advance_to(7)
    metrics.api_call("PATCH", "TitanJob", 200, 0.004)
    async with TestClient(TestServer(probes.app())) as client:
        text = await (await client.get("/metrics")).text()
    assert "titan_queue_depth 2.0" in text
    assert "titan_queue_oldest_waiting_seconds 7.0" in text
    assert "titan_last_event_age_seconds 7.0" in text
    assert 'titan_cached_objects{kind="TitanJob"} 1.0' in text
    assert 'titan_api_calls_total{code="200",kind="TitanJob",verb="PATCH"} 1.0' in text
