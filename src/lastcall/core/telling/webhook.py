"""The webhook: where a consumer wants announcements pushed to, and what it is signed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique
from lastcall.core.telling.lifecycle import WEBHOOK


@table(
    "telling",
    constraints=(
        unique("webhook_once_per_consumer", "consumer_id"),
        holds("webhook_state", models.Q(state__in=WEBHOOK.states)),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(Row):
    """``sealed_secret`` and, until ``former_until``, ``sealed_former``: what deliveries are signed with.

    ``attempts``: handshakes tried; ``allowed_rate``: deliveries a minute that the receiver allowed, 0 for any.
    ``failures``: deliveries in a row that were not taken, since ``failing_since``; nothing is sent before ``paused_until``;
    ``alerted_at``: a person was told.
    """

    id: int
    consumer_id: int
    url: str
    state: str
    sealed_secret: str
    sealed_former: str
    since: datetime
    former_until: datetime | None = None
    attempts: int = 0
    allowed_rate: int = 0
    failures: int = 0
    failing_since: datetime | None = None
    paused_until: datetime | None = None
    alerted_at: datetime | None = None
    last_error: str = ""
    revision: int = 1
