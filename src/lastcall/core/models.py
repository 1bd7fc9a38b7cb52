"""Django's view of durable work: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core import job
from lastcall.core.rows import model_of

Job = model_of(job.Job, module=__name__)
Alert = model_of(job.Alert, module=__name__)
