"""Asking for a number back: whether it makes sense, and what the operator's pack says about it."""

from __future__ import annotations

from django.utils.translation import gettext

from lastcall.core.closing.story import Story
from lastcall.core.policies.pack import Pack
from lastcall.doors.screens.wording import Told, spoken


def can_ask_back(told: Story) -> bool:
    """Whether the number is in pending release, seen by its former holder."""
    return told.state == "closed" and told.number is not None and told.number.state == "pending_release"


def is_new_agreement(pack: Pack) -> Told | None:
    """That having a number back is a new agreement, where the pack says so (``reactivation.is_new_contract``)."""
    key = "reactivation.is_new_contract"
    found = [entry for entry in pack.entries(key) if entry.key == key and entry.value]
    words = gettext("time for a new agreement: the old one does not come to life again")
    return Told(words, found[0].is_confirmed) if found else None


def conditions(pack: Pack, language: str) -> tuple[Told, ...]:
    """What the operator says about giving a number back (pack entries ``conditions.restore…``)."""
    entries = pack.entries("conditions.restore")
    return tuple(Told(spoken(entry.value, language), entry.is_confirmed) for entry in entries)
