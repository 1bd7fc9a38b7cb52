"""Asking the holder about a freeze: the contacts to call or write to, for the reviewer who has the case and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import assignments
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.notices import old_contacts_of_line
from lastcall.core.errors import Refused
from lastcall.core.plan import Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.file import contact_address
from lastcall.core.subscribers.line import Line


@dataclass(frozen=True, slots=True)
class Reachable:
    """A contact that was on file long enough before the declaration, its ``address`` in clear; never to be logged."""

    kind: str
    address: str
    since: datetime


@transaction
def contacts_to_ask(rows: Store, *, case_id: int, actor: Actor) -> tuple[Reachable, ...]:
    """Where the holder of a frozen case is asked: contacts of before alone, for whoever declared may have brought newer ones.

    It is noted that they were shown. Raises ``Refused`` (``not_assigned``, ``four_eyes``, ``not_frozen``), ``NotFound``.
    """
    case = read_case(rows, case_id)
    assignments.mine(rows, case_id=case.id, actor=actor)
    assignments.refuse_if_took_part(rows, case, actor.name)
    if case.frozen_at is None:
        raise Refused("the case is not frozen", code="not_frozen", remedy="There is nobody to ask.")
    now, line = clock.now(), rows.one(Line, {"id": case.line_id}) if case.line_id else None
    contacts = old_contacts_of_line(rows, line, case, Policy.from_json(case.policy)) if line else ()
    event = Event(
        at=now, kind="review.contacts_shown", subject="case", subject_id=case.id, case_id=case.id, actor=str(actor),
        door=actor.door, data={"contacts": len(contacts)},
    )  # fmt: skip
    rows.apply(Plan(events=(event,)))
    return tuple(Reachable(contact.kind, contact_address(contact), contact.on_file_since) for contact in contacts)
