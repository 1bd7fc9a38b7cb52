"""The tenure: one holder's period on one number, ``[since, until)``. Its history is never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

ENDINGS = ("ceased", "ported_out", "transferred")


@table(
    "numbers",
    references={"subscriber_id": "subscribers.Subscriber"},
    constraints=(
        unique("tenure_one_open_per_number", "msisdn", where=models.Q(until__isnull=True)),
        unique("tenure_in_order", "msisdn", "ordinal"),
        holds("tenure_not_backward", models.Q(until__isnull=True) | models.Q(until__gte=models.F("since"))),
        holds(
            "tenure_ending", models.Q(until__isnull=True, ending="") | models.Q(until__isnull=False, ending__in=ENDINGS)
        ),
        holds(
            "tenure_rest_in_order",
            models.Q(reclaim_until__isnull=True)
            | models.Q(reclaim_until__gte=models.F("until"), quarantine_until__gte=models.F("reclaim_until")),
        ),
    ),
    indexes=(
        models.Index(fields=["subscriber_id"], name="tenure_subscriber"),
        # The oldest one says since when look-ups may speak.
        models.Index(fields=["since"], name="tenure_since"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure(Row):
    """``ordinal`` counts the tenures of a number from 1; ``follows_id``: the tenure this one gives back (reactivation).

    ``reclaim_until`` and ``quarantine_until`` are frozen at the cease from the case's policy (``reactivation.window_days``,
    ``quarantine.days``), counted from the network-confirmed cease; later only two people shorten the rest, and the leaver's wish,
    attempts to reach the number or a notice that is owed make it longer. ``transferred``: the next tenure began in the moment in
    which this one ended, without a rest.
    """

    id: int
    msisdn: int
    ordinal: int
    subscriber_id: int
    since: datetime
    follows_id: int | None = None
    until: datetime | None = None
    ending: str = ""
    reclaim_until: datetime | None = None
    quarantine_until: datetime | None = None
