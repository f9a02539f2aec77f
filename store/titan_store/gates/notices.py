"""What webhooks hear about a gate: pure functions from a TitanApproval to messages.

Two events: it opened (and still waits), it was decided. A gate that opened and closed while nobody looked is told as
decided only, for nobody can act on its opening any more.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from titan_api.json_types import Json
from titan_api.verdicts import FINAL_VERDICTS
from titan_store.gates.rules import PENDING
from titan_store.settings import GENERIC, SLACK

OPENED, DECIDED = "GateOpened", "GateDecided"
NEWS_AGE = timedelta(days=7)
"""Older events are history: no webhook hears of them, be it new or after a long absence of the store."""


@dataclass(frozen=True)
class Notice:
    """Something to tell."""

    gate: str
    """uid of the TitanApproval."""
    event: str
    moment: datetime
    content: Json


def find_notice(approval: Json, public_url: str) -> Notice | None:
    """The event that the gate's phase stands for; None: there is none."""
    status = approval.get("status") or {}
    phase = status.get("phase")
    event = OPENED if phase == PENDING else DECIDED if phase in FINAL_VERDICTS else None
    moment = status.get("openTime" if event == OPENED else "decidedTime")
    if event is None or not moment:
        return None
    uid = str(approval["metadata"]["uid"])
    return Notice(uid, event, datetime.fromisoformat(moment), _content(approval, event, public_url))


def is_news(notice: Notice, since: datetime, now: datetime) -> bool:
    """Whether a webhook that exists since then hears of it: a new webhook hears of gates that wait, not of old verdicts."""
    begin = since - NEWS_AGE if notice.event == OPENED else since
    return notice.moment >= begin and notice.moment >= now - NEWS_AGE


def _content(approval: Json, event: str, public_url: str) -> Json:
    metadata, spec, status = approval["metadata"], approval["spec"], approval["status"]
    namespace, name = metadata["namespace"], metadata["name"]
    content: Json = {
        "event": event,
        "namespace": namespace,
        "dag": spec.get("dag"),
        "job": spec["subject"]["job"],
        "jobID": spec["subject"]["jobID"],
        "gate": name,
        "round": spec["subject"].get("round") or 1,
        "message": spec.get("message") or "",
        "requestedBy": spec.get("requestedBy"),
        "openTime": status.get("openTime"),
        "deadline": status.get("deadline"),
        "link": f"{public_url.rstrip('/')}/#/approvals/{namespace}/{name}",
    }
    if event == DECIDED:
        content |= {
            "verdict": status["phase"],
            "decidedTime": status["decidedTime"],
            "decidedBy": status.get("decidedBy") or [],
            "decisions": spec.get("decisions") or [],
        }
    return content


def render(content: Json, form: str) -> str:
    """The body in the form that a webhook wants."""
    return _FORMS[form](content)


def _render_generic(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False)


def _render_slack(content: Json) -> str:
    """Slack's ``text`` with its few escapes; a program that knows Slack's form knows this."""
    where = f"{content['namespace']}/{content['dag'] or content['job']}"
    job, link = _escape(content["jobID"]), content["link"]
    if content["event"] == OPENED:
        lines = [f":raised_hand: *{job}* in {_escape(where)} waits for approval until {content['deadline']}"]
        lines += [f"> {_escape(line)}" for line in content["message"].splitlines()]
    else:
        people = ", ".join(content["decidedBy"])
        by = f" by {_escape(people)}" if people else ""
        lines = [f"*{job}* in {_escape(where)}: {content['verdict']}{by}"]
        lines += [f"> {_escape(given['comment'])}" for given in content["decisions"] if given.get("comment")]
    return json.dumps({"text": "\n".join([*lines, f"<{link}|Open>"])}, ensure_ascii=False)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_FORMS: dict[str, Callable[[Json], str]] = {GENERIC: _render_generic, SLACK: _render_slack}
