"""kopf as it is set up: it watches, and can write nothing."""

from itertools import islice

import aiohttp
import kopf
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from builders.operators.rig import Rig
from titan_operator.cluster.gateway import LABEL_SELECTORS
from titan_operator.watching.kopf_settings import build_settings
from titan_operator.watching.lists import trace_lists
from titan_operator.watching.resync import Resync


class Requests(Resync):
    """Remembers what was asked for."""

    def __init__(self) -> None:
        self.kinds: list[str] = []

    def request(self, kind: str) -> None:
        self.kinds.append(kind)


def test_kopf_never_tires_of_a_server_that_is_away() -> None:
    backoffs = build_settings().networking.error_backoffs
    assert not isinstance(backoffs, float)
    first = list(islice(backoffs, 1_000))
    assert len(first) == 1_000
    assert max(first) <= 1
    assert next(iter(backoffs)) == first[0], "each request begins anew"


def test_kopf_keeps_nothing_in_objects_and_posts_no_events() -> None:
    settings = build_settings()
    body = kopf.Body({"metadata": {"name": "a"}, "spec": {"x": 1}})
    assert settings.persistence.diffbase_storage.build(body=body) == {}
    assert settings.persistence.diffbase_storage.fetch(body=body) is None
    assert settings.posting.enabled is False


def test_only_titans_pods_and_deployments_are_watched() -> None:
    selectors = build_settings().watching.label_selectors
    assert [selectors[key] for key in selectors] == [LABEL_SELECTORS["Pod"], LABEL_SELECTORS["Deployment"]]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/apis/titan.io/v1alpha1/titanjobs?limit=1", ["TitanJob"]),
        ("GET", "/api/v1/pods?labelSelector=x", ["Pod"]),
        ("GET", "/api/v1/pods?watch=true&resourceVersion=5", []),
        ("GET", "/api/v1/namespaces", []),
        ("GET", "/apis/titan.io/v1alpha1", []),
        ("PATCH", "/apis/titan.io/v1alpha1/titanjobs", []),
    ],
)
async def test_each_list_of_kopf_is_followed_by_one_of_ours(method: str, path: str, expected: list[str]) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    requests = Requests()
    async with (
        TestServer(app) as server,
        aiohttp.ClientSession(trace_configs=[trace_lists(requests)]) as session,
        session.request(method, f"{str(server.make_url('')).rstrip('/')}{path}"),
    ):
        pass
    assert requests.kinds == expected


async def test_the_first_round_is_repeated_until_every_kind_was_listed() -> None:
    rig = Rig()
    await rig.submit("d", {"a": ()})
    rig.gateway.is_away = True
    naps = 0

    async def sleep(_: float) -> None:
        nonlocal naps
        naps += 1
        assert not rig.operator.cache.is_synced
        rig.gateway.is_away = naps < 3

    rig.clock.sleep = sleep
    await rig.operator.warm_up()
    rig.operator.begin()
    assert naps == 3
    assert rig.operator.cache.is_synced
