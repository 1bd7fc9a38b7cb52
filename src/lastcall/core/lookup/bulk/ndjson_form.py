"""One JSON object a line (RFC 8259), with ``number`` and ``date``; what else an object holds is kept byte for byte."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from lastcall.core.lookup.bulk.form import Fields, cannot_read
from lastcall.core.lookup.bulk.grid import Layout

_PLAIN: Final = re.compile(
    rb'\{"number": ?"\+?7[0-9]{10}", ?"date": ?"20[0-9]{2}-[0-9]{2}-[0-9]{2}"(\}\r?\n)'
    rb'|\{"date": ?"20[0-9]{2}-[0-9]{2}-[0-9]{2}", ?"number": ?"\+?7[0-9]{10}"(\}\r?\n)'
)
_DIGIT: Final = re.compile(rb"[0-9]")
_OURS: Final = frozenset({"answer", "reason"})
_REMEDY: Final = 'Write one object a line: {"number": "+7…", "date": "2026-11-23"}, in UTF-8.'


@dataclass(frozen=True, slots=True)
class NdjsonForm:
    """It has nothing to tell one file from another."""

    quoted: bool = False

    def layout(self, first: bytes) -> Layout | None:
        found = _PLAIN.match(first)
        if found is None:
            return None
        row = found.group()
        number = row.index(b"7")
        day = row.index(b"20", 0 if row.startswith(b'{"date"') else number + 11)
        template = bytearray(_DIGIT.sub(b"0", row))
        template[number], template[day] = ord("7"), ord("2")
        tail = found.group(1) or found.group(2)
        return Layout(bytes(template), number + 1, day, len(row) - len(tail), tail)

    def read(self, record: bytes) -> Fields | None:
        if not record.strip():
            return None
        held = _object(record)
        if held is None:
            return Fields(reason="bad_row")
        number, day = held.get("number"), held.get("date")
        if number in (None, "") or day in (None, ""):
            return Fields(reason="missing_field")
        if isinstance(number, int) and not isinstance(number, bool):
            number = str(number)
        return Fields(number if isinstance(number, str) else "-", day if isinstance(day, str) else "-")

    def written(self, record: bytes, answer: str, reason: str) -> bytes:
        held = _object(record)
        if held is None:
            return self.lost(reason)[:-1]
        if _OURS & held.keys():
            kept = {name: value for name, value in held.items() if name not in _OURS}
            record = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
            held = kept
        body = record.rstrip()[:-1].rstrip()
        added = self.suffix(answer, reason)
        return body + (added if held else added[1:]) + b"}"

    def suffix(self, answer: str, reason: str) -> bytes:
        return f',"answer":null,"reason":"{reason}"'.encode() if reason else f',"answer":"{answer}"'.encode()

    def lost(self, reason: str) -> bytes:
        return b"{" + self.suffix("", reason)[1:] + b"}\n"


def _object(record: bytes) -> dict[str, Any] | None:
    try:
        held = json.loads(record)
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) else None


def read_beginning(head: bytes) -> tuple[NdjsonForm, int, bytes]:
    """From the file's beginning: the form, where the rows begin, and what goes out before them.

    Raises ``BadInput`` (``bad_file``) when the first line cannot be one of objects.
    """
    start = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    if not head[start:].lstrip().startswith(b"{") and head[start:].strip():
        raise cannot_read("this is no JSON object", line=1, remedy=_REMEDY)
    return NdjsonForm(), start, head[:start]
