"""What a clerk asks for one visitor's card, takes back, and sees of it."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import try_again
from lastcall.core.closing.facts import read_bound, read_case
from lastcall.core.counter.ticket import Ticket
from lastcall.core.counter.visits import opening_of, serving
from lastcall.core.errors import NotFound, Refused
from lastcall.core.numbers.sim import Sim
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.simcard.going_on import is_on, outlived, settled, visit_over
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.hearing import is_silent
from lastcall.core.simcard.lifecycle import OPEN
from lastcall.core.simcard.moves import after, is_live, move_handling
from lastcall.core.simcard.reader import Reader
from lastcall.core.simcard.readers import no_reader
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.inputs import LANGUAGES, one_of


def ask(
    database: Database, *, ticket_id: int, reader_id: int, backup: bool, pin_off: bool, actor: Actor, language: str
) -> Handling:
    """Ask a reader of the shop to read the visitor's card and compare it with the line's own; then to save what is on it
    (``backup``) and to take its PIN off (``pin_off``). ``language``: the visitor's.

    Raises ``NotFound``: ``no_ticket``, ``not_open`` unless the visit is at this clerk's window with the file open,
    ``no_such_reader`` for one that is not paired or another shop's; ``Refused``: ``reader_silent`` for one whose program gives no
    sign, ``no_card_to_read`` where the line has none, ``handling_open`` while something is asked on this visit, ``reader_busy``
    while the reader is; ``BadInput`` (``bad_language``).
    """
    one_of("language", language, LANGUAGES)
    asked = (ticket_id, reader_id, backup, pin_off, language)
    return try_again(lambda: database.transact(lambda rows: _ask(rows, asked, actor)))


def _ask(rows: Store, asked: tuple[int, int, bool, bool, str], actor: Actor) -> Handling:
    ticket_id, reader_id, backup, pin_off, language = asked
    ticket, now = serving(rows, ticket_id=ticket_id, actor=actor), clock.now()
    case = read_case(rows, opening_of(rows, ticket, actor).case_id)
    reader = rows.one(Reader, {"id": reader_id, "shop_id": ticket.shop_id})
    if reader is None or not is_live(rows, reader, now):
        raise no_reader()
    if is_silent(reader):
        raise Refused("that reader gives no sign", code="reader_silent", remedy="Start its program, or choose another.")
    card_of(rows, case)
    plan = _make_room(rows, ticket.id, reader.id)
    made = Handling(
        id=clock.new_id(), reader_id=reader.id, ticket_id=ticket.id, case_id=case.id, login=actor.name, state="asked",
        wants_backup=backup, wants_pin_off=pin_off, language=language, asked_at=now,
        until=now + timedelta(minutes=Policy.from_json(case.policy).sim_handling_minutes),
    )  # fmt: skip
    event = Event(
        at=now, kind="handling.ask", subject="handling", subject_id=made.id, case_id=case.id, actor=str(actor),
        door=actor.door, target="asked", data={"backup": backup, "pin_off": pin_off, "reader": reader.id},
    )  # fmt: skip
    rows.apply(plan + Plan((Insert(made),), (event,)))
    return made


def card_of(rows: Store, case: Case) -> Sim:
    """The line's own card. Raises ``Refused`` (``no_card_to_read``)."""
    bound = read_bound(rows, case)
    if bound is None or bound.sim.form != "card":
        raise Refused("this line has no card", code="no_card_to_read", remedy="An eSIM is in the phone: keep it there.")
    return bound.sim


def _make_room(rows: Store, ticket_id: int, reader_id: int) -> Plan:
    """The end of what nobody can finish, and of what outlived its visit. Raises ``Refused`` for what else goes on."""
    endings: dict[int, Plan] = {}
    for code, where in (("handling_open", {"ticket_id": ticket_id}), ("reader_busy", {"reader_id": reader_id})):
        for standing in rows.some(Handling, {**where, "state__in": OPEN}):
            ending = settled(rows, standing)
            if not ending.writes and is_on(rows, standing):
                raise Refused("a card is being handled", code=code, remedy="Wait until it is done, or cancel it.")
            endings[standing.id] = ending if ending.writes else visit_over(standing)
    return sum(endings.values(), Plan())


def no_handling() -> NotFound:
    """The words for a handling that is not there, not this reader's or visit's, or over."""
    return NotFound("nothing is asked under that id", code="no_such_handling", remedy="Ask what is to be done now.")


def cancel(database: Database, *, ticket_id: int, handling_id: int, actor: Actor) -> Handling:
    """The clerk takes back what was asked on the visit at their window. What is over stays as it is.

    Raises ``NotFound``: ``no_ticket``, ``no_such_handling``.
    """
    return try_again(lambda: database.transact(lambda rows: _cancel(rows, ticket_id, handling_id, actor)))


def _cancel(rows: Store, ticket_id: int, handling_id: int, actor: Actor) -> Handling:
    ticket = serving(rows, ticket_id=ticket_id, actor=actor)
    handling = rows.one(Handling, {"id": handling_id, "ticket_id": ticket.id, "case_id": ticket.case_id})
    if handling is None:
        raise no_handling()
    if handling.state not in OPEN:
        return handling
    plan = settled(rows, handling)
    plan = plan if plan.writes else move_handling(handling, "cancel", actor=actor, reason="clerk")
    rows.apply(plan)
    return after(handling, plan)


def of_visit(rows: Store, ticket_id: int) -> Handling | None:
    """What was asked last for the case of this visit, as it stands now: what nobody can finish any more shows as over.

    Its ``pin_is_off`` is what the visit's page may say of the PIN before the card is taken in.
    """
    ticket = rows.one(Ticket, {"id": ticket_id})
    if ticket is None or ticket.case_id is None:
        return None
    mine = {"ticket_id": ticket_id, "case_id": ticket.case_id}
    for handling in rows.some(Handling, mine, order="-id", limit=1):
        return after(handling, settled(rows, handling))
    return None


def forget(rows: Store, *, most: int) -> Plan:
    """The end of what nobody can finish any more; of what outlived its visit, how long it may."""
    plan = Plan()
    for handling in rows.some(Handling, {"state__in": OPEN}, order="id", limit=most):
        ending = settled(rows, handling)
        plan += ending if ending.writes else outlived(rows, handling)
    return plan
