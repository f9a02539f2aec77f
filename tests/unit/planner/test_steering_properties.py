"""Properties under steering: runs, suspensions, cancels and added jobs at any moment of any history."""

from collections.abc import Iterable

from builders.operators.world import Script, World
from hypothesis import given, settings
from hypothesis import strategies as st

SCRIPTS = st.builds(
    Script,
    failures=st.integers(0, 3),
    limit=st.integers(0, 2),
    gate=st.sampled_from([None, None, "Approve", "Reject", "Silence"]),
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["pass"] * 6
            + ["pod"] * 3
            + ["people", "time", "kill", "dag", "dag", "run", "suspend", "resume", "cancel", "cancel job", "add"]
        ),
        st.integers(0, 6),
        st.one_of(st.none(), st.none(), st.integers(0, 2)),
        st.booleans(),
    ),
    max_size=70,
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    size = draw(st.integers(1, 5))
    graph: dict[str, tuple[str, ...]] = {}
    for position in range(size):
        earlier = [f"j{index}" for index in range(position)]
        graph[f"j{position}"] = tuple(draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else ())
    return World(graph, {job_id: draw(SCRIPTS) for job_id in graph}, limit=draw(st.sampled_from([None, None, 1, 2])))


class Witness:
    """Remembers what may never be taken back, and what must never be seen."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._verdicts: dict[tuple[str, int], str] = {}
        self._attempts: dict[str, int] = {}

    def look(self, before: list[tuple[str, int]]) -> None:
        world = self._world
        assert len(world.starts) == len(set(world.starts)), "a second process for one attempt"
        assert world.limit is None or world.living <= world.limit, "more pods at once than permitted"
        for job_id, _ in world.pods.keys() - set(before):
            assert not world.dag.suspend, "a pod was created though the DAG was suspended"
            assert not world.dag.cancel, "a pod was created though the DAG was cancelled"
            parents = [world.jobs[parent.job_id] for parent in world.jobs[job_id].parents]
            assert all(parent.lets_children_go for parent in parents), f"{job_id} did not wait for its parents"
            assert all(self._is_approved(parent.job_id) for parent in parents if parent.has_gate), "no approval"
        for gate in [*world.approvals.values(), *world.former_gates]:
            if gate.status.phase in ("Approved", "Rejected", "TimedOut"):
                known = self._verdicts.setdefault((gate.job, gate.round), gate.status.phase)
                assert known == gate.status.phase, "a verdict was taken back"
        for job_id, job in world.jobs.items():
            assert job.status.attempt >= self._attempts.get(job_id, 0), "an attempt's number was given twice"
            self._attempts[job_id] = job.status.attempt

    def _is_approved(self, job_id: str) -> bool:
        job = self._world.jobs[job_id]
        return any(verdict == "Approved" for (name, _), verdict in self._verdicts.items() if name == job.meta.name)


def shake(world: World, events: Iterable[tuple[str, int, int | None, bool]], witness: Witness) -> None:
    for event, index, cut, flag in events:
        job_id = list(world.jobs)[index % len(world.jobs)]
        before = list(world.pods)
        match event:
            case "pass":
                world.step(job_id, cut=cut)
            case "dag":
                world.step(None, cut=cut)
            case "pod":
                world.run_pod(job_id, record_first=flag, vanish=index > 3)
            case "people":
                world.people_decide(job_id)
            case "time":
                world.pass_time(1 + 20 * index)
            case "kill":
                world.kill_operator()
            case "run":
                world.ask_for_a_run()
            case "suspend" | "resume":
                world.suspend(event == "suspend")
            case "cancel":
                world.cancel_dag()
            case "cancel job":
                world.cancel_job(job_id)
            case _ if not world.dag.has_ended and not world.dag.cancel and len(world.jobs) < 8:
                world.add(f"added-{len(world.jobs)}", (job_id,) if flag else ())
        witness.look(before)


@settings(max_examples=300, deadline=None)
@given(worlds(), EVENTS)
def test_whatever_is_asked_for_nothing_runs_twice_or_unasked_and_the_dag_comes_to_its_end(
    world: World, events: list[tuple[str, int, int | None, bool]]
) -> None:
    witness = Witness(world)
    shake(world, events, witness)
    world.suspend(False)
    world.settle(witness.look)
    assert world.dag.status.run == world.dag.run
    assert all(job.has_ended and (world.dag.cancel or job.is_settled) for job in world.jobs.values())
    everybody_goes_on = all(job.lets_children_go for job in world.jobs.values())
    assert (world.dag.status.phase == "Succeeded") == everybody_goes_on


@settings(max_examples=150, deadline=None)
@given(worlds(), EVENTS)
def test_another_run_finishes_what_can_be_finished(
    world: World, events: list[tuple[str, int, int | None, bool]]
) -> None:
    """Run after run, with people who approve and programs that succeed in the end, everything has succeeded."""
    witness = Witness(world)
    shake(world, [event for event in events if event[0] != "cancel job"], witness)
    world.suspend(False)
    world.scripts = {job_id: Script(failures=0, gate="Approve") for job_id in world.jobs}
    for _ in range(10):
        world.settle(witness.look)
        if world.dag.status.phase == "Succeeded":
            return
        world.ask_for_a_run()
    raise AssertionError("the DAG never succeeds")
