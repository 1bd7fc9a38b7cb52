"""A reading and an alert that the auditor looks into: any auditor does."""

from __future__ import annotations

from collections.abc import Callable

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.reading import KIND, note_reading
from lastcall.core.job import Alert
from lastcall.core.plan import Insert, Plan
from lastcall.core.staff.viewing import CODE
from tests.doors.desk.staffed import Staffed


def _alert(staffed: Staffed) -> dict[str, object]:
    alert = Alert(
        id=clock.new_id(),
        at=clock.now(),
        code=CODE,
        subject_id=staffed.members["timur"].id,
        job_id=0,
        detail="over_limit: 21",
    )
    staffed.base.transact(lambda rows: rows.apply(Plan((Insert(alert),))))
    return {"alert_id": alert.id}


def _reading(staffed: Staffed) -> dict[str, object]:
    noted = note_reading(
        case_id=staffed.cast.declare().case_id, actor=staffed.actor("irina", "review.decide"), reason="review"
    )
    staffed.base.transact(lambda rows: rows.apply(noted))
    return {"event_id": staffed.base.transact(lambda rows: rows.some(Event, {"kind": KIND}))[0].id}


SAMPLES: dict[str, Callable[[Staffed], dict[str, object]]] = {"log_looked_at": _alert, "log_look_into": _reading}
OWNERS: dict[str, str] = {name: "arkady" for name in SAMPLES}
