"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.rows import model_of
from lastcall.core.telling import announcement, closed, delivery, interest, mark, webhook

HashKey = model_of(interest.HashKey, module=__name__)
Interest = model_of(interest.Interest, module=__name__)
Announcement = model_of(announcement.Announcement, module=__name__)
Delivery = model_of(delivery.Delivery, module=__name__)
Reader = model_of(delivery.Reader, module=__name__)
Webhook = model_of(webhook.Webhook, module=__name__)
Mark = model_of(mark.Mark, module=__name__)
Closed = model_of(closed.Closed, module=__name__)
DailyFile = model_of(closed.DailyFile, module=__name__)
Fetched = model_of(closed.Fetched, module=__name__)
