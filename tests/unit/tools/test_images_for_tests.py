"""The images that the end-to-end tests run are built once, and again when what they are made of changes."""

from pathlib import Path

import pytest

from tools.test_images import __main__ as builds

DOCKERFILE = builds.DOCKERFILE.read_text()


class FakeEngine:
    """Writes archives that name their image."""

    base = "debian"

    def __init__(self) -> None:
        self.built: list[str] = []

    def prepare(self) -> None:
        """Nothing to fetch."""

    def build(self, context: Path, target: str, image: str, version: str) -> None:
        """Notes the target."""
        assert sorted(file.name for file in context.iterdir()) == ["Dockerfile", "old-python"]
        self.built.append(target)

    def save(self, image: str, archive: Path) -> None:
        """The image's name for an image."""
        archive.write_text(image)


def test_all_archives_are_there_after_a_build_and_nothing_else(tmp_path: Path) -> None:
    engine = FakeEngine()

    builds.build(engine, tmp_path, builds.OldPython(engine))

    assert engine.built == ["python", "python39", "shell"]
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "titan-test-python.tar",
        "titan-test-python39.tar",
        "titan-test-shell.tar",
    ]
    assert (tmp_path / "titan-test-shell.tar").read_text() == "titan-test-shell:1"


def test_the_old_python_is_built_by_its_own_engine_out_of_its_own_files(tmp_path: Path) -> None:
    class OldEngine(FakeEngine):
        def build(self, context: Path, target: str, image: str, version: str) -> None:
            assert (context / "old-python/usr/bin/python3.9").read_text() == "an interpreter"
            super().build(context, target, image, version)

    (tmp_path / "tree/usr/bin").mkdir(parents=True)
    (tmp_path / "tree/usr/bin/python3.9").write_text("an interpreter")
    engine, old = FakeEngine(), OldEngine()

    builds.build(engine, tmp_path / "images", builds.OldPython(old, tmp_path / "tree"))

    assert (engine.built, old.built) == (["python", "shell"], ["python39"])


def test_what_is_made_of_the_same_is_not_built_again(tmp_path: Path) -> None:
    builds.build(FakeEngine(), tmp_path, builds.OldPython(FakeEngine()))
    assert not builds.is_current(tmp_path, "now")

    (tmp_path / builds.STAMP).write_text("now")

    assert builds.is_current(tmp_path, "now")
    assert not builds.is_current(tmp_path, "later")


def test_a_missing_archive_asks_for_a_build(tmp_path: Path) -> None:
    builds.build(FakeEngine(), tmp_path, builds.OldPython(FakeEngine()))
    (tmp_path / builds.STAMP).write_text("now")
    (tmp_path / "titan-test-python.tar").unlink()

    assert not builds.is_current(tmp_path, "now")


@pytest.mark.parametrize("target", builds.TARGETS)
def test_every_image_has_a_stage_and_a_user_that_is_a_number(target: str) -> None:
    stage = DOCKERFILE.split(f" AS {target}\n")[1].split("\nFROM ")[0]
    assert "USER 65532:65532" in stage
