"""Which clerk sits at which window."""

from __future__ import annotations

import re
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.counter.moves import end_days, today
from lastcall.core.counter.sitting import Sitting
from lastcall.core.counter.ticket import AT_A_WINDOW, Ticket
from lastcall.core.errors import BadInput, Conflict, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.store import Database, Store, transaction

_WINDOW: Final = re.compile(r"[0-9A-Za-z]{1,3}")


def sit(database: Database, *, shop_id: int, window: str, actor: Actor) -> Sitting:
    """Sit down at a window, from which visitors are called; the one before is given up. The same again changes nothing.

    Raises ``BadInput`` (``bad_window``), ``Refused``: ``window_taken``, ``still_serving`` (end the visit first).
    """
    named = window.strip().upper()
    if not _WINDOW.fullmatch(named):
        raise BadInput(
            "a window has one to three letters or digits", code="bad_window", remedy="Type what stands above it."
        )
    try:
        return try_again(lambda: database.transact(lambda rows: _sit(rows, shop_id, named, actor)))
    except Conflict:
        raise _taken() from None


def _sit(rows: Store, shop_id: int, window: str, actor: Actor) -> Sitting:
    end_days(rows, shop_id)
    before, now = sitting_of(rows, actor.name), clock.now()
    if before is not None and (before.shop_id, before.window, before.day) == (shop_id, window, today()):
        return before
    _refuse_while_serving(rows, actor)
    if rows.one(Sitting, {"shop_id": shop_id, "window": window, "until": None}) is not None:
        raise _taken()
    made = Sitting(id=clock.new_id(), shop_id=shop_id, login=actor.name, window=window, day=today(), since=now)
    rows.apply(_risen(before) + Plan((Insert(made),), (_event("counter.sat_down", made, actor),)))
    return made


def _taken() -> Refused:
    return Refused("somebody else sits at that window", code="window_taken", remedy="Choose another, or ask them.")


def _refuse_while_serving(rows: Store, actor: Actor) -> None:
    if rows.one(Ticket, {"clerk": actor.name, "state__in": AT_A_WINDOW}) is not None:
        raise Refused("a visitor is with you", code="still_serving", remedy="End the visit first.")


def _risen(sitting: Sitting | None) -> Plan:
    if sitting is None:
        return Plan()
    return Plan((Change(Sitting, {"id": sitting.id, "until": None}, {"until": clock.now()}),))


def _event(kind: str, sitting: Sitting, actor: Actor) -> Event:
    return Event(
        at=clock.now(), kind=kind, subject="sitting", subject_id=sitting.id, actor=str(actor), door=actor.door,
        data={"window": sitting.window},
    )  # fmt: skip


@transaction
def rise(rows: Store, *, actor: Actor) -> None:
    """Get up from one's window; who sits at none has got up. Raises ``Refused`` (``still_serving``)."""
    sitting = sitting_of(rows, actor.name)
    if sitting is not None:
        _refuse_while_serving(rows, actor)
        rows.apply(_risen(sitting) + Plan(events=(_event("counter.got_up", sitting, actor),)))


def sitting_of(rows: Store, login: str) -> Sitting | None:
    """Where the clerk sits, or None."""
    return rows.one(Sitting, {"login": login, "until": None})
