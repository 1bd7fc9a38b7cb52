"""Asking for the same number back: the wish of the former holder, which staff then grant with a new SIM, or not."""

from __future__ import annotations

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, remark
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.story import is_proved
from lastcall.core.errors import Refused
from lastcall.core.numbers.status import tenure_status
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.store import Store, transaction


@transaction
def ask_back(rows: Store, *, case_id: int, actor: Actor) -> Case:
    """Note the wish, while the number is pending release; asked twice it is one wish.

    Raises ``Refused``: ``not_closed``, ``window_over`` (policy ``reactivation.window_days``).
    """
    case, now = read_case(rows, case_id), clock.now()
    if case.state != "closed" or not is_proved(case):
        raise Refused("this case has not closed a line", code="not_closed", remedy="There is nothing to give back.")
    tenure = rows.one(Tenure, {"id": case.tenure_id})
    assert tenure is not None
    if tenure_status(rows, tenure).state != "pending_release":
        raise Refused("the time to have it back is over", code="window_over", remedy="Choose another number.")
    if case.asked_back_at is not None:
        return case
    plan = remark(case, "asked_back", actor=actor, now=now, asked_back_at=now)
    rows.apply(plan)
    return after(case, plan)
