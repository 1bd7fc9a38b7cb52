"""The lifecycles of a reader and of a handling: what every role may do in every state, as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from lastcall.core.lifecycle import Table
from lastcall.core.simcard.lifecycle import HANDLING, READER
from tests.core.lifecycles import answers_as_written, as_text, matches_snapshot

SNAPSHOT = Path(__file__).with_name("lifecycle.txt")


def test_the_whole_tables_are_those_that_were_reviewed() -> None:
    matches_snapshot(as_text(READER, HANDLING), SNAPSHOT)


@pytest.mark.parametrize("table", [READER, HANDLING], ids=lambda table: table.name)
def test_every_state_action_and_role_is_answered_as_the_text_says(table: Table) -> None:
    answers_as_written(table, SNAPSHOT.read_text(encoding="utf-8"))
