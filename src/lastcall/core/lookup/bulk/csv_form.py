"""CSV (RFC 4180) with a header that names ``number`` and ``date``; whatever else a row holds is kept byte for byte."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lastcall.core.errors import BadInput
from lastcall.core.lookup.bulk.form import Fields, cannot_read, parted
from lastcall.core.lookup.bulk.grid import Layout

_FIELD: Final = rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^,"\n][^,\n]*+|)'
RECORD: Final = re.compile(rb"%b(?:,%b)*+(?:\n|\Z)" % (_FIELD, _FIELD))
"""One record with its line's end; what does not match is a line whose quotation marks do not fit."""
_FIELDS: Final = re.compile(rb'("[^"]*+(?:""[^"]*+)*+"|[^,]*+)(?:,|\Z)')
_PLAIN: Final = re.compile(rb'("?)(\+?)7[0-9]{10}\1,("?)[0-9]{4}-[0-9]{2}-[0-9]{2}\3(\r?\n)')
_PLAIN_TURNED: Final = re.compile(rb'("?)[0-9]{4}-[0-9]{2}-[0-9]{2}\1,("?)(\+?)7[0-9]{10}\2(\r?\n)')
_BOM: Final = b"\xef\xbb\xbf"
_DIGIT: Final = re.compile(rb"[0-9]")
_REMEDY: Final = "The first line names the columns, among them number and date, with commas between them, in UTF-8."


@dataclass(frozen=True, slots=True)
class CsvForm:
    """``columns``: how many the header names; ``number`` and ``day``: which of them hold what is asked."""

    columns: int
    number: int
    day: int
    quoted: bool = True

    def layout(self, first: bytes) -> Layout | None:
        if self.columns != 2:
            return None
        found = (_PLAIN if self.number < self.day else _PLAIN_TURNED).match(first)
        if found is None:
            return None
        row = found.group()
        number = re.search(rb"7[0-9]{10}", row)
        day = re.search(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}", row)
        assert number is not None and day is not None
        if row[day.start() : day.start() + 2] != b"20":
            return None
        template = bytearray(_DIGIT.sub(b"0", row))
        template[number.start()] = ord("7")
        template[day.start()] = ord("2")
        tail = found.groups()[-1]
        return Layout(bytes(template), number.start() + 1, day.start(), len(row) - len(tail), tail)

    def read(self, record: bytes) -> Fields | None:
        if not record:
            return None
        if b'"' in record and RECORD.fullmatch(record) is None:
            return Fields(reason="bad_row")
        fields = _fields(record)
        if len(fields) > self.columns:
            return Fields(reason="extra_field")
        number, day = (fields[place] if place < len(fields) else "" for place in (self.number, self.day))
        return Fields(number, day, "" if number and day else "missing_field")

    def written(self, record: bytes, answer: str, reason: str) -> bytes:
        if reason == "bad_row":
            return self.lost(reason)[:-1]  # an open quotation mark would take in what follows
        fields = _raw(record)
        if len(fields) > self.columns:  # what is too much would be taken for the answer
            record = b",".join(fields[: self.columns])
        return record + b"," * max(self.columns - len(fields), 0) + self.suffix(answer, reason)

    def suffix(self, answer: str, reason: str) -> bytes:
        return f",{answer},{reason}".encode()

    def lost(self, reason: str) -> bytes:
        return b"," * (self.columns - 1) + self.suffix("", reason) + b"\n"


def _raw(record: bytes) -> list[bytes]:
    if b'"' not in record:
        return record.split(b",")
    found: list[bytes] = _FIELDS.findall(record)
    return found if record.endswith(b",") else found[:-1] or found  # the expression also matches the empty end


def _fields(record: bytes) -> list[str]:
    return [_plain(field).decode("utf-8", "replace") for field in _raw(record)]


def _plain(field: bytes) -> bytes:
    return field[1:-1].replace(b'""', b'"') if field.startswith(b'"') else field


def read_header(head: bytes) -> tuple[CsvForm, int, bytes]:
    """From the file's beginning: the form, where the rows begin, and the header as it goes out.

    Raises ``BadInput`` (``bad_file``, ``missing_column``, ``column_taken``), naming the line.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head.partition(b"\n")[0]:
        raise cannot_read("this is no text in UTF-8", line=1, remedy=_REMEDY)
    start = len(_BOM) if head.startswith(_BOM) else 0
    found = RECORD.match(head, start)
    if not head[start:].strip() or found is None:
        raise cannot_read("there is no header", line=1, remedy=_REMEDY)
    content, ending = parted(found.group())
    names = [name.strip() for name in _fields(content)]
    form = CsvForm(len(names), _place(names, "number"), _place(names, "date"))
    if taken := {"answer", "reason"} & set(names):
        raise BadInput(
            f"line 1: the column {sorted(taken)[0]} is there already", code="column_taken",
            remedy="Rename it: the answers are put into columns of this name.",
        )  # fmt: skip
    return form, found.end(), head[:start] + content + b",answer,reason" + (ending or b"\n")


def _place(names: Sequence[str], wanted: str) -> int:
    if names.count(wanted) != 1:
        how_often = "no column" if wanted not in names else "more than one column"
        raise cannot_read(f"there is {how_often} '{wanted}'", line=1, remedy=_REMEDY, code="missing_column")
    return names.index(wanted)
