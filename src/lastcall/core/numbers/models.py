"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.numbers import (
    attempts_row,
    correction_row,
    look,
    number,
    pool,
    range,
    release_notice,
    release_request,
    sim,
    sweep_record,
    tenure,
)
from lastcall.core.rows import model_of

Operator = model_of(range.Operator, module=__name__)
Range = model_of(range.Range, module=__name__)
Import = model_of(range.Import, module=__name__)
Number = model_of(number.Number, module=__name__)
Reservation = model_of(number.Reservation, module=__name__)
Tenure = model_of(tenure.Tenure, module=__name__)
PendingRelease = model_of(number.PendingRelease, module=__name__)
Quarantine = model_of(number.Quarantine, module=__name__)
Absent = model_of(number.Absent, module=__name__)
Sim = model_of(sim.Sim, module=__name__)
ReleaseRequest = model_of(release_request.ReleaseRequest, module=__name__)
Look = model_of(look.Look, module=__name__)
SweepRecord = model_of(sweep_record.SweepRecord, module=__name__)
Pool = model_of(pool.Pool, module=__name__)
Correction = model_of(correction_row.Correction, module=__name__)
Attempts = model_of(attempts_row.Attempts, module=__name__)
ReleaseNotice = model_of(release_notice.ReleaseNotice, module=__name__)
NoticeWatch = model_of(release_notice.NoticeWatch, module=__name__)
