"""Logs in order, whole, once; through retries of the job and outages of the store."""

from functools import partial

import pytest
from builders.sdk import sdk_objects as make
from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.sdk_edge import FakeClock
from builders.sdk.sdk_store import FakeLog, FakeStore

from titan_api.views import view_job
from titan_sdk.data.logs import Follower, fetch_log, stream_lines
from titan_sdk.errors import TitanTimeout, TitanUnavailable

UID = "uid-1"
NAME = "night-abcde-train"


class Scene:
    """A job whose life goes on each time its reader pauses."""

    def __init__(self, *acts, phase="Running"):
        self.cluster, self.backend = FakeCluster(), FakeStore()
        manifest = make.job("train", phase=phase)
        manifest["metadata"]["uid"] = UID
        self.job = view_job(self.cluster.add("titanjobs", manifest))
        self.store = self.backend.store(FakeClock(*[partial(act, self) for act in acts]))

    def prints(self, text, attempt=1):
        log = self.backend.logs.setdefault(UID, {}).setdefault(attempt, FakeLog())
        log.content += text.encode() if isinstance(text, str) else text

    def ends(self, phase="Succeeded"):
        self.cluster.set_status("titanjobs", NAME, phase=phase)

    def read(self, *, follow=True, timeout=None):
        kube = self.cluster.kube(self.store.clock)
        follower = Follower(kube, self.store, self.job, follow=follow, timeout=timeout)
        return list(stream_lines(follower.chunks()))


def test_a_finished_log_is_read_to_its_end():
    scene = Scene(phase="Succeeded")
    scene.prints("one\ntwo\n")
    assert scene.read() == ["one", "two"]


def test_a_running_log_is_followed_until_the_job_has_ended():
    scene = Scene(lambda s: s.prints("two\nth"), lambda s: s.prints("ree\n"), lambda s: s.ends())
    scene.prints("one\n")
    assert scene.read() == ["one", "two", "three"]


def test_what_is_printed_just_before_the_end_is_not_missed():
    def last_words(scene):
        scene.prints("bye")
        scene.ends()

    scene = Scene(last_words)
    scene.prints("hello\n")
    assert scene.read() == ["hello", "bye"]


def test_a_job_that_waits_is_waited_for():
    scene = Scene(lambda s: None, lambda s: s.prints("at last\n"), lambda s: s.ends(), phase="Pending")
    assert scene.read() == ["at last"]


def test_a_job_that_ends_without_a_word_has_an_empty_log():
    assert Scene(lambda s: s.ends("Cancelled"), phase="Pending").read() == []


def test_a_job_that_was_deleted_ends_its_log():
    scene = Scene(lambda s: s.cluster.remove("titanjobs", NAME))
    scene.prints("one\n")
    assert scene.read() == ["one"]


def test_the_next_attempt_is_followed_too_and_attempts_are_not_mixed():
    def second(scene):
        scene.prints("first, end\n")
        scene.prints("second\n", attempt=2)

    scene = Scene(second, lambda s: s.ends())
    scene.prints("first\n")
    assert scene.read() == ["first", "first, end", "second"]


def test_a_late_reader_sees_the_newest_attempt_only():
    scene = Scene(phase="Failed")
    scene.prints("first\n")
    scene.prints("second\n", attempt=2)
    assert scene.read() == ["second"]
    assert fetch_log(scene.store, UID) == b"second\n"


@pytest.mark.parametrize("kind", ["unsent", "lost", "503"])
def test_an_outage_in_the_middle_loses_nothing_and_repeats_nothing(kind):
    def outage(scene):
        scene.backend.transport.fail(kind, "GET", "/log", times=3)
        scene.prints("two\n")

    scene = Scene(outage, *[lambda s: None] * 3, lambda s: s.prints("three\n"), lambda s: s.ends())
    scene.prints("one\n")
    assert scene.read() == ["one", "two", "three"]


def test_a_store_that_stays_away_is_reported():
    scene = Scene()
    scene.backend.transport.fail("unsent", times=10_000)
    with pytest.raises(TitanUnavailable):
        scene.read()


def test_the_time_that_was_allowed_passes():
    scene = Scene()
    scene.prints("one\n")
    with pytest.raises(TitanTimeout, match="the log of job 'train' did not end within 5 seconds"):
        scene.read(timeout=5)


def test_without_following_only_what_is_there_is_read():
    scene = Scene()
    scene.prints("so far")
    assert scene.read(follow=False) == ["so far"]


def test_a_log_that_is_not_there_reads_as_nothing():
    assert fetch_log(FakeStore().store(), UID) == b""
    assert Scene().read(follow=False) == []


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ([], []),
        ([b"a\nb\n"], ["a", "b"]),
        ([b"a", b"b\nc"], ["ab", "c"]),
        ([b"\n\n"], ["", ""]),
        (["ü\n".encode()[:1], "ü\n".encode()[1:]], ["ü"]),
        ([b"\xff\xfe\n"], ["\ufffd\ufffd"]),
        ([b"end\xc3"], ["end\ufffd"]),
        ([b"a\r\n50%\r100%\n"], ["a\r", "50%\r100%"]),
    ],
    ids=[
        "nothing",
        "lines",
        "a line in pieces",
        "empty lines",
        "a letter in pieces",
        "no UTF-8",
        "half a letter",
        "returns",
    ],
)
def test_bytes_become_lines(chunks, lines):
    assert list(stream_lines(iter(chunks))) == lines
