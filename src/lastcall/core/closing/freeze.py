"""'This was not me': freeze the case and with it the line, at once and without login; a person lifts it."""

from __future__ import annotations

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, job, move
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.review import four_eyes
from lastcall.core.closing.withdraw import too_late
from lastcall.core.errors import Refused
from lastcall.core.plan import Plan
from lastcall.core.store import Store, transaction


@transaction
def freeze(rows: Store, *, case_id: int, actor: Actor) -> Case:
    """Freeze. Freezing a frozen case changes nothing. Raises ``NotAllowed``, ``Refused`` (``too_late``)."""
    case = read_case(rows, case_id)
    if case.frozen_at is not None:
        return case
    if too_late(case):
        raise Refused(
            "the line is being switched off already", code="too_late", remedy="Ask for the number back; call us."
        )
    now = clock.now()
    plan = move(case, "freeze", actor=actor, now=now, reason="this_was_not_me", frozen_at=now)
    frozen = after(case, plan)
    if frozen.state != "review":
        plan += Plan((job("case.advance", case.id, due_at=now, about=f"revision {frozen.revision}"),))
    rows.apply(plan)
    return frozen


@transaction
def unfreeze(rows: Store, *, case_id: int, actor: Actor) -> Case:
    """Lift the freeze after the holder was asked. Raises ``NotAllowed``, ``Refused`` (``four_eyes``, ``not_frozen``)."""
    case = read_case(rows, case_id)
    four_eyes(case, actor)
    if case.frozen_at is None:
        raise Refused("the case is not frozen", code="not_frozen", remedy="There is nothing to lift.")
    now = clock.now()
    plan = move(case, "unfreeze", actor=actor, now=now, frozen_at=None)
    changed = after(case, plan)
    rows.apply(plan + Plan((job("case.advance", case.id, due_at=now, about=f"revision {changed.revision}"),)))
    return changed
