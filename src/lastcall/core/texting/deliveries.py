"""What became of the messages that went out: which names the SMSC gave them, and what it reported under these names.

A report may come before we have noted the name it speaks of; whoever comes second completes the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock, keyed
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.closing.notice import Notice
from lastcall.core.errors import NotFound
from lastcall.core.job import Alert
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.store import Database, Store, transaction
from lastcall.core.texting.submission import DELIVERED, FAILED, ON_ITS_WAY, Submission
from lastcall.core.texting.text import Text

ALERT: Final = "sms.undelivered"
_MAY_COME_EARLY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a message stands: ``parts`` were taken; ``delivered_at`` once all have arrived; ``failed``: the SMSC's word, or empty."""

    parts: int
    delivered_at: datetime | None
    failed: str


def note_taken(database: Database, *, message: str, way: str, names: Sequence[str]) -> None:
    """The SMSC at the end of ``way`` (``smpp``, ``kannel``) has taken the message's parts under ``names``."""
    for name in names:
        try_again(lambda name=name: database.transact(lambda rows: _take(rows, message, way, name)))  # type: ignore[misc]


def _take(rows: Store, message: str, way: str, name: str) -> None:
    key, now = _key(way, name), clock.now()
    known = rows.one(Submission, {"key": key})
    if known is None:
        rows.apply(Plan((Insert(Submission(key=key, message=message, noted_at=now)),)))
        return
    values: dict[str, object] = {"message": message, "noted_at": now}
    if known.message or known.noted_at < now - _MAY_COME_EARLY:
        values |= {"outcome": ON_ITS_WAY, "outcome_at": None, "reason": ""}  # the SMSC has begun to count anew
    guard = {"key": key, "message": known.message, "outcome": known.outcome}
    plan = Plan((Change(Submission, guard, values),))
    reported = Submission(key=key, message=message, noted_at=now, outcome=known.outcome, reason=known.reason)
    rows.apply(plan + (Plan() if "outcome" in values else _alarm(rows, reported, now)))


def note_report(database: Database, *, way: str, name: str, outcome: str, reason: str = "") -> None:
    """The SMSC reports that the message of this name was delivered, or failed for ``reason``. Anything else it may say on the way
    (``outcome`` empty) is no news, and a second report changes nothing."""
    if outcome != ON_ITS_WAY:
        try_again(lambda: database.transact(lambda rows: _report(rows, _key(way, name), outcome, reason)))


def _report(rows: Store, key: str, outcome: str, reason: str) -> None:
    now, known = clock.now(), rows.one(Submission, {"key": key})
    told = {"outcome": outcome, "outcome_at": now, "reason": reason if outcome == FAILED else ""}
    if known is None:
        rows.apply(Plan((Insert(Submission(key=key, message="", noted_at=now, **told)),)))  # type: ignore[arg-type]
    elif known.outcome == ON_ITS_WAY:
        guard = {"key": key, "message": known.message, "outcome": ON_ITS_WAY}
        reported = Submission(key=key, message=known.message, noted_at=now, outcome=outcome, reason=reason)
        rows.apply(Plan((Change(Submission, guard, told),)) + _alarm(rows, reported, now))


def _alarm(rows: Store, reported: Submission, now: datetime) -> Plan:
    """A person looks when an answer or a notice did not arrive, once a message; nothing is sent again by itself."""
    if reported.outcome != FAILED:
        return Plan()
    subject = _subject(rows, reported.message)
    detail = f"{reported.message}: {reported.reason}"[:200]
    if subject is None or rows.one(Alert, {"code": ALERT, "subject_id": subject, "resolved_at": None}) is not None:
        return Plan()
    return Plan((Insert(Alert(id=clock.new_id(), at=now, code=ALERT, subject_id=subject, job_id=0, detail=detail)),))


def _subject(rows: Store, message: str) -> int | None:
    """The case that the message is about, or the text where there is none; None for messages whose loss alarms nobody."""
    kind, _, number = message.partition(":")
    if kind == "text" and (text := rows.one(Text, {"id": int(number)})) is not None:
        return text.case_id or text.id
    if kind == "notice" and (notice := rows.one(Notice, {"id": int(number)})) is not None:
        return notice.case_id
    return None


def delivery_of(rows: Store, message: str) -> Delivery:
    """How the message of this key stands, as far as the SMSC has reported."""
    parts = rows.some(Submission, {"message": message})
    failed = next((part.reason or "failed" for part in parts if part.outcome == FAILED), "")
    arrived = [part.outcome_at for part in parts if part.outcome == DELIVERED and part.outcome_at is not None]
    whole = bool(parts) and len(arrived) == len(parts)
    return Delivery(len(parts), max(arrived) if whole else None, failed)


def _key(way: str, name: str) -> str:
    # SMSCs write one name in several ways: with leading zeros, in small or capital letters.
    return keyed.keyed_hash("text.submission", way, name.strip().lower().lstrip("0"))


@transaction
def settle(rows: Store, *, alert_id: int, by: str) -> None:
    """A person has reached the subscriber in another way. Raises ``NotFound``."""
    alert = rows.one(Alert, {"id": alert_id, "code": ALERT, "resolved_at": None})
    if alert is None:
        raise NotFound("no such alert is open", remedy="List them with 'lastcall text undelivered'.")
    now = clock.now()
    event = Event(at=now, kind="work.settled", subject="alert", subject_id=alert.id, actor=by, door="command")
    change = Change(Alert, {"id": alert.id, "resolved_at": None}, {"resolved_at": now, "resolved_by": by})
    rows.apply(Plan((change,), (event,)))
