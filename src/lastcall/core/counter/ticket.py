"""The queue ticket: one visitor's place in the queue of one shop on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import models

from lastcall.core import keyed
from lastcall.core.counter.lifecycle import TICKET
from lastcall.core.rows import Row, holds, table, unique

LETTERS: Final = {"close_line": "A", "pay": "B", "ask": "C", "other": "D"}
"""Purpose -> the letter of its tickets."""
PURPOSES: Final = tuple(LETTERS)
AT_A_WINDOW: Final = ("called", "serving")
_TOKEN_BITS: Final = 100


@table(
    "counter",
    references={"shop_id": "staff.Shop", "case_id": "closing.Case"},
    constraints=(
        unique("ticket_number_once_a_day", "shop_id", "day", "letter", "number"),
        unique("ticket_token_once", "token_key"),
        unique("ticket_one_at_a_window", "clerk", where=models.Q(state__in=AT_A_WINDOW)),
        holds("ticket_state", models.Q(state__in=TICKET.states)),
        holds("ticket_purpose", models.Q(purpose__in=PURPOSES)),
        holds(
            "ticket_has_a_clerk_exactly_at_a_window",
            models.Q(state__in=("waiting", "left"), clerk="")
            | (~models.Q(state__in=("waiting", "left")) & ~models.Q(clerk="")),
        ),
    ),
    indexes=(
        models.Index(fields=["shop_id", "day", "state"], name="ticket_queue"),
        models.Index(fields=["source_key", "issued_at"], name="ticket_source"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Row):
    """``day``: on the operator's clocks; ``letter`` and ``number``: what is called out; ``purpose``: one of :data:`PURPOSES`.

    ``token_key``: keyed hash of what opens the visitor's own page; ``source_key``: keyed hash of the device that it was taken on.
    ``clerk``: the login of whoever called it, ``window`` theirs; ``for_window``: the only window that may call it next, empty for
    any. ``calls``: how often it was called. ``case_id``: the case that the visit is about, once the visitor's document matched;
    ``wrong_documents``: how many did not.
    """

    id: int
    shop_id: int
    day: date
    letter: str
    number: int
    purpose: str
    language: str
    token_key: str
    source_key: str
    state: str
    issued_at: datetime
    window: str = ""
    clerk: str = ""
    for_window: str = ""
    calls: int = 0
    called_at: datetime | None = None
    case_id: int | None = None
    wrong_documents: int = 0
    ended_at: datetime | None = None

    @property
    def label(self) -> str:
        """``A007``: what stands on the ticket and on the screen."""
        return f"{self.letter}{self.number:03d}"


def token_of(ticket_id: int) -> str:
    """What opens the visitor's own page, which only this installation can derive."""
    return keyed.derived_token("counter.ticket", str(ticket_id), bits=_TOKEN_BITS)


def token_key(token: str) -> str:
    """The keyed hash by which a ticket is found from its token."""
    return keyed.keyed_hash("counter.token", keyed.normal_token(token))
