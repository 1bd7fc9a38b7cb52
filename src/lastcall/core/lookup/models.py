"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.lookup.bulk import batch
from lastcall.core.rows import model_of

Batch = model_of(batch.Batch, module=__name__)
