"""What a kit is made for: why somebody leaves, and in which situation."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("zh-hans", "ru", "en")
REASONS: Final = ("leaving", "unused", "switching", "price", "lost", "not_mine")
"""Leaving the country; the line is no longer used; another operator; it costs too much; the SIM is lost or stolen; a number on
one's name that one never asked for."""
SITUATIONS: Final = ("in_country", "abroad", "representative", "heir", "foreigner")
"""In the country; already abroad; somebody else acts with a power of attorney; the holder has died; a foreigner without local
papers."""
