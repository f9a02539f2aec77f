"""What probes, Prometheus and authors of clients ask for without a token."""

from aiohttp import web

from titan_store.api import keys
from titan_store.api.http.operations import TEXT, Answer, Call, Content, Operation
from titan_store.api.http.parameters import NoQuery


async def answer_health(_: Call[NoQuery]) -> web.Response:
    """The process lives."""
    return web.Response(text="ok\n")


async def answer_readiness(call: Call[NoQuery]) -> web.Response:
    """Ready once the database answers and the bucket has answered once, so a wrong setting shows at installation."""
    await call.app[keys.OUTCOMES].newest()
    await call.app[keys.BYTES].require()
    return web.Response(text="ok\n")


async def answer_metrics(call: Call[NoQuery]) -> web.Response:
    """Prometheus' text."""
    metrics = call.app[keys.METRICS]
    return web.Response(body=metrics.render(), headers={"Content-Type": metrics.content_type})


_OK = {200: Answer("Yes.", Content(TEXT))}

OPERATIONS = (
    Operation("getHealth", "GET", "/healthz", answer_health, "Whether the process is alive.", _OK),
    Operation("getReadiness", "GET", "/readyz", answer_readiness, "Whether requests can be served.", _OK),
    Operation(
        "getMetrics", "GET", "/metrics", answer_metrics, "Metrics.", {200: Answer("Prometheus' text.", Content(TEXT))}
    ),
)
