"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.counter import payment, period, sitting, ticket
from lastcall.core.rows import model_of

Ticket = model_of(ticket.Ticket, module=__name__)
Period = model_of(period.Period, module=__name__)
Sitting = model_of(sitting.Sitting, module=__name__)
Payment = model_of(payment.Payment, module=__name__)
