"""Guiding a caller whose answers were right: how the case stands, what is missing, the link, a call-back, taking it back.

Everything here needs the opening that the call gave, and acts on the case that is open, never on one that a form names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing import callbacks, links, preview
from lastcall.core.closing import withdraw as withdrawing
from lastcall.core.closing.callback import Callback, booked
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import try_again
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.link_copy import LinkCopy
from lastcall.core.closing.story import Story, is_proved, story
from lastcall.core.errors import ElementTrouble, NotFound
from lastcall.core.hotline.agents import opening_of, own_call
from lastcall.core.hotline.call import Call
from lastcall.core.hotline.changes import move
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Billing
from lastcall.core.rows import Json
from lastcall.core.staff.opening import Opening
from lastcall.core.store import Database, Store


@dataclass(frozen=True, slots=True)
class Guide:
    """What the agent may see. ``bill``: the final bill so far as :func:`~lastcall.core.closing.charges.bill_json` gives it, empty
    where there is none; ``bill_unknown``: billing gave no answer; ``channels``: kinds of contact to which the link can go;
    ``links``: how many were asked for in this call; ``proved``: whether identity was proved for the closing."""

    call: Call
    opening: Opening
    story: Story
    bill: Json
    bill_unknown: bool
    channels: tuple[str, ...]
    links: int
    proved: bool
    callback: Callback | None


def opened(rows: Store, *, call_id: int, login: str) -> tuple[Call, Opening, Case]:
    """The agent's call, its opening and the case that is open. Raises ``NotFound`` when it is not, or not any more."""
    call = own_call(rows, call_id=call_id, login=login)
    opening = opening_of(rows, call)
    if opening is None:
        raise NotFound("no file is open in this call", code="not_open", remedy="Ask the questions first.")
    return call, opening, read_case(rows, opening.case_id)


def guide(database: Database, *, call_id: int, billing: Billing, actor: Actor) -> Guide:
    """How the open case stands now. Raises ``NotFound`` when none is open."""
    case = database.transact(lambda rows: opened(rows, call_id=call_id, login=actor.name)[2])
    bill, unknown = _bill(database, case, billing)
    return database.transact(lambda rows: _guide(rows, call_id, actor, bill, unknown))


def _bill(database: Database, case: Case, billing: Billing) -> tuple[Json, bool]:
    if case.final_bill:
        return case.final_bill, False
    try:
        return preview.preview(database, case_id=case.id, billing=billing, for_staff=True), False
    except ElementTrouble:
        return {}, True


def _guide(rows: Store, call_id: int, actor: Actor, bill: Json, unknown: bool) -> Guide:
    call, opening, case = opened(rows, call_id=call_id, login=actor.name)
    return Guide(
        call, opening, story(rows, case=case, for_staff=True), bill, unknown, links.channels(rows, case),
        len(_links(rows, call, case)), is_proved(case), booked(rows, case.id),
    )  # fmt: skip


def _links(rows: Store, call: Call, case: Case) -> list[LinkCopy]:
    return rows.some(LinkCopy, {"case_id": case.id, "asked_at__gte": call.began_at})


def send_link(database: Database, *, call_id: int, channel: str, turn: int, actor: Actor) -> LinkCopy:
    """Send the link of the open case to a contact on file, in the caller's language. ``turn``: how many were sent in this call
    before, so that one click sends one.

    Raises ``NotFound`` when no file is open; as :func:`lastcall.core.closing.links.send_link`.
    """
    call, _, case = database.transact(lambda rows: opened(rows, call_id=call_id, login=actor.name))
    key = f"call {call.id} {channel} {turn}"
    return links.send_link(
        database, case_id=case.id, channel=channel, language=call.language or case.language, key=key, actor=actor
    )


def book(database: Database, *, call_id: int, start: datetime, actor: Actor) -> Callback:
    """Book a call-back for the open case, in the caller's language. Raises ``NotFound``; as ``callbacks.book``."""
    call, _, case = database.transact(lambda rows: opened(rows, call_id=call_id, login=actor.name))
    return callbacks.book(database, case_id=case.id, start=start, language=call.language or case.language, actor=actor)


def withdraw(database: Database, *, call_id: int, actor: Actor) -> Case:
    """Take the declaration back at the caller's word. Raises ``NotFound``; as ``withdraw.withdraw``."""
    _, _, case = database.transact(lambda rows: opened(rows, call_id=call_id, login=actor.name))
    taken_back = withdrawing.withdraw(database, case_id=case.id, actor=actor)

    def note(rows: Store) -> None:
        call = own_call(rows, call_id=call_id, login=actor.name)
        rows.apply(move(call, "note", actor=actor, now=clock.now(), reason="withdrawn"))

    try_again(lambda: database.transact(note))
    return taken_back


def may_do(policy: Policy) -> str:
    """What a declaration by phone is: ``act``, ``intake`` (to be completed by signature or in person) or ``closed``.

    Policies ``termination.act_doors``, ``termination.intake_doors``.
    """
    if "hotline" in policy.termination_act_doors:
        return "act"
    return "intake" if "hotline" in policy.termination_intake_doors else "closed"
