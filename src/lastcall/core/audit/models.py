"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.audit import event, link
from lastcall.core.rows import model_of

Event = model_of(event.Event, module=__name__)
Link = model_of(link.Link, module=__name__)
