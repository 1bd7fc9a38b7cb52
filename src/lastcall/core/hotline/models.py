"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.hotline import asking, attempt, call
from lastcall.core.rows import model_of

Call = model_of(call.Call, module=__name__)
Asking = model_of(asking.Asking, module=__name__)
Attempt = model_of(attempt.Attempt, module=__name__)
