"""A text that came in: which word it said, from whom, and what became of the answer. What it said beyond the word is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core import keyed
from lastcall.core.rows import Row, holds, table, unique
from lastcall.core.texting.keywords import CODES

OUTCOMES: Final = (
    "",
    "declared",
    "declared_before",
    "standing",
    "withdrawn",
    "frozen",
    "too_late",
    "nothing_open",
    "not_ours",
    "door_closed",
    "help",
    "silent",
)


@table(
    "texting",
    references={"case_id": "closing.Case"},
    constraints=(
        unique("text_once", "key"),
        unique("text_hop_once", "hop_key", where=~models.Q(hop_key="")),
        holds("text_keyword", models.Q(keyword__in=CODES)),
        holds("text_outcome", models.Q(outcome__in=OUTCOMES)),
        holds("text_silent_has_no_answer", ~models.Q(outcome="silent") | models.Q(answered_at__isnull=True)),
    ),
    indexes=(
        models.Index(fields=["sender_key", "ordinal"], name="text_sender"),
        models.Index(fields=["received_at"], name="text_received"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Row):
    """``key``: keyed hash of what tells this text from every other; ``hop_key``: of the name that the way it came by gave it, if
    any; ``content_key``: of word and the phone's own reference. ``ordinal``: which text of this sender it is.

    ``sealed_sender`` opens for this row alone and is empty for senders that are never answered. ``outcome``: what the text led to,
    one of :data:`OUTCOMES`, empty until the worker decides; ``case_id``: the case that the answer is about. ``quiet``: the sender
    has had its answers of the day, so the word is obeyed and nothing is said.
    """

    id: int
    key: str
    hop_key: str
    content_key: str
    sender_key: str
    sealed_sender: str
    ordinal: int
    keyword: str
    language: str
    received_at: datetime
    quiet: bool = False
    outcome: str = ""
    case_id: int | None = None
    answered_at: datetime | None = None


def sender_key(sender: str) -> str:
    """Keyed hash of a sender as it was given."""
    return keyed.keyed_hash("text.sender", sender)


def seal_sender(sender: str, text_id: int) -> str:
    """The sender, to be opened again for that text alone."""
    return keyed.seal(sender, bound_to=f"texting.text.sender:{text_id}")


def sender_of(text: Text) -> str:
    """The sender in E.164 with ``+``."""
    return keyed.unseal(text.sealed_sender, bound_to=f"texting.text.sender:{text.id}")
