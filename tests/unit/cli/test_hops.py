"""What crosses the forwarder and what does not: nobody else's page, no other address, no other program's cookies."""

import pytest

from titan_sdk.cli.hops import has_body, pass_answer, pass_request, refuse

HERE = "127.0.0.1:4000"


@pytest.mark.parametrize("target", ["/", "/v1/views/dags?search=..", "/assets/a.js", "/v1/files?name=%2e%2e%2fx"])
def test_what_the_page_asks_for_is_passed_on(target: str) -> None:
    assert refuse(target, HERE, 4000, {}) is None
    assert refuse(target, "localhost:4000", 4000, {}) is None


@pytest.mark.parametrize(
    "target",
    [
        "/../secrets",
        "/v1/../../../../api/v1/secrets",
        "/%2e%2e/secrets",
        "/v1/%2E%2E%2Fsecrets",
        "/v1/..%5c..",
        "/./v1",
        "//../v1",
        "//%2e%2e/v1",
        "/v1#/../..",
        "http://elsewhere/",
        "*",
        "",
    ],
)
def test_no_address_leads_out_of_the_store(target: str) -> None:
    assert refuse(target, HERE, 4000, {}) is not None


@pytest.mark.parametrize("host", ["evil.example:4000", "127.0.0.1:4001", "127.0.0.1", ""])
def test_a_page_of_another_host_is_sent_away(host: str) -> None:
    refused = refuse("/", host, 4000, {})
    assert refused is not None
    assert refused[0] == 421


def test_a_request_keeps_its_own_headers_and_gets_the_persons_credentials() -> None:
    given = [
        ("Host", HERE),
        ("Accept", "text/html"),
        ("Authorization", "Bearer somebody"),
        ("Connection", "keep-alive, X-Secret"),
        ("X-Secret", "1"),
        ("Upgrade", "websocket"),
        ("X-Titan-CSRF", "abc"),
    ]
    assert pass_request(given, "Bearer mine", None) == {
        "Accept": "text/html",
        "X-Titan-CSRF": "abc",
        "Authorization": "Bearer mine",
    }
    assert pass_request(given, None, 5) == {"Accept": "text/html", "X-Titan-CSRF": "abc", "Content-Length": "5"}


def test_no_browser_says_to_the_api_server_who_is_asking() -> None:
    given = [("Impersonate-User", "root"), ("impersonate-extra-scopes", "all"), ("X-Remote-User", "root"), ("X-A", "1")]
    assert pass_request(given, "Bearer mine", None) == {"X-A": "1", "Authorization": "Bearer mine"}


def test_only_titans_own_cookies_are_passed_on() -> None:
    given = [("Cookie", "other=1; titan-session-aa=k.v; theme=dark"), ("cookie", "titan-session-bb=x")]
    assert pass_request(given, None, None) == {"Cookie": "titan-session-aa=k.v; titan-session-bb=x"}


def test_an_answer_keeps_all_but_what_speaks_of_the_other_connection() -> None:
    given = {"content-type": "text/html", "transfer-encoding": "chunked", "connection": "x-hop", "x-hop": "1"}
    assert pass_answer(given) == [("content-type", "text/html")]


def test_cookies_come_back_one_by_one_and_work_over_http() -> None:
    given = {"set-cookie": "a=1; Expires=Mon, 01 Jan 2029 00:00:00 GMT; Secure; HttpOnly\nb=2; Path=/; secure"}
    assert pass_answer(given) == [
        ("set-cookie", "a=1; Expires=Mon, 01 Jan 2029 00:00:00 GMT; HttpOnly"),
        ("set-cookie", "b=2; Path=/"),
    ]


@pytest.mark.parametrize(
    ("method", "status", "expected"),
    [("GET", 200, True), ("POST", 404, True), ("HEAD", 200, False), ("DELETE", 204, False), ("GET", 304, False)],
)
def test_answers_without_a_body_need_no_end(method: str, status: int, expected: bool) -> None:
    assert has_body(method, status) is expected
