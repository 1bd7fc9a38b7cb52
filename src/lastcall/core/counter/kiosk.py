"""What a visitor does with a ticket: take one, see how it stands, leave the queue; and what the waiting room's screen shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock, keyed
from lastcall.core.actor import STRANGER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.counter.estimate import waiting_minutes
from lastcall.core.counter.lifecycle import TICKET
from lastcall.core.counter.moves import end_days, move, period, today
from lastcall.core.counter.period import Period
from lastcall.core.counter.sitting import Sitting
from lastcall.core.counter.ticket import AT_A_WINDOW, LETTERS, PURPOSES, Ticket, token_key, token_of
from lastcall.core.errors import NotFound, Refused
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.staff.shop import Shop
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.inputs import LANGUAGES, one_of

VISITOR: Final = Actor(STRANGER, "-", "store")
_LATEST_VISITS: Final = 20
_SCREEN_LINES: Final = 8


@dataclass(frozen=True, slots=True)
class Place:
    """How a ticket stands: ``ahead`` visitors before it, called in about ``minutes`` (0: at once, None: not known)."""

    ticket: Ticket
    ahead: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A ticket that was taken, and the ``token`` of the visitor's own page: known to this page alone."""

    ticket: Ticket
    token: str


def take(database: Database, *, shop_code: str, purpose: str, language: str, source: str, policy: Policy) -> Issued:
    """Take a ticket. ``source``: what tells the device from others, its address say; kept only as a keyed hash.

    Raises ``BadInput`` (``bad_purpose``, ``bad_language``), ``NotFound`` (``no_shop``), ``Refused``: ``too_many_tickets`` (policy
    ``counter.tickets_per_10_minutes``, of one device), ``queue_full`` (policy ``counter.waiting_max``).
    """
    one_of("purpose", purpose, PURPOSES), one_of("language", language, LANGUAGES)
    source_key = keyed.keyed_hash("counter.source", source)
    return try_again(
        lambda: database.transact(lambda rows: _take(rows, shop_code, purpose, language, source_key, policy)), times=5
    )


def _take(rows: Store, shop_code: str, purpose: str, language: str, source_key: str, policy: Policy) -> Issued:
    shop = shop_by(rows, shop_code)
    _refuse_a_flood(rows, shop, source_key, policy)
    end_days(rows, shop.id)
    ticket_id, now, day = clock.new_id(), clock.now(), today()
    token, letter = token_of(ticket_id), LETTERS[purpose]
    ticket = Ticket(
        id=ticket_id, shop_id=shop.id, day=day, letter=letter, number=_next_number(rows, shop.id, letter), purpose=purpose,
        language=language, token_key=token_key(token), source_key=source_key, state=TICKET.start, issued_at=now,
    )  # fmt: skip
    event = Event(
        at=now, kind="ticket.taken", subject="ticket", subject_id=ticket.id, actor=str(VISITOR), door=VISITOR.door,
        target=ticket.state, data={"purpose": purpose, "language": language},
    )  # fmt: skip
    rows.apply(Plan((Insert(ticket), Insert(period(ticket, now))), (event,)))
    return Issued(ticket, token)


def _refuse_a_flood(rows: Store, shop: Shop, source_key: str, policy: Policy) -> None:
    since = clock.now() - timedelta(minutes=10)
    lately = rows.count(Ticket, {"source_key": source_key, "issued_at__gt": since})
    if lately >= policy.counter_tickets_per_10_minutes:
        raise Refused(
            "too many tickets were taken here", code="too_many_tickets", remedy="Wait some minutes, or ask our staff."
        )
    if rows.count(Ticket, {"shop_id": shop.id, "day": today(), "state": "waiting"}) >= policy.counter_waiting_max:
        raise Refused("the queue is full", code="queue_full", remedy="Come later, or close the line on the web.")


def _next_number(rows: Store, shop_id: int, letter: str) -> int:
    latest = rows.some(Ticket, {"shop_id": shop_id, "day": today(), "letter": letter}, order="-number", limit=1)
    return latest[0].number + 1 if latest else 1


def shop_by(rows: Store, code: str) -> Shop:
    """The open shop with that code. Raises ``NotFound`` (``no_shop``)."""
    shop = rows.one(Shop, {"code": code, "closed_at": None})
    if shop is None:
        raise NotFound("there is no such shop", code="no_shop", remedy="Check the address of the page.")
    return shop


find_shop = transaction(shop_by)


@transaction
def look(rows: Store, *, shop_code: str, token: str) -> Place:
    """How the ticket with that token stands. Raises ``NotFound`` (``no_ticket``) in the same words whatever is wrong."""
    return _place(rows, _own(rows, shop_code, token))


def _own(rows: Store, shop_code: str, token: str) -> Ticket:
    shop = rows.one(Shop, {"code": shop_code, "closed_at": None})
    ticket = rows.one(Ticket, {"token_key": token_key(token), "shop_id": shop.id if shop else 0})
    if ticket is None:
        raise NotFound("there is no such ticket", code="no_ticket", remedy="Take a new one.")
    return ticket


def _place(rows: Store, ticket: Ticket) -> Place:
    if ticket.state != "waiting" or ticket.day != today():
        return Place(ticket, 0, None)
    before = {"shop_id": ticket.shop_id, "day": ticket.day, "state": "waiting", "id__lt": ticket.id}
    ahead = rows.count(Ticket, before)
    sittings = rows.some(Sitting, {"shop_id": ticket.shop_id, "day": ticket.day, "until": None})
    busy = rows.count(Ticket, {"shop_id": ticket.shop_id, "day": ticket.day, "state__in": AT_A_WINDOW})
    free = max(len(sittings) - busy, 0)
    return Place(
        ticket, ahead,
        waiting_minutes(ahead=ahead, clerks=len(sittings), free=free, handled=handled(rows, ticket.shop_id)),
    )  # fmt: skip


def handled(rows: Store, shop_id: int) -> tuple[timedelta, ...]:
    """How long the latest visits in the shop took, newest first; only those of the last week."""
    since = clock.now() - timedelta(days=7)
    ended = {"shop_id": shop_id, "kind": "serving", "until__gt": since}
    found = rows.some(Period, ended, order="-until", limit=_LATEST_VISITS)
    return tuple(each.until - each.since for each in found if each.until is not None)


@transaction
def leave(rows: Store, *, shop_code: str, token: str) -> Ticket:
    """Leave the queue; who has left has left. Raises ``NotFound``, ``NotAllowed`` once the visit began."""
    ticket = _own(rows, shop_code, token)
    if ticket.state != "left":
        rows.apply(move(rows, ticket, "leave", actor=VISITOR, clerk="", window=""))
    return _own(rows, shop_code, token)


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the screen: ``label`` is called to ``window``, the ``times``-th time, at a moment."""

    ticket_id: int
    label: str
    window: str
    times: int
    at: datetime


@transaction
def screen(rows: Store, *, shop_code: str) -> tuple[Call, ...]:
    """Who is called and where to, the latest first: every call that still stands, so that two at once are both there.

    Raises ``NotFound`` (``no_shop``).
    """
    shop = shop_by(rows, shop_code)
    standing = {"shop_id": shop.id, "day": today(), "state": "called"}
    found = rows.some(Ticket, standing, order="-called_at", limit=_SCREEN_LINES)
    return tuple(
        Call(ticket.id, ticket.label, ticket.window, ticket.calls, ticket.called_at)
        for ticket in found
        if ticket.called_at is not None
    )
