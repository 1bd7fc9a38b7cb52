"""The whole card as one JSON document for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from lastcall.core.simcard.card import Card
from lastcall.core.simcard.saving.texts import whole

FORMAT: Final = "lastcall-sim-card"
VERSION: Final = 1
"""Grows when a field changes its meaning or goes; a field that is added leaves it."""


def card_document(card: Card, *, made_at: datetime) -> bytes:
    """Every field of :class:`Card` under its own name: times by ISO 8601 with their offset, ``data`` in hexadecimal digits."""
    document = {"format": FORMAT, "version": VERSION, "made_at": made_at.isoformat(), **plain(asdict(card))}
    return as_json(document)


def as_json(document: Any) -> bytes:
    """UTF-8, indented, with a line end."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def plain(value: Any) -> Any:
    """Nested values in the types that JSON has."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return whole(value) if isinstance(value, str) else value
