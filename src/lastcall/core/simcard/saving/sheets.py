"""Contacts, messages and calls as CSV (RFC 4180) that a spreadsheet opens at a double click, and runs nothing of.

UTF-8 with a byte order mark, without which Excel takes another encoding. Columns are parted by a comma; for readers of Russian by a
semicolon, since the spreadsheets of that language do not know the comma as a separator.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@`` (also in their full-width forms), perhaps after blanks, for a
formula. Such a cell gets an apostrophe before it, and so does one that begins with an apostrophe: whoever reads the file by program
takes one apostrophe off. A number in digits, with or without ``+``, is no formula and stays as it is; one that a spreadsheet would
shorten (zeros in front, more than fifteen digits) gets the apostrophe too.

A spreadsheet of another language parts the columns by another sign, and then begins a cell within one of ours. So such a sign also
gets an apostrophe before it, besides those that stand there, behind a line end, a comma, a semicolon or a tab (and blanks and
quotation marks); but no number in digits. There, too, one apostrophe is to be taken off.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from lastcall.core.simcard.card import Call, Card, Entry, Message
from lastcall.core.simcard.saving.texts import readable

CONTACT_COLUMNS: Final = (
    "list", "name", "second_name", "number", "more_numbers", "mails", "groups", "file", "record", "damaged",
    "labels", "application",
)  # fmt: skip
MESSAGE_COLUMNS: Final = (
    "at", "direction", "party", "text", "status", "parts", "missing", "data", "centre", "records", "damaged", "application",
)  # fmt: skip
CALL_COLUMNS: Final = (
    "at", "direction", "name", "number", "answered", "seconds", "file", "record", "application", "damaged",
)  # fmt: skip
_PLAIN_NUMBER: Final = re.compile(r"\+?[1-9][0-9]{0,14}|0", re.ASCII)
_DIGITS: Final = re.compile(r"\+?[0-9]+", re.ASCII)
_STARTS: Final = tuple("=+-@'＝＋－＠")
_WITHIN: Final = re.compile(r"([\n,;\t][\s\"]*)(?!\+[0-9]+\s*?(?:[,;\n\t]|$))(?='*[=+\-@＝＋－＠])")
"""Where a cell may begin for those who part by another sign, and a formula in it."""


def separator(language: str) -> str:
    """What parts the columns for a reader of ``language``."""
    return ";" if language == "ru" else ","


def contacts_sheet(card: Card, *, language: str) -> bytes:
    """Every line of every list."""
    return _sheet(CONTACT_COLUMNS, map(_contact, card.entries), separator(language))


def messages_sheet(card: Card, *, language: str) -> bytes:
    """Every message: ``at`` by ISO 8601 with the offset that the SMSC gave, ``data`` in hexadecimal digits."""
    return _sheet(MESSAGE_COLUMNS, map(_message, card.messages), separator(language))


def calls_sheet(card: Card, *, language: str) -> bytes:
    """Every call: ``at`` by ISO 8601, without an offset where the card holds none."""
    return _sheet(CALL_COLUMNS, map(_call, card.calls), separator(language))


def _contact(entry: Entry) -> tuple[str, ...]:
    number, *more = entry.numbers or ("",)
    return (
        entry.list, entry.name, entry.second_name, number, _row(more), _row(entry.mails), _row(entry.groups),
        entry.file, str(entry.record), entry.damaged,
        _row(f"{label}: {number}" for number, label in entry.labelled() if label), entry.application,
    )  # fmt: skip


def _message(message: Message) -> tuple[str, ...]:
    return (
        message.at.isoformat() if message.at else "", "sent" if message.sent else "received", message.party,
        message.text, message.status, str(message.parts), _row(map(str, message.missing)), message.data.hex(" "),
        message.centre, _row(map(str, message.records)), message.damaged, message.application,
    )  # fmt: skip


def _call(call: Call) -> tuple[str, ...]:
    answered = {True: "yes", False: "no", None: ""}[call.answered]
    return (
        call.at.isoformat() if call.at else "", "received" if call.received else "made", call.name, call.number, answered,
        "" if call.seconds is None else str(call.seconds), call.file, str(call.record), call.application, call.damaged,
    )  # fmt: skip


def _row(values: Iterable[str]) -> str:
    return ", ".join(values)


def _sheet(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], parted_by: str) -> bytes:
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=parted_by, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return made.getvalue().encode("utf-8-sig")


def cell(text: str) -> str:
    """``text`` as a spreadsheet may have it."""
    shown = readable(text)
    if _PLAIN_NUMBER.fullmatch(shown):
        return shown
    risky = _DIGITS.fullmatch(shown) or shown[:1].isspace() or shown.startswith(_STARTS)
    guarded = _WITHIN.sub(r"\1'", shown)
    return f"'{guarded}" if risky else guarded
