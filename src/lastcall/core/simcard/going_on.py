"""Whether a handling still goes on: with its visit, its reader and its minutes, and for a short grace after the visit."""

from __future__ import annotations

from datetime import datetime, timedelta

from lastcall.core import clock
from lastcall.core.closing.facts import read_case
from lastcall.core.counter.ticket import Ticket
from lastcall.core.plan import Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.hearing import is_silent
from lastcall.core.simcard.lifecycle import OPEN
from lastcall.core.simcard.moves import MACHINE, is_live, move_handling
from lastcall.core.simcard.reader import Reader
from lastcall.core.store import Store


def is_on(rows: Store, handling: Handling) -> bool:
    """Whether the visit for which it was asked goes on, at the window of the clerk who asked."""
    where = {"id": handling.ticket_id, "state": "serving", "clerk": handling.login, "case_id": handling.case_id}
    ticket = rows.one(Ticket, where)
    # Called again since then, it is another visit.
    return ticket is not None and ticket.called_at is not None and ticket.called_at <= handling.asked_at


def settled(rows: Store, handling: Handling) -> Plan:
    """What ends a handling that nobody can finish any more; an empty plan while somebody can, or when it is over.

    With its visit one ends that is only asked; one whose card is in the reader has its grace (:func:`grace_of`). One that is
    asked is missed when the reader's program gives no sign.
    """
    now = clock.now()
    if handling.state not in OPEN:
        return Plan()
    if now >= handling.until:
        return move_handling(handling, "lapse", actor=MACHINE)
    reader = rows.one(Reader, {"id": handling.reader_id})
    if reader is None or not is_live(rows, reader, now):
        return move_handling(handling, "cancel", actor=MACHINE, reason="reader_ended")
    if not is_on(rows, handling):
        return Plan() if now < grace_of(rows, handling) else visit_over(handling)
    missed = handling.state == "asked" and is_silent(reader, since=handling.asked_at)
    return move_handling(handling, "miss", actor=MACHINE) if missed else Plan()


def visit_over(handling: Handling) -> Plan:
    """It ends with its visit."""
    return move_handling(handling, "cancel", actor=MACHINE, reason="visit_over")


def grace_of(rows: Store, handling: Handling) -> datetime:
    """Until when the reader may finish a card although the visit is over; a moment that has passed when it may not.

    The subscriber agreed and the card was compared while their file was open: what is done to it since is true, whoever ended
    the visit. Before the card was compared there is nothing to finish.
    """
    if handling.state != "taken":
        return handling.asked_at
    if handling.grace_until is not None:
        return handling.grace_until
    ticket = rows.one(Ticket, {"id": handling.ticket_id})
    ended = ticket.ended_at if ticket is not None and ticket.ended_at is not None else clock.now()
    minutes = Policy.from_json(read_case(rows, handling.case_id).policy).sim_grace_minutes
    return min(handling.until, ended + timedelta(minutes=minutes))


def outlived(rows: Store, handling: Handling) -> Plan:
    """What keeps the end of its grace, once its visit is over and it goes on; else an empty plan."""
    if handling.state != "taken" or handling.grace_until is not None or is_on(rows, handling):
        return Plan()
    return move_handling(handling, "outlive", actor=MACHINE, reason="visit_over", grace_until=grace_of(rows, handling))
