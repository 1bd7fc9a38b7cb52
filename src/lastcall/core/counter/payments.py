"""Taking money at the counter: noted first, then booked by billing, once per form whatever happens in between."""

from __future__ import annotations

from dataclasses import dataclass

from lastcall.core import clock, keyed
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import job, move, try_again
from lastcall.core.closing.charges import final_bill
from lastcall.core.closing.facts import read_case
from lastcall.core.counter.payment import MEANS, Payment
from lastcall.core.counter.visits import opening_of, serving
from lastcall.core.errors import Conflict, ElementTrouble, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.ports import Billing
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.inputs import one_of
from lastcall.core.subscribers.line import Line


@dataclass(frozen=True, slots=True)
class _Asked:
    """A payment as the form asks for it."""

    ticket_id: int
    amount: int
    means: str
    key: str


def pay(
    database: Database, *, ticket_id: int, amount: int, means: str, key: str, actor: Actor, billing: Billing
) -> Payment:
    """Take ``amount`` (minor units): all that the line would owe if it ended today. The same ``key`` is one payment.

    Booked at once when billing answers, else by the worker. Raises ``BadInput`` (``bad_means``), ``NotFound``, ``NotAllowed``,
    ``Refused``: ``nothing_owed``, ``amount_changed``, ``payment_open`` (one is still being booked); ``Conflict`` (``key_reused``);
    ``ElementTrouble`` when billing cannot say what is owed.
    """
    asked = _Asked(ticket_id, amount, one_of("means", means, MEANS), keyed.keyed_hash("counter.payment", key))
    known = database.transact(lambda rows: _known(rows, asked, actor))
    payment = known or _take(database, asked, actor, billing)
    try:
        book(database, payment_id=payment.id, billing=billing)
    except ElementTrouble as trouble:
        if trouble.permanent:
            raise
    return database.transact(lambda rows: _again(rows, payment.id))


def _known(rows: Store, asked: _Asked, actor: Actor) -> Payment | None:
    case, _ = _open_case(rows, asked.ticket_id, actor)
    known = rows.one(Payment, {"key": asked.key})
    if known is not None and (known.case_id, known.amount, known.means) != (case.id, asked.amount, asked.means):
        raise Conflict("this form was sent before with another payment", code="key_reused", remedy="Open it again.")
    return known


def _open_case(rows: Store, ticket_id: int, actor: Actor) -> tuple[Case, Line]:
    ticket = serving(rows, ticket_id=ticket_id, actor=actor)
    case = read_case(rows, opening_of(rows, ticket, actor).case_id)
    line = rows.one(Line, {"id": case.line_id or 0})
    if line is None:
        raise Refused("nothing is owed", code="nothing_owed", remedy="Go on with the visit.")
    return case, line


def _take(database: Database, asked: _Asked, actor: Actor, billing: Billing) -> Payment:
    try:
        return try_again(lambda: _take_once(database, asked, actor, billing))
    except Conflict as conflict:
        if conflict.code == "key_reused":
            raise
        raise _still_open() from None


def _take_once(database: Database, asked: _Asked, actor: Actor, billing: Billing) -> Payment:
    case, line = database.transact(lambda rows: _payable(rows, asked, actor))
    account = billing.account(line.id)
    owed = final_bill(line, account, on=clock.now().date()).owed
    if asked.amount != owed:
        # The same form sent twice at once: the other one may have been booked by now.
        if (known := database.transact(lambda rows: _known(rows, asked, actor))) is not None:
            return known
        if not owed:
            raise Refused("nothing is owed", code="nothing_owed", remedy="Go on with the visit.")
        raise Refused(
            "the amount has changed meanwhile", code="amount_changed", remedy="Take the amount that is shown now."
        )
    return database.transact(lambda rows: _note(rows, asked, actor, account.currency, case.revision))


def _payable(rows: Store, asked: _Asked, actor: Actor) -> tuple[Case, Line]:
    case, line = _open_case(rows, asked.ticket_id, actor)
    standing = rows.one(Payment, {"case_id": case.id, "booked_at": None})
    if standing is not None and standing.key != asked.key:
        raise _still_open()
    return case, line


def _still_open() -> Refused:
    return Refused(
        "a payment for this line is being booked", code="payment_open", remedy="Wait a moment, then look again."
    )


def _note(rows: Store, asked: _Asked, actor: Actor, currency: str, revision: int) -> Payment:
    if (known := _known(rows, asked, actor)) is not None:
        return known
    case, line = _open_case(rows, asked.ticket_id, actor)
    if case.revision != revision:  # another payment may have come since billing was asked
        raise Conflict("the case has changed since billing was asked", remedy="Ask billing again.")
    now = clock.now()
    payment = Payment(
        id=clock.new_id(), ticket_id=asked.ticket_id, case_id=case.id, line_id=line.id, amount=asked.amount,
        currency=currency, means=asked.means, key=asked.key, taken_at=now, taken_by=str(actor),
    )  # fmt: skip
    told = {"given": "payment", "amount": asked.amount, "currency": currency, "means": asked.means}
    plan = move(case, "prove", actor=actor, now=now, data=told)
    rows.apply(Plan((Insert(payment), job("payment.book", payment.id, due_at=now))) + plan)
    return payment


def _again(rows: Store, payment_id: int) -> Payment:
    payment = rows.one(Payment, {"id": payment_id})
    assert payment is not None
    return payment


def book(database: Database, *, payment_id: int, billing: Billing) -> None:
    """Have billing take a payment that was noted, and let the checks run again; a booked one is left alone.

    Raises ``ElementTrouble``.
    """
    payment = database.transact(lambda rows: rows.one(Payment, {"id": payment_id, "booked_at": None}))
    if payment is None:
        return
    billing.take_payment(payment.line_id, amount=payment.amount, currency=payment.currency, key=f"counter:{payment.id}")
    try_again(lambda: database.transact(lambda rows: _booked(rows, payment)))


def _booked(rows: Store, payment: Payment) -> None:
    if rows.one(Payment, {"id": payment.id, "booked_at": None}) is None:
        return
    now = clock.now()
    event = Event(
        at=now, kind="payment.booked", subject="payment", subject_id=payment.id, case_id=payment.case_id,
        actor=payment.taken_by, door="store", data={"amount": payment.amount, "currency": payment.currency},
    )  # fmt: skip
    change = Change(Payment, {"id": payment.id, "booked_at": None}, {"booked_at": now})
    again = job("case.advance", payment.case_id, due_at=now, about=f"payment {payment.id}")
    rows.apply(Plan((change, again), (event,)))


@transaction
def payments(rows: Store, *, case_id: int) -> tuple[Payment, ...]:
    """The payments taken for a case, in order."""
    return tuple(rows.some(Payment, {"case_id": case_id}, order="id"))
