"""The fold of manifests against a model that really runs the jobs, each in a dictionary of its own."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from titan_store.keeping.folds import Contribution, FileVersion, fold

PATHS = ("a", "b", "dir/a", "dir/b")


def version(text: str) -> FileVersion:
    return FileVersion(text, 0o644, len(text))


def left(job: str, *parents: str, deleted: tuple[str, ...] = (), **files: str) -> Contribution:
    """``job`` found what its parents left, and wrote ``files``; underscores stand for slashes."""
    changed = {path.replace("_", "/"): version(text) for path, text in files.items()}
    return Contribution(job, 1, tuple((parent, 1) for parent in parents), changed, deleted)


def texts(contributions: list[Contribution], *parents: str) -> dict[str, str]:
    found = fold(contributions, [(parent, 1) for parent in parents])
    return {path: version.digest for path, (version, _) in found.files.items()}


def conflicts(contributions: list[Contribution], *parents: str) -> list[str]:
    return fold(contributions, [(parent, 1) for parent in parents]).conflicts


def test_no_parents_leave_nothing() -> None:
    assert fold([], []).files == {}


def test_a_chain_adds_changes_and_deletes() -> None:
    chain = [left("one", a="1", b="1"), left("two", "one", a="2"), left("three", "two", deleted=("b",), c="3")]

    assert texts(chain, "three") == {"a": "2", "c": "3"}
    assert conflicts(chain, "three") == []


def test_each_file_names_the_job_that_left_it() -> None:
    chain = [left("one", a="1", b="1"), left("two", "one", a="2")]

    files = fold(chain, [("two", 1)]).files

    assert {path: job for path, (_, job) in files.items()} == {"a": "two", "b": "one"}


def test_of_two_that_do_not_know_each_other_the_later_wins_and_the_path_is_named() -> None:
    diamond = [left("top", a="0"), left("left", "top", a="L"), left("right", "top", a="R")]

    assert texts(diamond, "left", "right") == {"a": "R"}
    assert conflicts(diamond, "left", "right") == ["a"]


def test_equal_content_is_no_conflict() -> None:
    assert conflicts([left("one", a="same"), left("two", a="same")], "one", "two") == []


def test_an_inherited_file_that_only_one_side_changed_is_no_conflict() -> None:
    diamond = [left("top", a="0"), left("left", "top", a="L"), left("right", "top", b="R")]

    assert texts(diamond, "left", "right") == {"a": "L", "b": "R"}
    assert conflicts(diamond, "left", "right") == []


def test_a_deletion_against_a_change_is_a_conflict_and_the_later_wins() -> None:
    top = left("top", a="0")
    one, two = left("left", "top", a="L"), left("right", "top", deleted=("a",))

    assert (texts([top, one, two], "left", "right"), conflicts([top, one, two], "left", "right")) == ({}, ["a"])
    assert (texts([top, two, one], "left", "right"), conflicts([top, two, one], "left", "right")) == ({"a": "L"}, ["a"])


def test_who_has_seen_both_versions_settles_the_conflict() -> None:
    jobs = [left("left", a="L"), left("right", a="R"), left("merge", "left", "right", a="M")]

    assert texts(jobs, "merge", "left") == {"a": "M"}
    assert conflicts(jobs, "merge", "left", "right") == []


def test_a_conflict_is_told_once_where_it_meets() -> None:
    jobs = [left("left", a="L"), left("right", a="R"), left("join", "left", "right", b="x"), left("other", c="x")]

    assert conflicts(jobs, "join", "other") == []


def test_a_file_gives_way_to_a_later_folder_of_its_name_and_the_other_way_round() -> None:
    file, folder = left("file", out="f"), left("folder", out_x="x", out_y="y")

    assert texts([file, folder], "file", "folder") == {"out/x": "x", "out/y": "y"}
    assert conflicts([file, folder], "file", "folder") == ["out"]
    assert texts([folder, file], "file", "folder") == {"out": "f"}
    assert conflicts([folder, file], "file", "folder") == ["out/x", "out/y"]


@dataclass
class Model:
    """Jobs that really run: each finds the files of its ancestors, replayed in the order of their ends."""

    contributions: list[Contribution] = field(default_factory=list)
    ancestors: list[set[int]] = field(default_factory=list)

    def replay(self, parents: set[int]) -> dict[str, str]:
        files: dict[str, str] = {}
        seen = parents.union(*(self.ancestors[parent] for parent in parents))
        for place in sorted(seen):
            for path in self.contributions[place].deleted:
                files.pop(path, None)
            files |= {path: one.digest for path, one in self.contributions[place].changed.items()}
        return files

    def run(self, parents: set[int], writes: dict[str, str], deletions: set[str]) -> None:
        """A job that writes and deletes in what it finds; its manifest is the difference."""
        base = self.replay(parents)
        after = {path: text for path, text in (base | writes).items() if path not in deletions}
        changed = {path: version(text) for path, text in after.items() if base.get(path) != text}
        deleted = sorted(set(base) - set(after))
        inputs = tuple((f"job-{parent}", 1) for parent in sorted(parents))
        self.contributions.append(Contribution(f"job-{len(self.contributions)}", 1, inputs, changed, deleted))
        self.ancestors.append(parents.union(*(self.ancestors[parent] for parent in parents)))


@st.composite
def models(draw: st.DrawFn) -> Model:
    model = Model()
    for place in range(draw(st.integers(1, 8))):
        parents = draw(st.sets(st.integers(0, place - 1), max_size=3)) if place else set()
        writes = draw(st.dictionaries(st.sampled_from(PATHS), st.sampled_from("xyz"), max_size=3))
        model.run(parents, writes, draw(st.sets(st.sampled_from(PATHS), max_size=2)))
    return model


@given(models(), st.data())
@settings(deadline=None)
def test_the_fold_is_what_jobs_that_really_ran_would_have_left(model: Model, data: st.DataObject) -> None:
    parents = data.draw(st.sets(st.integers(0, len(model.contributions) - 1), min_size=1, max_size=3))
    seen = parents.union(*(model.ancestors[parent] for parent in parents))
    lineage = [model.contributions[place] for place in sorted(seen)]

    found = fold(lineage, [(f"job-{parent}", 1) for parent in parents])

    assert {path: one.digest for path, (one, _) in found.files.items()} == model.replay(parents)


@given(models())
@settings(deadline=None)
def test_along_one_line_of_descent_nothing_is_a_conflict(model: Model) -> None:
    last = len(model.contributions) - 1
    lineage = [model.contributions[place] for place in sorted({last} | model.ancestors[last])]

    assert fold(lineage, [(f"job-{last}", 1)]).conflicts == []
