"""The story of a case: how it stands, what happened, what comes next, what is missing. Codes only; words in ``words.py``.

Anybody may declare that any line shall end, and has then a reference and a secret. So until somebody proved who they are,
the story is the same whether the number is a line of ours, whose it is, what is owed or what is locked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.closing.callback import Callback, booked
from lastcall.core.closing.case import Case
from lastcall.core.closing.checks import FAILED, PERSON
from lastcall.core.closing.checks.identity import proof_of
from lastcall.core.closing.lifecycle import CASE
from lastcall.core.numbers.status import NumberStatus, tenure_status
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json
from lastcall.core.store import Store, transaction


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: ``code`` is a key of ``words.HAPPENED``; ``reason`` a key of the remedies or rejections."""

    code: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """One thing that comes next, and when: ``code`` is a key of ``words.AHEAD``."""

    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not in order yet: ``reason`` and ``details`` fill a remedy; ``ours``: our staff must act, not the reader."""

    reason: str
    details: Json
    ours: bool


@dataclass(frozen=True, slots=True)
class Story:
    """``state``: a state of the case; ``proved``: whether the reader may see more than what they declared themselves.

    ``bill``: the frozen final bill as :func:`~lastcall.core.closing.charges.bill_json` gives it, or empty; ``number``: the number
    as its former holder may see it, None until proved. ``withdrawable``: whether the declaration can still be taken back.
    """

    case: Case
    state: str
    proved: bool
    frozen: bool
    stuck: bool
    withdrawable: bool
    ended_reason: str
    happened: tuple[Told, ...]
    ahead: tuple[Ahead, ...]
    missing: tuple[Missing, ...]
    bill: Json
    number: NumberStatus | None


def story(rows: Store, *, case: Case, for_staff: bool = False) -> Story:
    """The story of ``case`` now, as whoever has its secret may see it; ``for_staff``: with everything."""
    tenure = rows.one(Tenure, {"id": case.tenure_id}) if case.tenure_id is not None else None
    proved = for_staff or is_proved(case)
    number = tenure_status(rows, tenure) if proved and tenure is not None else None
    return Story(
        case=case,
        state=case.state,
        proved=proved,
        frozen=case.frozen_at is not None,
        stuck=case.stuck_at is not None,
        withdrawable=case.ended_at is None and case.effect_attempted_at is None,
        ended_reason=case.ended_reason if proved else "",
        happened=_happened(_events(rows, case), proved),
        ahead=_ahead(case, number, clock.now(), booked(rows, case.id) if proved else None),
        missing=_missing(case, proved),
        bill=case.final_bill if proved else {},
        number=number,
    )


def is_proved(case: Case) -> bool:
    """Whether identity was proved for this case at any time, however long ago."""
    return proof_of(case) is not None


def _events(rows: Store, case: Case) -> list[Event]:
    about_case = rows.some(Event, {"case_id": case.id}, order="id")
    if case.tenure_id is None or case.network_confirmed_at is None:
        return about_case
    # After the end the number's own life goes on; what happens in the next holder's tenure is not in this one's events.
    later = {"subject": "tenure", "subject_id": case.tenure_id, "case_id": None, "at__gte": case.network_confirmed_at}
    return sorted(about_case + rows.some(Event, later), key=lambda event: event.id)


_PLAIN: Final = {
    "case.declared": "declared",
    "case.wait": "waiting",
    "case.refer": "review",
    "case.hold": "accepted",
    "case.cease": "ceasing",
    "case.approve": "approved",
    "case.ask": "asked",
    "case.reject": "rejected",
    "case.lapse": "lapsed",
    "case.withdraw": "withdrawn",
    "case.freeze": "frozen",
    "case.unfreeze": "unfrozen",
    "case.close": "closed",
    "case.asked_back": "asked_back",
    "photo.destroyed": "photo_destroyed",
    "papers.arrived": "papers_arrived",
    "number.quarantined": "number_quarantined",
    "number.released": "number_released",
    "number.reactivated": "number_reactivated",
    "number.rest_extended": "rest_extended",
    "backup.saved": "backup_saved",
    "backup.fetched": "backup_fetched",
}
_PROVES: Final = {
    "in_person": "proved_in_person",
    "document": "proved_document",
    "code": "proved_code",
    "sim subscriber": "sim_kept",
    "sim collected": "sim_collected",
    "sim destroyed": "sim_destroyed",
    "signature": "signed",
    "payment": "paid",
    "papers": "papers",
    "refund method": "refund_method",
    "remote": "proved_remotely",
    "photo": "photo_given",
    "photo matched": "photo_matched",
    "photo unclear": "photo_unclear",
    "photo differs": "photo_differs",
    "callback": "callback_booked",
    "no callback": "callback_cancelled",
    "paper sheet": "papers_announced",
    "paper arrived": "papers_arrived",
}
_UNPROVED: Final = frozenset(
    {
        "declared",
        "waiting",
        "lapsed",
        "withdrawn",
        "frozen",
        "unfrozen",
        "identity_begun",
        "identity_refused",
        "papers_announced",
        "papers_arrived",
    }
)
_REASONED: Final = frozenset({"waiting", "review", "rejected", "lapsed"})


def _happened(events: list[Event], proved: bool) -> tuple[Told, ...]:
    told: list[Told] = []
    fetched = {event.data["backup"] for event in events if event.kind == "backup.fetched"}
    for event in events:
        code = _code(event) or _end_of_backup(event, fetched)
        if not code or not (proved or _shown_to_anybody(event, code, told)):
            continue
        entry = Told(code, event.at, event.reason if proved and code in _REASONED else "")
        # Checks run again after every change; the same finding twice in a row is one piece of news.
        if not told or (told[-1].code, told[-1].reason) != (entry.code, entry.reason):
            told.append(entry)
    return tuple(told)


def _shown_to_anybody(event: Event, code: str, told: list[Told]) -> bool:
    """Whether somebody who has proved nothing may see it: only what comes about for any number and any answer alike."""
    if code == "identity_refused":
        # Of a wrong document alone nothing shows: a refusal is one of a code, which is asked for whatever the document was.
        return "code" in event.data
    # New findings about a line make the checks wait once more; for a number that is no line of ours there are none.
    return code in _UNPROVED and not (code == "waiting" and any(entry.code == "waiting" for entry in told))


def _code(event: Event) -> str:
    """The code of what an event tells a reader, empty for what is only bookkeeping."""
    data: dict[str, Any] = event.data
    if event.kind in {"case.judge_photo", "case.take_in"}:
        return _PROVES.get(data.get("given", ""), "")
    if event.kind == "case.prove":
        if event.reason == "identity_refused":
            return "identity_refused"
        if "asked" in data:
            return "identity_begun"
        return _PROVES.get(data.get("proof") or data.get("given") or "", "")
    if event.kind == "case.step":
        if event.reason == "stuck":
            return "stuck"
        return f"step_{data['done']}" if "done" in data else ""
    return _PLAIN.get(event.kind, "")


def _end_of_backup(event: Event, fetched: set[int]) -> str:
    """A copy that was fetched is where its owner wants it; that nobody has one any more is news."""
    if event.kind != "backup.deleted":
        return ""
    return "backup_deleted" if event.data["backup"] in fetched else "backup_expired"


def _ahead(case: Case, number: NumberStatus | None, now: datetime, call: Callback | None) -> tuple[Ahead, ...]:
    policy = Policy.from_json(case.policy)
    dates: list[tuple[str, datetime | None]] = []
    if case.state in {"declared", "checking", "waiting"}:
        dates = [("lapse", case.lapse_at)]
    elif case.state == "review":
        dates = [("review", case.review_due_at)]
    elif case.state == "on_hold" and case.frozen_at is None:
        dates = [("end_of_hold", case.hold_until)]
    elif case.state == "closed" and number is not None:
        dates = [("end_of_reclaim", number.reclaim_until), ("next_owner", number.quarantine_until)]
        if case.final_bill.get("refund") and case.ended_at is not None:
            dates.append(("refund", case.ended_at + timedelta(days=policy.refund_deadline_days)))
    if call is not None and case.ended_at is None:
        dates.append(("callback", call.start))
    found = [Ahead(code, at) for code, at in dates if at is not None and at > now]
    return tuple(sorted(found, key=lambda entry: entry.at))


def _missing(case: Case, proved: bool) -> tuple[Missing, ...]:
    if case.state in CASE.ends or case.state == "ceasing":
        return ()
    if not proved:
        locked = case.is_locked(clock.now())
        return (Missing("identity_locked" if locked else "identity_missing", {}, ours=False),)
    wanted = [result for result in case.results.values() if result["outcome"] in {FAILED, PERSON}]
    approved = case.approved_reasons.split()
    return tuple(
        Missing(result["reason"], result.get("details", {}), ours=result["outcome"] == PERSON)
        for result in wanted
        if result["reason"] == "frozen" or result["reason"] not in approved
    )


tell_story = transaction(story)
