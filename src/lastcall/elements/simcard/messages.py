"""The messages of a card: EF_SMS, and what of it is counted (3GPP TS 51.011, 10.5.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from lastcall.core.simcard.card import Message

from .coding.joining import join
from .coding.tpdu import decode_sms_record
from .linear import Records

WORDS: Final = "messages"
_BLANK: Final = frozenset({0xFF})


def messages(records: Records, *, deleted: bool, application: str = "") -> tuple[Message, ...]:
    """Joined from their parts; ``deleted``: also those whose place is free and whose text still lies there; ``application``: as in
    :class:`Message`."""
    placed = [(number, decode_sms_record(raw)) for number, raw in records.raw.items() if not _BLANK.issuperset(raw)]
    joined = join([(number, record) for number, record in placed if deleted or not record.free])
    return tuple(replace(message, application=application) for message in joined) if application else joined


def other_than(known: Iterable[Message], found: Iterable[Message]) -> list[Message]:
    """Those of ``found`` that are not among the ``known`` ones of another file."""
    there = set(map(_said, known))
    return [message for message in found if _said(message) not in there]


def _said(message: Message) -> Message:
    # A draft of two applications has no time that would tell whether it is one.
    return replace(message, records=(), application="" if message.at is not None else message.application)


def used(records: Records) -> int:
    """How many places are taken."""
    return sum(not _BLANK.issuperset(raw) and bool(raw[0] & 1) for raw in records.raw.values())
