"""Taking a declaration back: possible until the first outside effect of the cease is attempted, never after."""

from __future__ import annotations

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, move
from lastcall.core.closing.facts import read_case
from lastcall.core.errors import Refused
from lastcall.core.store import Store, transaction


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
    plan = move(case, "withdraw", actor=actor, now=clock.now(), reason="withdrawn_by_subscriber")
    rows.apply(plan)
    return after(case, plan)
