"""Whatever happens to the watches, the cache ends with what the cluster holds."""

from dataclasses import dataclass, field
from typing import Any

from builders.store.cluster_objects import dag_object, job_object, node_object
from builders.store.clusters import FakeCluster
from hypothesis import given
from hypothesis import strategies as st
from titan_store.cluster.edges import FOLLOWED
from titan_store.views.cached.cache import Cache, Change
from titan_store.views.cached.readings import READERS
from titan_store.views.cached.records import GateRecord, Record
from titan_store.views.following import apply_batch

from titan_api.json_types import Json
from titan_kube.follow import Batch, News

PHASES = ("Pending", "Running", "Succeeded")


def make(kind: str, name: str, incarnation: int, phase: str, dag: str) -> Json:
    if kind == "TitanDAG":
        return dag_object(name, uid=f"{name}-{incarnation}", second=incarnation, status={"phase": phase})
    if kind == "TitanJob":
        return job_object(name, dag, uid=f"{name}-{incarnation}", second=incarnation, status={"phase": phase})
    if kind == "TitanApproval":
        gate = FakeCluster().add_gate(name, phase)
        gate["metadata"] |= {"uid": f"{name}-{incarnation}", "creationTimestamp": "2026-01-02T03:00:00Z"}
        return gate
    node = node_object(name, labels={"phase": phase})
    node["metadata"]["uid"] = f"{name}-{incarnation}"
    return node


@dataclass
class Watched:
    """A cluster, a watch of it that may break, and the cache that follows."""

    truth: dict[tuple[str, str], Json] = field(default_factory=dict)
    told: list[Change] = field(default_factory=list)
    is_broken: bool = False

    def __post_init__(self) -> None:
        self.cache = Cache(self.told.append)
        self.seen: dict[str, set[str]] = {kind: set() for kind in FOLLOWED}

    def put(self, kind: str, raw: Json) -> None:
        known = self.truth.get((kind, raw["metadata"]["name"]))
        if known is not None and known["metadata"]["uid"] != raw["metadata"]["uid"]:
            self.drop(kind, raw["metadata"]["name"])
        self.truth[kind, raw["metadata"]["name"]] = raw
        self._tell(kind, News.CHANGED, raw)

    def drop(self, kind: str, name: str) -> None:
        raw = self.truth.pop((kind, name), None)
        if raw is not None:
            self._tell(kind, News.GONE, raw)

    def list_again(self) -> None:
        for kind in FOLLOWED:
            for (found, _), raw in self.truth.items():
                if found == kind:
                    apply_batch(self.cache, kind, Batch(News.LISTED, [raw]), self.seen[kind])
            apply_batch(self.cache, kind, Batch(News.COMPLETE, []), self.seen[kind])
        self.is_broken = False

    def _tell(self, kind: str, news: News, raw: Json) -> None:
        if not self.is_broken:
            apply_batch(self.cache, kind, Batch(news, [raw]), self.seen[kind])


def everything(cache: Cache) -> set[tuple[str, str]]:
    records: list[Record] = [*cache.dags(None), *cache._jobs.all(), *cache.gates(None), *cache.nodes()]
    return {(type(record).__name__, record.uid) for record in records}


_kinds = st.sampled_from(sorted(FOLLOWED))
_names = st.sampled_from("abc")
_steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"), _kinds, _names, st.integers(0, 2), st.sampled_from(PHASES), st.sampled_from(["d", "e"])
        ),
        st.tuples(st.just("drop"), _kinds, _names),
        st.tuples(st.just("break")),
        st.tuples(st.just("list")),
    ),
    max_size=40,
)


@given(_steps)
def test_following_and_listing_again_always_end_at_the_clusters_content(steps: list[tuple[Any, ...]]) -> None:
    watched = Watched()
    watched.list_again()
    for step in steps:
        match step:
            case ("put", kind, name, incarnation, phase, dag):
                watched.put(kind, make(kind, name, incarnation, phase, dag))
            case ("drop", kind, name):
                watched.drop(kind, name)
            case ("break",):
                watched.is_broken = True
            case _:
                watched.list_again()
    if watched.is_broken:
        watched.list_again()
    expected = [READERS[kind](raw) for (kind, _), raw in watched.truth.items()]
    cache = watched.cache
    assert everything(cache) == {(type(record).__name__, record.uid) for record in expected}
    jobs = list(cache._jobs.all())
    assert sorted(cache.open_jobs(None), key=lambda job: job.name) == sorted(
        (job for job in jobs if not job.is_final), key=lambda job: job.name
    )
    for dag in ("d", "e"):
        assert list(cache.jobs_of("team", dag)) == sorted(
            (job for job in jobs if job.dag == dag), key=lambda job: job.age
        )
    gates = [record for record in expected if isinstance(record, GateRecord)]
    assert [gate for name in "abc" for gate in cache.gates_of("team", name)] == sorted(gates, key=lambda g: g.name)
    assert [dag.age for dag in cache.dags(None)] == sorted((dag.age for dag in cache.dags(None)), reverse=True)
    populated = {record.namespace for record in (*cache.dags(None), *jobs, *gates)}
    assert cache.namespaces() == dict.fromkeys(populated, len(cache.dags(None)))


@given(_steps)
def test_a_list_that_says_the_same_again_tells_nobody_anything(steps: list[tuple[Any, ...]]) -> None:
    watched = Watched()
    for step in steps:
        if step[0] == "put":
            watched.put(step[1], make(*step[1:]))
    watched.told.clear()
    watched.list_again()
    assert watched.told == []


def test_an_object_that_cannot_be_read_hides_no_other() -> None:
    cache = Cache(lambda change: None)
    broken = dag_object("broken")
    broken["spec"].pop("name")
    apply_batch(cache, "TitanDAG", Batch(News.LISTED, [broken, dag_object("nightly")]), set())
    assert [dag.name for dag in cache.dags(None)] == ["nightly"]
