"""The reader: a program beside a counter's card reader, paired with the desk by a code for a part of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core import keyed
from lastcall.core.rows import Row, holds, table, unique
from lastcall.core.simcard.lifecycle import READER

CODE_BITS: Final = 40
TOKEN_BITS: Final = 160


@table(
    "simcard",
    references={"shop_id": "staff.Shop"},
    constraints=(
        unique("reader_code_once", "code_key"),
        unique("reader_token_once", "token_key", where=models.Q(token_key__gt="")),
        holds("reader_state", models.Q(state__in=READER.states)),
        holds(
            "reader_has_a_token_once_paired",
            models.Q(state__in=("offered", "lapsed"), token_key="")
            | (models.Q(state__in=("paired", "ended")) & ~models.Q(token_key="")),
        ),
    ),
    indexes=(models.Index(fields=["state", "shop_id"], name="reader_shop"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Reader(Row):
    """``login``: the clerk who asked for the code, and with whose work there it ends; ``name``: what the program calls itself.

    ``code_key`` and ``token_key``: keyed hashes of the code and of what the program shows ever after. ``code_until``: policy
    ``sim.pairing_minutes``; ``until``: policy ``sim.reader_hours``, both from ``asked_at``. ``heard_at``: when its program last
    asked or told something, to half a minute (``hearing.py``).
    """

    id: int
    shop_id: int
    login: str
    code_key: str
    state: str
    asked_at: datetime
    code_until: datetime
    until: datetime
    name: str = ""
    token_key: str = ""
    paired_at: datetime | None = None
    ended_at: datetime | None = None
    heard_at: datetime | None = None


def code_key(code: str) -> str:
    """The keyed hash by which a reader is found from its code, however that is typed."""
    return keyed.keyed_hash("simcard.code", keyed.normal_token(_written(code)))


def token_key(token: str) -> str:
    """The keyed hash by which a reader is found from its token."""
    return keyed.keyed_hash("simcard.token", _written(token))


def _written(text: str) -> str:
    """What can be written: half a character, which JSON lets through, is in no code."""
    return text.encode(errors="replace").decode()
