"""The lifecycle of a queue ticket: what every role may do in every state, as text."""

from __future__ import annotations

from pathlib import Path

from lastcall.core.counter.lifecycle import TICKET
from tests.core.lifecycles import answers_as_written, as_text, matches_snapshot

SNAPSHOT = Path(__file__).with_name("lifecycle.txt")


def test_the_whole_table_is_the_one_that_was_reviewed() -> None:
    matches_snapshot(as_text(TICKET), SNAPSHOT)


def test_every_state_action_and_role_is_answered_as_the_text_says() -> None:
    answers_as_written(TICKET, SNAPSHOT.read_text(encoding="utf-8"))
