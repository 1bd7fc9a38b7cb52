"""The delivery: one announcement for one consumer, in the consumer's own order; and how far that order has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

KEPT: Final = "kept"
WAITING: Final = "waiting"
QUEUED: Final = "queued"
DELIVERED: Final = "delivered"
DEAD: Final = "dead"
STATES: Final = (KEPT, WAITING, QUEUED, DELIVERED, DEAD)
UNDONE: Final = (WAITING, QUEUED, DEAD)
"""What a later one of the same number has to wait for."""


@table(
    "telling",
    references={"announcement_id": "telling.Announcement"},
    constraints=(
        holds("delivery_state", models.Q(state__in=STATES)),
        unique("delivery_once", "consumer_id", "announcement_id"),
        unique("delivery_in_order", "consumer_id", "cursor"),
    ),
    indexes=(
        models.Index(fields=["consumer_id", "cursor"], name="delivery_queued", condition=models.Q(state=QUEUED)),
        models.Index(fields=["consumer_id", "msisdn"], name="delivery_undone", condition=models.Q(state__in=UNDONE)),
        models.Index(fields=["dead_at"], name="delivery_dead", condition=models.Q(state=DEAD)),
        models.Index(fields=["announcement_id"], name="delivery_announcement"),
        models.Index(fields=["msisdn", "told_at"], name="delivery_told"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Row):
    """``cursor``: 1, 2, 3 … per consumer without a gap; ``subject``: the number as the consumer gave it, plain or hashed.

    ``state``: ``kept`` (for the feed alone), ``waiting`` (behind another of the same number), ``queued`` (since ``queued_at``, to
    be sent at ``due_at``), ``delivered``, ``dead`` (not taken by ``give_up_at``). ``next_id``: the one that waits behind this one.
    ``told_at``: when the consumer first got it, pushed or from the feed.
    """

    id: int
    consumer_id: int
    announcement_id: int
    msisdn: int
    cursor: int
    subject: str
    reference: str
    state: str
    made_at: datetime
    attempts: int = 0
    queued_at: datetime | None = None
    due_at: datetime | None = None
    give_up_at: datetime | None = None
    last_error: str = ""
    next_id: int | None = None
    told_at: datetime | None = None
    dead_at: datetime | None = None


@table("telling", key=("consumer_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Reader(Row):
    """``last``: the cursor given out last; ``oldest``: the first one still kept; ``interests``: how many are open."""

    consumer_id: int
    last: int = 0
    oldest: int = 1
    interests: int = 0
