"""Graphs of any form end small, acyclic and honest about their edges."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from titan_store.views.graph.foldings import MOST_OPENED, Fold, Part, places_of
from titan_store.views.graph.reductions import reduce_graph
from titan_store.views.graph.shapes import FoldedGraph, Shape, opens
from titan_store.views.graph.states import find_states
from titan_store.views.graph.topologies import JobShape, lay_out

NOTHING: frozenset[str] = frozenset()


def job(job_id: str, *parents: str) -> JobShape:
    return JobShape(job_id, parents)


def fan_out(width: int) -> list[JobShape]:
    """One job, many beside each other, one behind them."""
    workers = [f"work-{number}" for number in range(width)]
    return [job("split"), *(job(worker, "split") for worker in workers), job("merge", *workers)]


def tangle(size: int) -> list[JobShape]:
    """No two jobs with the same neighbours, and no chain."""
    return [job(f"j{n}", *(f"j{before}" for before in (n - 1, n - 2) if before >= 0)) for n in range(size)]


@st.composite
def graphs(draw: st.DrawFn) -> list[JobShape]:
    """Any graph: unknown parents, circles, jobs that are their own parents, two jobs of one id."""
    size = draw(st.integers(0, 40))
    ids = st.integers(0, size + 1).map(lambda number: f"j{number}")
    listed = (
        draw(st.lists(ids, min_size=size, max_size=size)) if draw(st.booleans()) else [f"j{n}" for n in range(size)]
    )
    return [JobShape(job_id, tuple(draw(st.lists(ids, max_size=3)))) for job_id in listed]


def folds_in(parts: Sequence[Part]) -> list[Fold]:
    found = [part for part in parts if isinstance(part, Fold)]
    return found + [inner for fold in found for inner in folds_in(fold.parts)]


def labels_of(shape: Shape) -> list[str]:
    return [node.part.label if isinstance(node.part, Fold) else node.id for node in shape.nodes]


def require_acyclic(shape: Shape) -> None:
    missing = {node: set(shown.parents) for node, shown in enumerate(shape.nodes)}
    while missing:
        free = {node for node, parents in missing.items() if not parents & missing.keys()}
        assert free
        missing = {node: parents for node, parents in missing.items() if node not in free}


@given(graphs(), st.integers(1, 12))
def test_any_graph_folds_into_few_nodes_that_hold_each_job_once(jobs: list[JobShape], most: int) -> None:
    topology = lay_out(jobs)
    parts = reduce_graph(topology, most)
    assert len(parts) <= max(most, 1)
    assert sorted(place for part in parts for place in places_of(part)) == list(range(len(jobs)))
    assert parts == reduce_graph(lay_out(list(jobs)), most)
    folds = folds_in(parts)
    assert len({fold.id for fold in folds}) == len(folds)
    for fold in folds:
        assert sorted(place for part in fold.parts for place in places_of(part)) == list(fold.places)


@given(graphs(), st.integers(1, 12), st.data())
def test_what_is_seen_is_acyclic_and_shows_exactly_the_edges_of_the_jobs(
    jobs: list[JobShape], most: int, data: st.DataObject
) -> None:
    graph = FoldedGraph(jobs, most)
    ids = sorted(fold.id for fold in folds_in(reduce_graph(lay_out(jobs), most)))
    opened = frozenset(data.draw(st.sets(st.sampled_from(ids)))) if ids else NOTHING
    shape = graph.shape(opened)
    require_acyclic(shape)
    assert len({node.id for node in shape.nodes}) == len(shape.nodes)
    wanted = {
        (shape.where[parent], shape.where[place])
        for place, parents in enumerate(lay_out(jobs).parents)
        for parent in parents
        if shape.where[parent] != shape.where[place]
    }
    assert {(parent, node) for node, shown in enumerate(shape.nodes) for parent in shown.parents} == wanted
    for place, node in enumerate(shape.where):
        assert place in places_of(shape.nodes[node].part)
    assert shape.digest == FoldedGraph(jobs, most).shape(opened).digest


@given(graphs())
def test_a_graph_without_circles_keeps_all_its_edges(jobs: list[JobShape]) -> None:
    forward = [
        JobShape(f"j{place}", tuple(parent for parent in shape.parents if parent in {f"j{n}" for n in range(place)}))
        for place, shape in enumerate(jobs)
    ]
    names = [shape.job_id for shape in forward]
    found = [{names[parent] for parent in parents} for parents in lay_out(forward).parents]
    assert found == [set(shape.parents) for shape in forward]


@pytest.mark.parametrize("size", [251, 3000])
def test_a_graph_that_nothing_folds_is_cut_into_bands_of_levels(size: int) -> None:
    shape = FoldedGraph(tangle(size)).shape(NOTHING)
    assert len(shape.nodes) <= 250
    assert labels_of(shape)[0].startswith("levels 1–")


def test_a_fan_out_is_one_node_in_the_smallest_graph() -> None:
    shape = FoldedGraph(fan_out(10)).shape(NOTHING)
    assert labels_of(shape) == ["job:split", "work-0 … work-9", "job:merge"]
    assert [node.parents for node in shape.nodes] == [(), (0,), (1,)]
    assert len(FoldedGraph(fan_out(9)).shape(NOTHING).nodes) == 11


def test_jobs_that_stand_alone_fold_too() -> None:
    assert labels_of(FoldedGraph([job(f"j{n}") for n in range(20)]).shape(NOTHING)) == ["j0 … j19"]


def test_many_chains_side_by_side_fold_into_one_node_of_chains() -> None:
    steps = ("load", "clean", "save")
    chains = [
        job(f"{step}-{n}", f"{steps[place - 1]}-{n}" if place else "begin")
        for n in range(100)
        for place, step in enumerate(steps)
    ]
    graph = FoldedGraph([job("begin"), *chains])
    shape = graph.shape(NOTHING)
    assert labels_of(shape) == ["job:begin", "100 × load-0 → save-0"]
    opened = graph.shape(frozenset({shape.nodes[1].id}))
    assert labels_of(opened)[1:3] == ["load-0 → save-0", "load-1 → save-1"]
    deeper = graph.shape(frozenset({shape.nodes[1].id, opened.nodes[1].id}))
    assert labels_of(deeper)[:5] == ["job:begin", "job:load-0", "job:clean-0", "job:save-0", "load-1 → save-1"]
    assert [node.group for node in deeper.nodes[:5]] == [None, *[opened.nodes[1].id] * 3, shape.nodes[1].id]


def test_a_long_chain_opens_in_portions() -> None:
    graph = FoldedGraph([job(f"j{n}", *([f"j{n - 1}"] if n else [])) for n in range(1000)])
    shape = graph.shape(NOTHING)
    assert [(node.id, *labels_of(shape)) for node in shape.nodes] == [("fold:chain:j0", "j0 → j999")]
    opened = graph.shape(frozenset({"fold:chain:j0"}))
    assert labels_of(opened)[:2] == ["j0 → j99", "j100 → j199"]
    assert [node.parents for node in opened.nodes[:3]] == [(), (0,), (1,)]
    deeper = graph.shape(frozenset({"fold:chain:j0", opened.nodes[1].id}))
    assert (len(deeper.nodes), labels_of(deeper)[1]) == (109, "job:j100")


def test_single_jobs_do_not_hide_among_the_chains_beside_them() -> None:
    chains = [
        job(f"{step}-{n}", f"load-{n}" if step == "save" else "begin") for n in range(140) for step in ("load", "save")
    ]
    singles = [job(f"check-{n}", "begin") for n in range(20)]
    shape = FoldedGraph([job("begin"), *chains, *singles]).shape(NOTHING)
    assert labels_of(shape) == ["job:begin", "140 × load-0 → save-0", "check-0 … check-19"]


def test_an_opened_fan_out_stays_open_while_jobs_are_added() -> None:
    before = FoldedGraph(fan_out(20))
    fold = before.shape(NOTHING).nodes[1].id
    assert len(before.shape(frozenset({fold})).nodes) == 22
    after = FoldedGraph([*fan_out(20), *(job(f"more-{n}", "split") for n in range(12)), job("end", "merge")])
    assert len([node for node in after.shape(frozenset({fold})).nodes if node.group == fold]) == 20
    assert after.shape(NOTHING).digest != before.shape(NOTHING).digest


def test_a_fold_with_too_many_members_does_not_open_but_tells_them() -> None:
    graph = FoldedGraph(fan_out(MOST_OPENED + 1))
    shape = graph.shape(NOTHING)
    fold = shape.nodes[1].part
    assert isinstance(fold, Fold)
    assert not opens(fold)
    assert graph.shape(frozenset({fold.id})) == shape
    assert graph.members(fold.id) == tuple(range(1, MOST_OPENED + 2))
    assert graph.members("fold:fanout:nobody") == ()


def test_commas_in_ids_do_not_break_lists_of_folds() -> None:
    shape = FoldedGraph([job("a,b"), *(job(f"c,{n}", "a,b") for n in range(10))]).shape(NOTHING)
    assert [node.id for node in shape.nodes] == ["job:a,b", "fold:fanout:c%2C0"]


@pytest.mark.parametrize(
    ("phases", "wanted"),
    [
        (["Succeeded"] * 10, "Succeeded"),
        (["Succeeded"] * 9 + ["Cancelled"], "Cancelled"),
        (["Succeeded"] * 9 + ["Pending"], "Pending"),
        (["Pending"] * 9 + ["Serving"], "Serving"),
        (["Serving"] * 9 + ["Running"], "Running"),
        (["Running"] * 9 + ["Failed"], "Failed"),
    ],
)
def test_a_fold_shows_the_phase_that_matters_most(phases: list[str], wanted: str) -> None:
    shape = FoldedGraph(fan_out(10)).shape(NOTHING)
    states = find_states(shape, ["Succeeded", *phases, "Pending"])
    assert [state.phase for state in states] == ["Succeeded", wanted, "Pending"]
    assert sum(states[1].counts.values()) == 10
    assert states[2].counts == {"pending": 1}
