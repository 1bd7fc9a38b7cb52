"""The final bill before anything is final: what leaving would cost and give back if the line ended today."""

from __future__ import annotations

from lastcall.core import clock
from lastcall.core.closing.charges import bill_json, final_bill
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.story import is_proved
from lastcall.core.ports import Billing
from lastcall.core.rows import Json
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.line import Line


def preview(database: Database, *, case_id: int, billing: Billing, for_staff: bool = False) -> Json:
    """The bill as :func:`~lastcall.core.closing.charges.bill_json` gives it; empty for an ended case and, except ``for_staff``,
    for one whose declarant has not shown who they are. Raises ``ElementTrouble`` when billing cannot be asked."""
    line = database.transact(lambda rows: _line(rows, case_id, for_staff))
    if line is None:
        return {}
    return bill_json(final_bill(line, billing.account(line.id), on=clock.now().date()))


def _line(rows: Store, case_id: int, for_staff: bool) -> Line | None:
    case = read_case(rows, case_id)
    if case.line_id is None or case.ended_at is not None or not (for_staff or is_proved(case)):
        return None
    return rows.one(Line, {"id": case.line_id})
