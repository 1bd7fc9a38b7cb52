"""Pairing the program beside a card reader with the desk: a code from the clerk, a token for the program, an end."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.lifecycle import OPEN
from lastcall.core.simcard.moves import MACHINE, is_live, live_reader, move_handling, move_reader, works_at
from lastcall.core.simcard.reader import CODE_BITS, TOKEN_BITS, Reader, code_key, token_key
from lastcall.core.staff.shop import Shop
from lastcall.core.store import Database, Store, transaction

LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Paired:
    """What the program gets once: its ``token``, until when that holds, and the name of the shop."""

    token: str
    until: datetime
    shop: str


@transaction
def offer(rows: Store, *, actor: Actor, shop_id: int, policy: Policy) -> str:
    """A code of eight letters and digits that pairs one reader with the shop, once, for policy ``sim.pairing_minutes``.

    An earlier one of this clerk's that was not used lapses. Raises ``Refused`` (``other_shop``).
    """
    if not works_at(rows, actor.name, shop_id):
        raise Refused("that is another shop's", code="other_shop", remedy="Ask a colleague there.")
    now, code = clock.now(), clock.token(CODE_BITS)
    reader = Reader(
        id=clock.new_id(), shop_id=shop_id, login=actor.name, code_key=code_key(code), state="offered", asked_at=now,
        code_until=now + timedelta(minutes=policy.sim_pairing_minutes),
        until=now + timedelta(hours=policy.sim_reader_hours),
    )  # fmt: skip
    event = Event(
        at=now, kind="reader.offer", subject="reader", subject_id=reader.id, actor=str(actor), door=actor.door,
        target="offered", data={"shop": shop_id},
    )  # fmt: skip
    plan = Plan((Insert(reader),), (event,))
    for earlier in rows.some(Reader, {"shop_id": shop_id, "state": "offered"}):
        if earlier.login == actor.name:
            plan += move_reader(earlier, "lapse", actor=actor)
    rows.apply(plan)
    return code


def pair(database: Database, *, code: str, name: str) -> Paired:
    """Pair the program that knows ``code``; ``name``: what it calls itself, shown to the shop's clerks.

    Raises ``BadInput`` (``bad_name``), ``NotFound`` (``no_such_code``) in the same words whether the code never was, was used or
    is too old.
    """
    named = _name(name)
    return try_again(lambda: database.transact(lambda rows: _pair(rows, code, named)))


def _pair(rows: Store, code: str, name: str) -> Paired:
    reader, now = rows.one(Reader, {"code_key": code_key(code)}), clock.now()
    shop = rows.one(Shop, {"id": reader.shop_id}) if reader else None
    fresh = reader is not None and reader.state == "offered" and now < reader.code_until
    if reader is None or shop is None or not fresh or not works_at(rows, reader.login, reader.shop_id):
        raise NotFound("no such code", code="no_such_code", remedy="Ask the clerk for a new one.")
    token = clock.token(TOKEN_BITS)
    rows.apply(
        move_reader(reader, "pair", actor=MACHINE, token_key=token_key(token), name=name, paired_at=now, heard_at=now)
    )
    return Paired(token, reader.until, shop.name)


def _name(text: str) -> str:
    named = " ".join(text.split())
    if not named or len(named) > LONGEST_NAME or any(unicodedata.category(sign).startswith("C") for sign in named):
        raise BadInput(
            f"a reader's name has 1 to {LONGEST_NAME} letters",
            code="bad_name",
            remedy="Name the window, say: Window 3.",
        )
    return named


by_token = transaction(live_reader)
"""``by_token(database, token)``: the live reader with it. Raises ``Refused`` (``reader_ended``)."""


@transaction
def of_shop(rows: Store, *, shop_id: int) -> tuple[Reader, ...]:
    """The shop's readers that are paired now, the earliest first."""
    now = clock.now()
    paired = rows.some(Reader, {"shop_id": shop_id, "state": "paired"}, order="id")
    return tuple(reader for reader in paired if is_live(rows, reader, now))


def end(database: Database, *, reader_id: int, shop_id: int, actor: Actor) -> None:
    """A clerk of the shop ends a pairing, and with it what was asked of that reader. Ended is ended: the same again does nothing.

    Raises ``NotFound`` (``no_such_reader``) for another shop's, ``Refused`` (``other_shop``) for who does not work there.
    """
    try_again(lambda: database.transact(lambda rows: _end(rows, reader_id, shop_id, actor)))


def _end(rows: Store, reader_id: int, shop_id: int, actor: Actor) -> None:
    if not works_at(rows, actor.name, shop_id):
        raise Refused("that is another shop's", code="other_shop", remedy="Ask a colleague there.")
    reader = rows.one(Reader, {"id": reader_id, "shop_id": shop_id})
    if reader is None:
        raise no_reader()
    if reader.state == "paired":
        rows.apply(ended(rows, reader, actor=actor))


def no_reader() -> NotFound:
    """The words for a reader that is not there, not paired, or another shop's."""
    return NotFound("there is no such reader here", code="no_such_reader", remedy="Pair one, or choose another.")


def leave(database: Database, *, token: str) -> None:
    """The program says good-bye. Raises ``Refused`` (``reader_ended``)."""
    try_again(lambda: database.transact(lambda rows: rows.apply(ended(rows, live_reader(rows, token), actor=MACHINE))))


def ended(rows: Store, reader: Reader, *, actor: Actor) -> Plan:
    """The end of a pairing, and of what was asked of it."""
    plan = move_reader(reader, "end", actor=actor)
    for handling in rows.some(Handling, {"reader_id": reader.id, "state__in": OPEN}):
        plan += move_handling(handling, "cancel", actor=actor, reason="reader_ended")
    return plan


def forget(rows: Store, *, most: int) -> Plan:
    """The end of pairings whose hours, and of codes whose minutes, are over."""
    now, plan = clock.now(), Plan()
    for reader in rows.some(Reader, {"state": "offered", "code_until__lte": now}, order="id", limit=most):
        plan += move_reader(reader, "lapse", actor=MACHINE)
    for reader in rows.some(Reader, {"state": "paired", "until__lte": now}, order="id", limit=most):
        plan += ended(rows, reader, actor=MACHINE)
    return plan
