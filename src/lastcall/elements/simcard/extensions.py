"""Numbers that go on in extension records (3GPP TS 51.011, 10.5.10)."""

from __future__ import annotations

from .channel import TooManyCommands
from .coding.records import decode_extension
from .coding.shown import listed
from .shelves import Shelf
from .tree import Unreadable

MISSING = "the rest of the number is missing"
_CIRCLE = "the records that the number goes on in form a circle"


def rest_of_number(shelf: Shelf | None, first: int) -> tuple[str, str]:
    """The digits from record ``first`` of EXT1, 2, 3 or 5 on, and what of them could not be read; each record once.
    ``shelf``: None where the card has no such file. Where no more commands may be sent, they are missing.

    Subaddresses in the chain are passed over.
    """
    digits, damages, seen, record = "", [""], set[int](), first
    while record:
        if record in seen:
            return digits, listed(*damages, _CIRCLE)
        seen.add(record)
        raw = _record(shelf, record)
        extension = decode_extension(raw)
        if not raw or extension.kind == "none":
            return digits, listed(*damages, extension.damaged, MISSING)
        digits += extension.digits
        damages.append(extension.damaged)
        record = extension.next
    return digits, listed(*damages)


def _record(shelf: Shelf | None, number: int) -> bytes:
    if shelf is None:
        return b""
    try:
        return shelf.read([number]).raw.get(number, b"")
    except (Unreadable, TooManyCommands):
        return b""
