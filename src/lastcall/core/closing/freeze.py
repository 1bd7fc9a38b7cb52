"""'This was not me': freeze the case and with it the line, at once and without login; a person lifts it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, job, move
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.review import four_eyes
from lastcall.core.closing.withdraw import too_late
from lastcall.core.errors import Refused
from lastcall.core.plan import Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction


@transaction
def freeze(rows: Store, *, case_id: int, actor: Actor) -> Case:
    """Freeze. Freezing a frozen case changes nothing. Raises ``NotAllowed``, ``Refused`` (``too_late``)."""
    return freeze_case(rows, read_case(rows, case_id), actor)


def freeze_case(rows: Store, case: Case, actor: Actor) -> Case:
    """As :func:`freeze`, inside a transaction of the caller's."""
    if case.frozen_at is not None:
        return case
    if too_late(case):
        raise Refused(
            "the line is being switched off already", code="too_late", remedy="Ask for the number back; call us."
        )
    now = clock.now()
    # Out of a cease that has touched nothing the case goes to a person at once, with a deadline like any review.
    due: dict[str, Any] = {"review_due_at": _review_due(case, now)} if case.state == "ceasing" else {}
    plan = move(case, "freeze", actor=actor, now=now, reason="this_was_not_me", frozen_at=now, **due)
    frozen = after(case, plan)
    if due:
        about = f"revision {case.revision}"
        plan += Plan((job("review.overdue", case.id, due_at=due["review_due_at"], about=about),))
    elif frozen.state != "review":
        plan += Plan((job("case.advance", case.id, due_at=now, about=f"revision {frozen.revision}"),))
    rows.apply(plan)
    return frozen


def _review_due(case: Case, now: datetime) -> datetime:
    return now + timedelta(hours=Policy.from_json(case.policy).review_deadline_hours)


@transaction
def unfreeze(rows: Store, *, case_id: int, actor: Actor) -> Case:
    """Lift the freeze after the holder was asked. Raises ``NotAllowed``, ``Refused`` (``four_eyes``, ``not_frozen``)."""
    return unfreeze_case(rows, read_case(rows, case_id), actor)


def unfreeze_case(rows: Store, case: Case, actor: Actor, how: str = "") -> Case:
    """As :func:`unfreeze`, inside a transaction of the caller's; ``how`` the holder was asked, as a code."""
    four_eyes(case, actor)
    if case.frozen_at is None:
        raise Refused("the case is not frozen", code="not_frozen", remedy="There is nothing to lift.")
    now = clock.now()
    plan = move(case, "unfreeze", actor=actor, now=now, reason=how, frozen_at=None)
    changed = after(case, plan)
    rows.apply(plan + Plan((job("case.advance", case.id, due_at=now, about=f"revision {changed.revision}"),)))
    return changed
