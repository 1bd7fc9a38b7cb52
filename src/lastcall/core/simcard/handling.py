"""The handling: what is asked for and done with one card, on one visit, at one reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core.rows import Row, holds, table, unique
from lastcall.core.simcard.lifecycle import HANDLING, OPEN

PINS: Final = ("", "removed", "was_off", "kept")
"""What became of the PIN; empty where it was not asked about, or nothing is done yet."""
BOTH: Final = "both"
PARTIAL: Final = ("", "contacts", "messages", BOTH)
"""Of what was saved, but could not all be read; empty where all could, or nothing was saved."""
OTHER: Final = "other"
PROBLEMS: Final = (
    "wrong_card", "no_card", "card_removed", "card_mute", "card_failed", "not_a_sim", "no_iccid", "no_reader", "which_reader",
    "reader_gone", "reader_busy", "no_card_service", "no_reader_library", "wrong_pin", "pin_blocked", "puk_blocked", "pin_fixed",
    "last_try", "tries_unknown", "visitor_refused", "not_saved", OTHER,
)  # fmt: skip
"""Why a handling failed; ``visitor_refused``: who stood there did not want it after all."""


@table(
    "simcard",
    references={"reader_id": "simcard.Reader", "ticket_id": "counter.Ticket", "case_id": "closing.Case"},
    constraints=(
        unique("handling_one_open_at_a_reader", "reader_id", where=models.Q(state__in=OPEN)),
        unique("handling_one_open_on_a_visit", "ticket_id", where=models.Q(state__in=OPEN)),
        holds("handling_state", models.Q(state__in=HANDLING.states)),
        holds("handling_pin", models.Q(pin__in=PINS)),
        holds("handling_partial", models.Q(partial__in=PARTIAL)),
        holds("handling_failed_has_a_problem", models.Q(state="failed", problem__in=PROBLEMS)
              | (~models.Q(state="failed") & models.Q(problem=""))),
        # An empty column would pass: a condition that is neither true nor false holds.
        holds("handling_done_on_the_right_card",
              ~models.Q(state__in=("taken", "done")) | models.Q(same_card=True, same_card__isnull=False)),
    ),
    indexes=(
        models.Index(fields=["ticket_id"], name="handling_visit"),
        models.Index(fields=["state"], name="handling_by_state"),
    ),
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class Handling(Row):
    """``login``: the clerk who asked; ``language``: the visitor's. ``same_card``: whether the card in the reader was the line's
    own, None until one was. ``contacts`` and ``messages``: how many were saved, ``partial``: of which not all could be, one of
    :data:`PARTIAL`; ``pin``: one of :data:`PINS`; ``problem``: one of :data:`PROBLEMS`, empty where it did not fail; ``until``:
    policy ``sim.handling_minutes``; ``done_at``: when it ended.

    ``grace_until``: set once its visit is over while the card is in the reader: until then the reader may finish (policy
    ``sim.grace_minutes``, never beyond ``until``)."""

    id: int
    reader_id: int
    ticket_id: int
    case_id: int
    login: str
    state: str
    wants_backup: bool
    wants_pin_off: bool
    language: str
    asked_at: datetime
    until: datetime
    same_card: bool | None = None
    contacts: int = 0
    messages: int = 0
    pin: str = ""
    problem: str = ""
    done_at: datetime | None = None
    grace_until: datetime | None = None
    partial: str = ""

    @property
    def pin_is_off(self) -> bool:
        """Whether the card asks for no PIN any more."""
        return self.state == "done" and self.pin in {"removed", "was_off"}

    def saved_whole(self, kind: str) -> bool:
        """Whether all ``contacts``, or all ``messages``, that the card holds were saved; none on it is all."""
        return self.state == "done" and self.wants_backup and self.partial not in {kind, BOTH}
