"""The lifecycle of a batch is what the text beside this file says."""

from __future__ import annotations

from pathlib import Path

from lastcall.core.lookup.bulk.lifecycle import BATCH
from tests.core.lifecycles import answers_as_written, as_text, matches_snapshot

TEXT = Path(__file__).with_name("lifecycle.txt")


def test_the_lifecycle_is_written_down() -> None:
    matches_snapshot(as_text(BATCH), TEXT)


def test_it_answers_as_written() -> None:
    answers_as_written(BATCH, TEXT.read_text(encoding="utf-8"))
