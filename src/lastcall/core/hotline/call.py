"""The call: one person on the hotline, from the voice menu to the agent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.hotline.lifecycle import CALL
from lastcall.core.rows import Row, holds, table, unique


@table(
    "hotline",
    references={"case_id": "closing.Case"},
    constraints=(
        unique("call_channel_once", "channel_key"),
        unique("call_one_per_agent", "agent", where=models.Q(state="with_agent")),
        holds("call_state", models.Q(state__in=CALL.states)),
        holds(
            "call_over_exactly_in_an_end",
            models.Q(over_at__isnull=False, state__in=sorted(CALL.ends))
            | (models.Q(over_at__isnull=True) & ~models.Q(state__in=sorted(CALL.ends))),
        ),
    ),
    indexes=(
        models.Index(fields=["state", "wants_agent_at"], name="call_waiting"),
        models.Index(fields=["claimed_msisdn", "began_at"], name="call_claimed"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Row):
    """``channel_key``: keyed hash of the voice platform's own id of the call; ``language``: empty until one was chosen.

    ``claimed_msisdn``: the number that the caller says; ``case_id``: declared in this call, or found by its reference;
    ``matched``: the last digits of the document agree with the line's holder; ``tries``: how often they were given;
    ``stage``: the menu's last prompt. ``hung_up_at``: the caller has gone while an agent had the call; ``wrong_answers``: to the
    agent's questions; ``verified_at``: enough of them were right; ``outcome``: the agent's coded word at the end.
    """

    id: int
    revision: int
    state: str
    channel_key: str
    language: str
    began_at: datetime
    stage: str = ""
    claimed_msisdn: int | None = None
    case_id: int | None = None
    matched: bool = False
    tries: int = 0
    wants_agent_at: datetime | None = None
    agent: str = ""
    taken_at: datetime | None = None
    hung_up_at: datetime | None = None
    wrong_answers: int = 0
    verified_at: datetime | None = None
    over_at: datetime | None = None
    outcome: str = ""
