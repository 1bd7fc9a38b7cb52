"""Who asked about a number on a day; and how far the journal files were gathered into such rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from lastcall.core.rows import Row, table


@table(
    "relying",
    key=("msisdn", "day", "consumer_id", "reading"),
    indexes=(
        models.Index(fields=["consumer_id", "day"], name="asked_by"),
        models.Index(fields=["day"], name="asked_due"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Row):
    """``category``: the consumer's at that time; ``reading``: which question it was; ``times``: how often on that day."""

    msisdn: int
    day: date
    consumer_id: int
    reading: str
    category: str
    times: int


@table("relying", key=("journal",), indexes=(models.Index(fields=["at"], name="gathered_due"),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered(Row):
    """``done``: how many records of the journal file are in rows; kept a while after the file is gone, for a worker that died."""

    journal: str
    done: int
    at: datetime
