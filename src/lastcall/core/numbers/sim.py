"""The SIM: a card or eSIM profile, a resource of its own, never issued twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

STATES = ("in_stock", "active", "barred", "dead")
FORMS = ("card", "esim")
CUSTODIES = ("operator", "subscriber", "collected", "destroyed")


@table(
    "numbers",
    constraints=(
        unique("sim_iccid_once", "iccid"),
        unique("sim_imsi_once", "imsi"),
        holds("sim_state", models.Q(state__in=STATES)),
        holds("sim_custody", models.Q(custody__in=CUSTODIES)),
        holds("sim_form", models.Q(form__in=["card", "esim"])),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Sim(Row):
    """``form``: ``card`` or ``esim``; ``custody``: where the card is; ``destroyed_by`` and ``destroyed_at``: the record."""

    id: int
    iccid: str
    imsi: str
    form: str
    state: str
    custody: str
    active_since: datetime | None = None
    dead_since: datetime | None = None
    destroyed_at: datetime | None = None
    destroyed_by: str = ""
