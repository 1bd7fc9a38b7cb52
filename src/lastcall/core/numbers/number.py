"""A number that something has happened to, and the places where it may be kept out of service.

A number has no state column: its state is read from its tenures and from which of these it is a member of
(``docs/design.md``, rule 8), so that the release sweep never touches the number itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table


@table("numbers", key=("msisdn",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Row):
    """An MSISDN that was reserved, assigned or given back at least once. ``category``: ``ordinary`` or ``premium``."""

    msisdn: int
    known_since: datetime
    category: str = "ordinary"


@table("numbers", key=("msisdn",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation(Row):
    """Kept for one assignment until ``until``; ``purpose`` is an order's reference, never a name."""

    msisdn: int
    until: datetime
    purpose: str


@table("numbers", key=("reclaim_until", "msisdn"), references={"tenure_id": "numbers.Tenure"})
@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRelease(Row):
    """Ceased: only the former holder may have it back, until ``reclaim_until``; kept in that order."""

    reclaim_until: datetime
    msisdn: int
    tenure_id: int
    quarantine_until: datetime


@table("numbers", key=("quarantine_until", "msisdn"), references={"tenure_id": "numbers.Tenure"})
@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine(Row):
    """Ageing: nobody may hold it until ``quarantine_until``; kept in release-date order."""

    quarantine_until: datetime
    msisdn: int
    tenure_id: int


@table(
    "numbers",
    key=("msisdn",),
    references={"tenure_id": "numbers.Tenure"},
    constraints=(holds("absent_state", models.Q(state__in=["ported_out", "withdrawn"])),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Absent(Row):
    """Not ours to give: ``ported_out`` to another operator, or ``withdrawn`` (given back to the range holder)."""

    msisdn: int
    state: str
    since: datetime
    tenure_id: int | None
