"""What probes, Prometheus and authors of clients ask for without a token."""

from aiohttp import web

from titan_store.api import keys
from titan_store.api.http.operations import TEXT, Answer, Call, Content, Declaration
from titan_store.api.http.parameters import NoQuery

_OK = {200: Answer("Yes.", Content(TEXT))}


@Declaration("GET /healthz", "Whether the process is alive.", _OK)
async def get_health(_: Call[NoQuery]) -> web.Response:
    """The process lives."""
    return web.Response(text="ok\n")


@Declaration("GET /readyz", "Whether requests can be served.", _OK)
async def get_readiness(call: Call[NoQuery]) -> web.Response:
    """Ready once the database answers and the bucket has answered once, so a wrong setting shows at installation."""
    await call.app[keys.OUTCOMES].newest()
    await call.app[keys.BYTES].require()
    return web.Response(text="ok\n")


@Declaration("GET /metrics", "Metrics.", {200: Answer("Prometheus' text.", Content(TEXT))})
async def get_metrics(call: Call[NoQuery]) -> web.Response:
    """Prometheus' text."""
    metrics = call.app[keys.METRICS]
    return web.Response(body=metrics.render(), headers={"Content-Type": metrics.content_type})


OPERATIONS = (get_health, get_readiness, get_metrics)
