"""Asking for a number back: whether it makes sense, and what the operator's pack says about it."""

from __future__ import annotations

from lastcall.core.closing.story import Story
from lastcall.core.policies.pack import Pack
from lastcall.doors.portal.presenters.wording import Told, spoken


def can_ask_back(told: Story) -> bool:
    """Whether the number is in pending release, seen by its former holder."""
    return told.state == "closed" and told.number is not None and told.number.state == "pending_release"


def conditions(pack: Pack, language: str) -> tuple[Told, ...]:
    """What the operator says about giving a number back (pack entries ``conditions.restore…``)."""
    entries = pack.entries("conditions.restore")
    return tuple(Told(spoken(entry.value, language), entry.is_confirmed) for entry in entries)
