"""What a clerk does with the queue: call, call again, begin, pass on, give up, finish. Two clerks never get the same ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing.changes import try_again
from lastcall.core.counter.moves import GROUND, move, today
from lastcall.core.counter.sitting import Sitting
from lastcall.core.counter.ticket import AT_A_WINDOW, LETTERS, PURPOSES, Ticket
from lastcall.core.counter.windows import sitting_of
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.staff.opening import close_ground
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.inputs import LANGUAGES, one_of


@dataclass(frozen=True, slots=True)
class Queue:
    """A shop's queue today: who waits, in the order in which they are called; who is at a window; the windows in use."""

    waiting: tuple[Ticket, ...]
    at_windows: tuple[Ticket, ...]
    windows: tuple[Sitting, ...]


@transaction
def queue(rows: Store, *, shop_id: int) -> Queue:
    """The queue of one shop today."""
    here = {"shop_id": shop_id, "day": today()}
    return Queue(
        tuple(rows.some(Ticket, here | {"state": "waiting"}, order="id")),
        tuple(rows.some(Ticket, here | {"state__in": AT_A_WINDOW}, order="window")),
        tuple(rows.some(Sitting, here | {"until": None}, order="window")),
    )


def call_next(
    database: Database, *, shop_id: int, actor: Actor, purposes: Sequence[str] = (), languages: Sequence[str] = ()
) -> Ticket | None:
    """Call whoever waits longest among ``purposes`` and ``languages`` (none given: any); None when nobody waits.

    Raises ``BadInput`` (``bad_purpose``, ``bad_language``), ``Refused``: ``no_window``, ``still_serving``.
    """
    for purpose in purposes:
        one_of("purpose", purpose, PURPOSES)
    for language in languages:
        one_of("language", language, LANGUAGES)
    wanted = {"purpose__in": tuple(purposes or PURPOSES), "language__in": tuple(languages or LANGUAGES)}
    return try_again(lambda: database.transact(lambda rows: _call_next(rows, shop_id, actor, wanted)), times=10)


def _call_next(rows: Store, shop_id: int, actor: Actor, wanted: dict[str, Any]) -> Ticket | None:
    sitting = _own_window(rows, shop_id, actor)
    among = wanted | {"shop_id": shop_id, "day": today(), "state": "waiting", "for_window__in": ("", sitting.window)}
    found = rows.some(Ticket, among, order="id", limit=1)
    return _called(rows, found[0], sitting, actor) if found else None


@transaction
def call(rows: Store, *, shop_id: int, ticket_id: int, actor: Actor) -> Ticket:
    """Call a certain ticket of the clerk's own shop, whatever its place.

    Raises ``NotFound`` for another shop's or another day's, ``Refused``: ``no_window``, ``still_serving``; ``NotAllowed`` when it
    does not wait, ``Conflict`` when a colleague was quicker.
    """
    ticket = rows.one(Ticket, {"id": ticket_id, "shop_id": shop_id, "day": today()})
    if ticket is None:
        raise no_ticket()
    return _called(rows, ticket, _own_window(rows, shop_id, actor), actor)


def no_ticket() -> NotFound:
    """The words for a ticket that is not there, or not this clerk's."""
    return NotFound("there is no such ticket here", code="no_ticket", remedy="See the queue.")


def _own_window(rows: Store, shop_id: int, actor: Actor) -> Sitting:
    sitting = sitting_of(rows, actor.name)
    if sitting is None or (sitting.shop_id, sitting.day) != (shop_id, today()):
        raise Refused("you sit at no window", code="no_window", remedy="Choose your window first.")
    if rows.one(Ticket, {"clerk": actor.name, "state__in": AT_A_WINDOW}) is not None:
        raise Refused("a visitor is with you", code="still_serving", remedy="End the visit first.")
    return sitting


def _called(rows: Store, ticket: Ticket, sitting: Sitting, actor: Actor) -> Ticket:
    told = {"window": sitting.window, "purpose": ticket.purpose}
    rows.apply(
        move(
            rows, ticket, "call", actor=actor, data=told, clerk=actor.name, window=sitting.window, calls=ticket.calls + 1,
            called_at=clock.now(),
        )
    )  # fmt: skip
    return _read(rows, ticket.id)


def _read(rows: Store, ticket_id: int) -> Ticket:
    ticket = rows.one(Ticket, {"id": ticket_id})
    assert ticket is not None
    return ticket


def own(rows: Store, *, ticket_id: int, actor: Actor) -> Ticket:
    """The ticket while it is at this clerk's window, today. Raises ``NotFound`` in the same words whatever it lacks."""
    ticket = rows.one(Ticket, {"id": ticket_id, "clerk": actor.name, "day": today()})
    if ticket is None or ticket.state not in AT_A_WINDOW:
        raise no_ticket()
    return ticket


own_ticket = transaction(own)


@transaction
def current(rows: Store, *, actor: Actor) -> Ticket | None:
    """The ticket at this clerk's window today, or None."""
    return rows.one(Ticket, {"clerk": actor.name, "day": today(), "state__in": AT_A_WINDOW})


@transaction
def window_of(rows: Store, *, shop_id: int, actor: Actor) -> str:
    """The window at which the clerk sits in that shop today, or an empty text."""
    sitting = sitting_of(rows, actor.name)
    here = sitting is not None and (sitting.shop_id, sitting.day) == (shop_id, today())
    return sitting.window if sitting is not None and here else ""


@transaction
def recall(rows: Store, *, ticket_id: int, actor: Actor) -> Ticket:
    """Call out once more. Raises ``NotFound``, ``NotAllowed`` once the visit began."""
    ticket = own(rows, ticket_id=ticket_id, actor=actor)
    again = {"calls": ticket.calls + 1, "called_at": clock.now()}
    rows.apply(move(rows, ticket, "recall", actor=actor, data={"times": ticket.calls + 1}, **again))
    return _read(rows, ticket_id)


@transaction
def begin(rows: Store, *, ticket_id: int, actor: Actor) -> Ticket:
    """The visitor is here. Raises ``NotFound``, ``NotAllowed``."""
    return _moved(rows, ticket_id, "begin", actor)


@transaction
def no_show(rows: Store, *, ticket_id: int, actor: Actor) -> Ticket:
    """Nobody came. Raises ``NotFound``, ``NotAllowed`` once the visit began."""
    return _moved(rows, ticket_id, "no_show", actor)


@transaction
def finish(rows: Store, *, ticket_id: int, actor: Actor) -> Ticket:
    """The visit is over, and with it every look into the visitor's file. Raises ``NotFound``, ``NotAllowed``."""
    return _moved(rows, ticket_id, "finish", actor)


def _moved(rows: Store, ticket_id: int, action: str, actor: Actor, **values: Any) -> Ticket:
    ticket = own(rows, ticket_id=ticket_id, actor=actor)
    plan = move(rows, ticket, action, actor=actor, **values)
    rows.apply(plan + close_ground(rows, ground=GROUND, ground_id=ticket.id))
    return _read(rows, ticket_id)


@transaction
def transfer(rows: Store, *, ticket_id: int, actor: Actor, purpose: str = "", window: str = "") -> Ticket:
    """Send the visitor back to the queue, to keep their place by the time of their ticket: for another purpose, or for one window
    alone that is in use. The look into their file ends, and whoever calls next asks for the document again.

    Raises ``NotFound``, ``BadInput`` (``bad_purpose``, ``bad_window``), ``Refused`` (``same_place``).
    """
    ticket = own(rows, ticket_id=ticket_id, actor=actor)
    target, named = one_of("purpose", purpose or ticket.purpose, tuple(LETTERS)), window.strip().upper()
    if named and rows.one(Sitting, {"shop_id": ticket.shop_id, "window": named, "until": None}) is None:
        raise BadInput("nobody sits at that window", code="bad_window", remedy="Choose one that is in use.")
    if (target, named or ticket.window) == (ticket.purpose, ticket.window):
        raise Refused(
            "that is where the visitor is", code="same_place", remedy="Choose another purpose or another window."
        )
    return _moved(
        rows, ticket_id, "transfer", actor, data={"purpose": target, "window": named}, purpose=target, for_window=named,
        clerk="", window="", called_at=None, case_id=None,
    )  # fmt: skip
