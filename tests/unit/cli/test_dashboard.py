"""``titan dashboard``: which way the browser takes, as whom it is signed in, and what is said where there is none."""

import json
import signal
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders.sdk.sdk_cluster import SERVER, FakeCluster
from builders.sdk.sdk_edge import Asked, FakeClock, FaultyTransport, WholeStream, answer

from titan_sdk import TitanClient
from titan_sdk.cli.app import run
from titan_sdk.cli.browsers import has_screen
from titan_sdk.cli.edge import Edge
from titan_sdk.cluster.access import Access
from titan_sdk.cluster.environment import resolve
from titan_sdk.connections import Connections
from titan_sdk.testing.answers import refuse_as_api, refuse_as_store
from titan_sdk.transport.http import Stream

PROXY = "/api/v1/namespaces/titan-system/services/titan-store:api/proxy"
Result = tuple[int, str, str]


class Page:
    """A store that has a dashboard, and remembers who asked for codes."""

    def __init__(self) -> None:
        self.answers: Callable[[], Stream] = lambda: answer(201, {"code": "c0de"})
        self.tokens: list[str] = []
        self.transport = FaultyTransport(self.serve)

    def serve(self, asked: Asked) -> Stream:
        if asked.path.endswith("/v1/session/codes"):
            self.tokens.append(asked.headers["X-Titan-Token"])
            return self.answers()
        return WholeStream(200, b"<!doctype html>", headers={"content-type": "text/html"})


class Machine:
    """One person at one machine."""

    def __init__(self, home: Path, read: Callable[[], tuple[str, str]]) -> None:
        self.home = home
        self.page = Page()
        self.cluster = FakeCluster()
        self.authorization: str | None = "Bearer person"
        self.opened: list[str] = []
        self.on_open: Callable[[str], object] = lambda url: None
        self._read = read
        serve = self.cluster.transport.serve
        self.cluster.transport.serve = lambda asked: (
            self.page.serve(asked) if asked.path.startswith(PROXY) else serve(asked)
        )

    def titan(self, *arguments: str, **variables: str) -> Result:
        surroundings = resolve({"TITAN_HOME": str(self.home), **variables}, (None, None), self.home)
        access = Access(SERVER, self.cluster.transport, lambda: self.authorization, "team")
        client = TitanClient(
            connections=Connections(
                surroundings=lambda: surroundings,
                access=lambda *_: access,
                store_transport=self.page.transport,
                clock=FakeClock(),
            )
        )

        def open_browser(url: str) -> bool:
            self.opened.append(url)
            self.on_open(url)
            return True

        edge = Edge(lambda *_: client, lambda _: pytest.fail("not asked for"), open_browser)
        return run(("dashboard", *arguments), edge), *self._read()


@pytest.fixture
def machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Machine]:
    def read() -> tuple[str, str]:
        printed = capsys.readouterr()
        return printed.out, printed.err

    yield Machine(tmp_path, read)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C works as at a terminal, also where the tests were started with SIGINT ignored (nohup, some CI)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def stop(_: str) -> None:
    raise KeyboardInterrupt


STORE = "http://127.0.0.1:9090"
SIGNED_IN = f"{STORE}/#/sign-in?code=c0de"


def test_a_store_that_a_browser_reaches_is_opened_with_a_code(machine: Machine) -> None:
    assert machine.titan(TITAN_STORE_URL=STORE) == (0, f"{SIGNED_IN}\n", "")
    assert (machine.opened, machine.page.tokens) == ([SIGNED_IN], ["person"])


def test_the_embedded_cluster_is_found_without_any_variable(machine: Machine) -> None:
    (machine.home / "local").mkdir()
    (machine.home / "local/cluster.json").write_text(json.dumps({"apiServer": SERVER, "storeURL": STORE}))
    assert machine.titan()[:2] == (0, f"{SIGNED_IN}\n")


@pytest.mark.parametrize("option", ["--no-browser", "--json"])
def test_who_wants_no_browser_gets_the_address(machine: Machine, option: str) -> None:
    code, out, _ = machine.titan(option, TITAN_STORE_URL=STORE)
    assert (code, SIGNED_IN in out, machine.opened) == (0, True, [])


def test_machines_get_one_document(machine: Machine) -> None:
    out = machine.titan("--json", TITAN_STORE_URL=STORE)[1]
    assert json.loads(out) == {"url": SIGNED_IN, "sharedIdentity": False, "forwards": False}


def test_a_person_with_a_certificate_is_told_that_the_session_is_a_shared_one(machine: Machine) -> None:
    machine.authorization = None
    code, out, _ = machine.titan(TITAN_STORE_URL=STORE)
    assert (code, "titan-client" in out, machine.page.tokens) == (0, True, ["token-1"])


def test_a_persons_own_token_goes_over_no_open_wire(machine: Machine) -> None:
    machine.titan(TITAN_STORE_URL="http://store.example:9090")
    machine.titan(TITAN_STORE_URL="https://store.example")
    assert machine.page.tokens == ["token-1", "person"]


def test_in_a_cluster_the_page_is_on_this_machine_until_somebody_ends_it(machine: Machine) -> None:
    machine.on_open = stop
    code, out, _ = machine.titan()
    address, _, fragment = machine.opened[0].partition("/#/")
    assert (code, fragment, machine.page.tokens) == (0, "sign-in?code=c0de", ["person"])
    assert (address.startswith("http://127.0.0.1:"), "Ctrl-C ends it" in out) == (True, True)
    # The API server gets to know the person, the store their token.
    (asked,) = [asked for asked in machine.cluster.transport.asked if asked.path.startswith(PROXY)]
    assert asked.headers["Authorization"] == "Bearer person"


@pytest.mark.usefixtures("interruptible")
def test_a_browser_reaches_the_page_while_the_command_runs(machine: Machine) -> None:
    seen: list[bytes] = []

    def look(url: str) -> None:
        with urllib.request.urlopen(url.partition("#")[0], timeout=10) as page:
            seen.append(page.read())
        # As Ctrl-C does: the main thread is told.
        signal.raise_signal(signal.SIGINT)

    machine.on_open = lambda url: threading.Thread(target=look, args=(url,)).start()
    assert machine.titan()[0] == 0
    assert seen == [b"<!doctype html>"]


def test_a_port_that_is_taken_is_one_sentence(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, out, err = machine.titan("--port", str(taken.getsockname()[1]))
    assert (code, out, "in use" in err) == (1, "", True)


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        (lambda: refuse_as_store(404, "NotFound", "nothing"), 1, "this store has no dashboard"),
        (lambda: refuse_as_store(401, "Unauthenticated", "The token is not known."), 1, "The token is not known."),
        (lambda: refuse_as_api(403, "services is forbidden"), 1, "services is forbidden"),
        (lambda: refuse_as_api(503, "no endpoints available"), 4, "no endpoints available"),
    ],
)
def test_a_refusal_is_one_sentence(machine: Machine, told: Callable[[], Stream], code: int, words: str) -> None:
    machine.page.answers = told
    ended = machine.titan(TITAN_STORE_URL=STORE)
    assert (ended[0], words in ended[2], machine.opened) == (code, True, [])


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
    ],
)
def test_a_browser_is_opened_where_somebody_would_see_it(
    platform: str, environment: dict[str, str], expected: bool
) -> None:
    assert has_screen(platform, environment) is expected
