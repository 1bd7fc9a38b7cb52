"""The one way a reader or a handling changes: a guarded change of state and one event; and whether a pairing holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.actor import SYSTEM, Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import Refused
from lastcall.core.plan import Change, Plan
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.lifecycle import HANDLING, READER
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
    where = {"id": handling.id, "state": handling.state, "grace_until": handling.grace_until}
    return Plan((Change(Handling, where, values),), (event,))


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
