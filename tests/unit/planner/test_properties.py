"""Properties of the planners over random graphs, outcomes, verdicts and crashes."""

from builders.operators.world import Script, World
from hypothesis import given, settings
from hypothesis import strategies as st

SCRIPTS = st.builds(
    Script,
    failures=st.integers(0, 3),
    limit=st.integers(0, 2),
    gate=st.sampled_from([None, None, None, "Approve", "Reject", "Silence"]),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    size = draw(st.integers(1, 7))
    graph = {}
    for position in range(size):
        earlier = [f"j{index}" for index in range(position)]
        graph[f"j{position}"] = tuple(draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else ())
    return World(graph, {job_id: draw(SCRIPTS) for job_id in graph})


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["pass", "pass", "pass", "pod", "people", "time", "kill", "dag"]),
        st.integers(0, 6),
        st.one_of(st.none(), st.none(), st.integers(0, 2)),
        st.booleans(),
        st.booleans(),
    ),
    max_size=60,
)


def shake(world: World, events: list[tuple[str, int, int | None, bool, bool]]) -> None:
    """Random passes cut off anywhere, pods that end or vanish, operators that die."""
    job_ids = list(world.jobs)
    for event, index, cut, record_first, vanish in events:
        job_id = job_ids[index % len(job_ids)]
        match event:
            case "pass":
                world.step(job_id, cut=cut)
            case "pod":
                world.run_pod(job_id, record_first=record_first, vanish=vanish)
            case "people":
                world.people_decide(job_id)
            case "time":
                world.pass_time(1 + index)
            case "kill":
                world.kill_operator()
            case _:
                world.step(None, cut=cut)
        check_always(world)


def check_always(world: World) -> None:
    """What must hold after every single step."""
    assert len(world.starts) == len(set(world.starts)), "a second process for one attempt"
    for job_id, job in world.jobs.items():
        started = any(owner == job_id for owner, _ in world.pods) or any(owner == job_id for owner, _ in world.starts)
        if started:
            parents = [world.jobs[reference.job_id] for reference in job.parents]
            assert all(parent.lets_children_go for parent in parents), f"{job_id} started before its parents were done"
        attempts = [attempt for owner, attempt in world.starts if owner == job_id]
        assert attempts == sorted(attempts)


@settings(max_examples=200, deadline=None)
@given(worlds(), EVENTS)
def test_every_history_ends_as_the_scripts_say(
    world: World, events: list[tuple[str, int, int | None, bool, bool]]
) -> None:
    shake(world, events)
    world.settle()
    check_always(world)
    goes_on: dict[str, bool] = {}
    for job_id, parents in world.graph.items():
        script, job = world.scripts[job_id], world.jobs[job_id]
        if not all(goes_on[parent] for parent in parents):
            expected = "Cancelled"
        else:
            expected = "Succeeded" if script.failures <= script.limit else "Failed"
        assert job.status.phase == expected, job_id
        runs = sum(1 for owner, _ in world.starts if owner == job_id)
        assert runs == (0 if expected == "Cancelled" else min(script.failures, script.limit) + 1)
        assert job.status.attempt == runs, "status and the side file disagree"
        goes_on[job_id] = expected == "Succeeded" and script.gate in (None, "Approve")
    assert world.dag.status.phase == ("Succeeded" if all(goes_on.values()) else "Failed")


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_planning_again_in_a_settled_world_is_silent(world: World) -> None:
    world.settle()
    assert not world.step(None)
    assert not any(world.step(job_id) for job_id in world.jobs)
