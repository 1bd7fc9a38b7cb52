"""The lifecycle of a call to the hotline: what every role may do in every state, as text."""

from __future__ import annotations

from pathlib import Path

from lastcall.core.hotline.lifecycle import CALL
from tests.core.lifecycles import answers_as_written, as_text, matches_snapshot

SNAPSHOT = Path(__file__).with_name("lifecycle.txt")


def test_the_whole_table_is_the_one_that_was_reviewed() -> None:
    matches_snapshot(as_text(CALL), SNAPSHOT)


def test_every_state_action_and_role_is_answered_as_the_text_says() -> None:
    answers_as_written(CALL, SNAPSHOT.read_text(encoding="utf-8"))
