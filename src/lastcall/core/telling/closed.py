"""What the daily files say: a closed number or what takes a closing back; the files; and who fetched them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique
from lastcall.core.telling.kinds import IN_THE_DAILY_FILE


@table(
    "telling",
    key=("place",),
    constraints=(holds("closed_kind", models.Q(kind__in=IN_THE_DAILY_FILE)),),
    indexes=(
        models.Index(fields=["file_day", "place"], name="closed_in_file"),
        models.Index(fields=["msisdn"], name="closed_number"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Row):
    """``day``: when it happened; ``file_day``: the file that says it, a later one when the file of its day was already written."""

    place: int
    msisdn: int
    day: date
    kind: str
    file_day: date


@table("telling", key=("day",))
@dataclass(frozen=True, slots=True, kw_only=True)
class DailyFile(Row):
    """``sha256``: of the file as it was written, in hexadecimal."""

    day: date
    written_at: datetime
    numbers: int
    sha256: str


@table(
    "telling",
    constraints=(unique("fetched_once", "consumer_id", "day"),),
    indexes=(models.Index(fields=["day"], name="fetched_day"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(Row):
    """A consumer has fetched the file of ``day``, the first time ``at``."""

    id: int
    consumer_id: int
    day: date
    at: datetime
