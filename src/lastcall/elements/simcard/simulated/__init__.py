"""A stand-in for cards and readers: cards that answer as real ones do, byte for byte."""

from __future__ import annotations

from .card import CardGone, CardMute, SimulatedCard
from .decks import DECKS, deck
from .files import File, Folder, path_of, walk
from .links import SimulatedLinks
from .pins import Pin

__all__ = [
    "DECKS", "CardGone", "CardMute", "File", "Folder", "Pin", "SimulatedCard", "SimulatedLinks", "deck", "path_of", "walk",
]  # fmt: skip
