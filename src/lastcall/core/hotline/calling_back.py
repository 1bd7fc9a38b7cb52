"""The call-backs of a day: an agent takes one, which becomes their call, and it ends as called or not answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from lastcall.core import clock, keyed
from lastcall.core.actor import Actor
from lastcall.core.closing.callback import Callback
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import try_again
from lastcall.core.closing.facts import read_case
from lastcall.core.errors import Conflict, NotFound, Refused
from lastcall.core.hotline.agents import begun_by_hand, refuse_if_busy
from lastcall.core.hotline.attempt import Attempt
from lastcall.core.hotline.call import Call
from lastcall.core.plan import Insert, Plan
from lastcall.core.store import Database, Store


@dataclass(frozen=True, slots=True)
class Due:
    """One call-back of today. ``state``: ``due``, ``taken``, ``called`` or ``no_answer`` (which can be taken again)."""

    callback: Callback
    state: str
    agent: str
    tries: int


def due_today(rows: Store) -> tuple[Due, ...]:
    """Those that stand for today on the operator's clocks (setting ``LASTCALL_TIME_ZONE``), of cases that are open, by time."""
    first, after = _today()
    standing = rows.some(Callback, {"start__gte": first, "start__lt": after, "cancelled_at": None}, order="start")
    return tuple(_due(rows, row) for row in standing if rows.one(Case, {"id": row.case_id, "ended_at": None}))


def _today() -> tuple[datetime, datetime]:
    zone = timezone.get_default_timezone()
    day = clock.now().astimezone(zone).date()
    begin = datetime.combine(day, time(), tzinfo=zone)
    return begin, datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def _due(rows: Store, row: Callback) -> Due:
    attempts = rows.some(Attempt, {"callback_id": row.id}, order="taken_at")
    if not attempts:
        return Due(row, "due", "", 0)
    last = attempts[-1]
    return Due(row, last.outcome or "taken", last.agent, len(attempts))


def take(database: Database, *, callback_id: int, actor: Actor) -> Call:
    """Take a call-back of today; it becomes the agent's call, with the case's number in it. The same again gives the same call.

    Raises ``NotFound`` for one that does not stand for today, ``Conflict`` when somebody else has it, ``Refused``: ``busy``,
    ``called_already``.
    """
    return try_again(lambda: database.transact(lambda rows: _take(rows, callback_id, actor)))


def _take(rows: Store, callback_id: int, actor: Actor) -> Call:
    first, after = _today()
    row = rows.one(Callback, {"id": callback_id, "cancelled_at": None, "start__gte": first, "start__lt": after})
    case = rows.one(Case, {"id": row.case_id, "ended_at": None}) if row is not None else None
    if row is None or case is None:
        raise NotFound("no such call-back today", remedy="Look at the list again.")
    standing = rows.one(Attempt, {"callback_id": row.id, "outcome": ""})
    if standing is not None:
        return _same(rows, standing, actor)
    if rows.count(Attempt, {"callback_id": row.id, "outcome": "called"}):
        raise Refused("this call-back is done", code="called_already", remedy="Look at the list again.")
    refuse_if_busy(rows, actor)
    attempt_id = clock.new_id()
    call, plan = begun_by_hand(
        keyed.keyed_hash("call.back", str(attempt_id)), row.language, actor, "call_back",
        claimed_msisdn=case.claimed_msisdn, case_id=case.id,
    )  # fmt: skip
    attempt = Attempt(id=attempt_id, callback_id=row.id, call_id=call.id, agent=actor.name, taken_at=clock.now())
    rows.apply(plan + Plan((Insert(attempt),)))
    return call


def _same(rows: Store, standing: Attempt, actor: Actor) -> Call:
    call = rows.one(Call, {"id": standing.call_id, "agent": actor.name, "state": "with_agent"})
    if call is None:
        raise Conflict("somebody else has this call-back", remedy="Take another one.")
    return call


def number_to_call(rows: Store, call: Call) -> int | None:
    """The number that the agent of a call-back dials; None for any other call."""
    attempt = rows.one(Attempt, {"call_id": call.id, "outcome": "", "agent": call.agent})
    return read_case(rows, call.case_id).claimed_msisdn if attempt is not None and call.case_id is not None else None
