"""Taking a declaration back: possible until the first outside effect of the cease is attempted, never after."""

from __future__ import annotations

from datetime import datetime

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, move
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.notices import queue
from lastcall.core.errors import Refused
from lastcall.core.plan import Plan
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.subscriber import Contact


def too_late(case: Case) -> bool:
    """Whether an outside effect was attempted: from then on the cease goes forward only."""
    return case.effect_attempted_at is not None


@transaction
def withdraw(rows: Store, *, case_id: int, actor: Actor) -> Case:
    """End the case at the subscriber's wish. Raises ``NotAllowed`` when it has ended, ``Refused`` (``too_late``)."""
    case = read_case(rows, case_id)
    if too_late(case):
        raise Refused(
            "the line is being switched off already", code="too_late", remedy="Ask for the number back instead."
        )
    now = clock.now()
    plan = move(case, "withdraw", actor=actor, now=now, reason="withdrawn_by_subscriber")
    rows.apply(plan + _tell_those_who_were_told(rows, case, now))
    return after(case, plan)


def _tell_those_who_were_told(rows: Store, case: Case, now: datetime) -> Plan:
    """Whoever has heard of the closing hears that it was taken back."""
    told = {notice.contact_id for notice in rows.some(Notice, {"case_id": case.id}) if notice.sent_at is not None}
    contacts = rows.some(Contact, {"id__in": told, "removed_at": None}, order="id") if told else []
    return queue(case, contacts, "withdrawn", now=now)
