"""The one way a reader or a handling changes: a guarded change of state and one event; and what still may go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.actor import SYSTEM, Actor
from lastcall.core.audit.event import Event
from lastcall.core.counter.ticket import Ticket
from lastcall.core.errors import Refused
from lastcall.core.plan import Change, Plan
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.lifecycle import HANDLING, OPEN, READER
from lastcall.core.simcard.reader import Reader, token_key
from lastcall.core.staff.member import Member
from lastcall.core.staff.rights import has
from lastcall.core.staff.shop import Shop
from lastcall.core.store import Store

RIGHT: Final = "counter.work"
"""The right by which a clerk pairs a reader and asks something of it."""
MACHINE: Final = Actor(SYSTEM, "reader", "store")
"""The program beside the card reader."""


def move_reader(reader: Reader, action: str, *, actor: Actor, **values: Any) -> Plan:
    """Take ``action`` on the pairing. Raises ``NotAllowed`` with what is possible instead."""
    target, now = READER.move(reader.state, action, role=actor.role), clock.now()
    values |= {"state": target} | ({"ended_at": now} if target in READER.ends else {})
    event = Event(
        at=now, kind=f"reader.{action}", subject="reader", subject_id=reader.id, actor=str(actor), door=actor.door,
        source=reader.state, target=target, data={"shop": reader.shop_id},
    )  # fmt: skip
    return Plan((Change(Reader, {"id": reader.id, "state": reader.state}, values),), (event,))


def move_handling(handling: Handling, action: str, *, actor: Actor, reason: str = "", **values: Any) -> Plan:
    """Take ``action`` on the handling. Raises ``NotAllowed`` with what is possible instead."""
    target, now = HANDLING.move(handling.state, action, role=actor.role), clock.now()
    values |= {"state": target} | ({"done_at": now} if target in HANDLING.ends else {})
    event = Event(
        at=now, kind=f"handling.{action}", subject="handling", subject_id=handling.id, case_id=handling.case_id,
        actor=str(actor), door=actor.door, reason=reason, source=handling.state, target=target,
    )  # fmt: skip
    return Plan((Change(Handling, {"id": handling.id, "state": handling.state}, values),), (event,))


def after(handling: Handling, plan: Plan) -> Handling:
    """The handling as it is once ``plan`` is written."""
    for write in plan.writes:
        if isinstance(write, Change) and write.kind is Handling:
            handling = replace(handling, **write.values)
    return handling


def works_at(rows: Store, login: str, shop_id: int) -> bool:
    """Whether that clerk works in that shop, and it is open."""
    member = rows.one(Member, {"login": login, "shop_id": shop_id, "left_at": None})
    return member is not None and has(member, RIGHT) and rows.one(Shop, {"id": shop_id, "closed_at": None}) is not None


def is_live(rows: Store, reader: Reader, now: datetime) -> bool:
    """Whether a pairing holds: made, not ended, in its hours, and its clerk still works there."""
    return reader.state == "paired" and now < reader.until and works_at(rows, reader.login, reader.shop_id)


def live_reader(rows: Store, token: str) -> Reader:
    """The reader with that token. Raises ``Refused`` (``reader_ended``), in the same words whatever it lacks."""
    reader = rows.one(Reader, {"token_key": token_key(token)})
    if reader is None or not is_live(rows, reader, clock.now()):
        raise Refused("this reader is not paired", code="reader_ended", remedy="Pair it with a new code from the desk.")
    return reader


def is_on(rows: Store, handling: Handling) -> bool:
    """Whether the visit for which it was asked goes on, at the window of the clerk who asked."""
    where = {"id": handling.ticket_id, "state": "serving", "clerk": handling.login, "case_id": handling.case_id}
    ticket = rows.one(Ticket, where)
    # Called again since then, it is another visit.
    return ticket is not None and ticket.called_at is not None and ticket.called_at <= handling.asked_at


def settled(rows: Store, handling: Handling) -> Plan:
    """What ends a handling that nobody can finish any more; an empty plan while somebody can, or when it is over."""
    now = clock.now()
    if handling.state not in OPEN:
        return Plan()
    if now >= handling.until:
        return move_handling(handling, "lapse", actor=MACHINE)
    reader = rows.one(Reader, {"id": handling.reader_id})
    if reader is None or not is_live(rows, reader, now):
        return move_handling(handling, "cancel", actor=MACHINE, reason="reader_ended")
    return Plan() if is_on(rows, handling) else move_handling(handling, "cancel", actor=MACHINE, reason="visit_over")
