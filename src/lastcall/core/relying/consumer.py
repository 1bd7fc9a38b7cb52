"""The consumer: an organisation that relies on numbers, and asks or is told about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

CATEGORIES: Final = ("bank", "app", "authority", "operator", "other")
"""What a leaver is told of who asked; never the name."""


@table(
    "relying",
    constraints=(
        unique("consumer_name_once", "name"),
        holds("consumer_category", models.Q(category__in=CATEGORIES)),
        holds(
            "consumer_quotas",
            models.Q(requests_per_second__gte=0, requests_per_day__gte=0, rows_per_day__gte=0),
        ),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer(Row):
    """``name``: never given to a second organisation; ``scopes``: words, separated by spaces; ``purpose``: W3C DPV, with ``dpv:``.

    ``bulk``, ``told``, ``three_legged``: what was agreed with it beyond single questions; ``sandbox``: it only ever gets made-up
    answers. ``revision`` counts its changes: a token of an older one is verified again. After ``ended_at`` nothing is its.
    """

    id: int
    name: str
    category: str
    scopes: str
    purpose: str
    bulk: bool
    told: bool
    three_legged: bool
    sandbox: bool
    requests_per_second: int
    requests_per_day: int
    rows_per_day: int
    sealed_hash_key: str
    created_at: datetime
    ended_at: datetime | None = None
    revision: int = 1

    @property
    def client_id(self) -> str:
        """By what it is known to OAuth (RFC 6749, 2.2)."""
        return str(self.id)
