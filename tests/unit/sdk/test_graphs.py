"""What is refused before anything is sent, and what is not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from titan_sdk.submit.graphs import check_graph, find_cycle, resolve_parents

WRONG = {
    "no jobs at all": ([], "at least one job"),
    "two jobs of one id": ([("a", []), ("b", []), ("a", [])], "more than one job has the id 'a'"),
    "a job that is its own parent": ([("a", ["a"])], "job 'a' names itself"),
    "an unknown parent": ([("a", []), ("b", ["nobody"])], "job 'b' has the parent 'nobody'"),
    "a circle of two": ([("a", ["b"]), ("b", ["a"])], "'a' -> 'b' -> 'a'"),
    "a circle behind a tail": ([("t", []), ("a", ["t", "c"]), ("b", ["a"]), ("c", ["b"])], "form a circle"),
}


@pytest.mark.parametrize(("graph", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_graph_that_cannot_run_is_refused_with_the_ids(graph, words):
    with pytest.raises(ValueError, match=words):
        check_graph(graph)


@pytest.mark.parametrize(
    "graph",
    [[("a", [])], [("b", ["a"]), ("a", [])], [("a", []), ("b", ["a"]), ("c", ["a"]), ("d", ["b", "c"])]],
    ids=["one job", "a child before its parent", "a diamond"],
)
def test_a_graph_that_can_run_is_not_refused(graph):
    check_graph(graph)


def test_a_chain_of_ten_thousand_jobs_is_checked_without_recursion():
    check_graph([("0", [])] + [(str(number), [str(number - 1)]) for number in range(1, 10_000)])


@pytest.mark.parametrize(
    ("parents", "ids", "resolved"),
    [
        (["DAG-a", "b"], {"a", "b"}, ("a", "b")),
        (["DAG-a"], {"DAG-a"}, ("DAG-a",)),
        (["a"], {"DAG-a"}, ("DAG-a",)),
        (["a", "DAG-a"], {"a"}, ("a",)),
    ],
    ids=[
        "the legacy prefix is dropped",
        "unless the id really has it",
        "or added if only it has it",
        "and a parent counts once",
    ],
)
def test_parents_are_resolved_to_the_ids_that_jobs_have(parents, ids, resolved):
    assert resolve_parents(parents, ids) == resolved


@given(st.lists(st.lists(st.integers(0, 50), max_size=4), min_size=1, max_size=25))
def test_parents_that_all_come_earlier_never_form_a_circle(draws):
    graph = [(str(i), [str(p % i) for p in draw] if i else []) for i, draw in enumerate(draws)]
    check_graph(graph)


@given(
    st.lists(st.lists(st.integers(0, 50), max_size=3), min_size=2, max_size=20),
    st.data(),
)
def test_a_circle_is_always_found_and_is_one(draws, data):
    graph = {str(i): [str(p % i) for p in draw] if i else [] for i, draw in enumerate(draws)}
    start = data.draw(st.integers(1, len(draws) - 1))
    chain = [str(start)]
    while graph[chain[-1]]:
        chain.append(graph[chain[-1]][0])
    if chain[-1] == chain[0]:
        return
    graph[chain[-1]] = [chain[0]]

    circle = find_cycle(graph)

    assert circle[0] == circle[-1]
    assert all(parent in graph[child] for child, parent in pairwise(circle))
