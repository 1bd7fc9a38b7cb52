"""The table of the sandbox's numbers, for everybody: nothing in it is real."""

from __future__ import annotations

from dataclasses import asdict

from lastcall.core.lookup import sandbox
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked


def list_numbers(asked: Asked) -> Answer:
    """``knownSince`` and ``numbers``: each with ``number``, ``api`` (``all``: every API reads its life) and ``about``."""
    numbers = [asdict(line) for line in sandbox.table()]
    return json_answer({"knownSince": sandbox.KNOWN_SINCE.isoformat(), "numbers": numbers})
