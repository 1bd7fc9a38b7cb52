"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.rows import model_of
from lastcall.core.subscribers import line, subscriber

Subscriber = model_of(subscriber.Subscriber, module=__name__)
Document = model_of(subscriber.Document, module=__name__)
Contact = model_of(subscriber.Contact, module=__name__)
Representative = model_of(subscriber.Representative, module=__name__)
Line = model_of(line.Line, module=__name__)
