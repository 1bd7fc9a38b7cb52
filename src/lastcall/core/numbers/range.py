"""The numbering plan: ranges as the register gives them, and who they were given to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique


@table("numbers", key=("inn",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(Row):
    """A holder of ranges, keyed by its ИНН: names vary in spelling, the ИНН does not."""

    inn: str
    name: str


@table(
    "numbers",
    references={"operator_id": "numbers.Operator"},
    constraints=(
        unique("range_first_once", "first"),
        holds("range_in_order", models.Q(first__lte=models.F("last"))),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Row):
    """The MSISDNs ``first`` to ``last``, both included, as full international numbers; never cut down to a prefix."""

    id: int
    first: int
    last: int
    operator_id: str | None
    region: str
    territory: str


@table("numbers")
@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Row):
    """One reading of the numbering register: what the present ranges come from."""

    id: int
    at: datetime
    sha256: str
    ranges: int
    numbers: int
    operators: int
