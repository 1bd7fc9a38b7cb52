"""A record of EF_ICI or EF_OCI: a call received or made (3GPP TS 31.102, 4.2.33 and 4.2.34)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lastcall.elements.simcard.coding.records import decode_number_record
from lastcall.elements.simcard.coding.shown import listed
from lastcall.elements.simcard.coding.sms import read_time

RECEIVED_TRAILER: Final = 14
"""Time (7), duration (3), status (1) and a link to the phone book (3), behind a record as EF_ADN has it."""
MADE_TRAILER: Final = 13
"""The same without a status."""

_NUMBER: Final = 14
_TIME: Final = 7
_BLANK: Final = (0x00, 0xFF)
_ANSWERED: Final = 0x01
_UNKNOWN: Final = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """``name``, ``number``, ``extension`` (of EF_EXT5) and ``empty``: as
    :class:`~lastcall.elements.simcard.coding.records.NumberRecord`; ``at``, ``seconds`` and ``answered``: as
    :class:`lastcall.core.simcard.card.Call`."""

    name: str = ""
    number: str = ""
    extension: int = 0
    at: datetime | None = None
    seconds: int | None = None
    answered: bool | None = None
    empty: bool = False
    damaged: str = ""


def decode_call(raw: bytes, *, received: bool) -> CallRecord:
    """``received``: of EF_ICI, else of EF_OCI. A call whose number was withheld has a time alone.

    Damaged: what is cut short, a time that is none, and what the name and the number say of themselves.
    """
    trailer = RECEIVED_TRAILER if received else MADE_TRAILER
    if raw and all(octet in _BLANK for octet in raw):
        return CallRecord(empty=True)
    if len(raw) < _NUMBER + trailer:
        return CallRecord(damaged="cut short")
    head, details = raw[:-trailer], raw[-trailer:]
    party = decode_number_record(head)
    at, no_time = call_time(details[:_TIME])
    seconds = _seconds(details[_TIME : _TIME + 3])
    answered = _answered(details[_TIME + 3], seconds) if received else None
    return CallRecord(
        name=party.name, number=party.number, extension=party.extension, at=at, seconds=seconds, answered=answered,
        empty=party.empty and at is None and not seconds and not no_time, damaged=listed(party.damaged, no_time),
    )  # fmt: skip


def call_time(octets: bytes) -> tuple[datetime | None, str]:
    """The time, as TP-SCTS (TS 23.040, 9.2.3.11), and what of it is no time. Without an offset where that is ``FF``; None where
    nothing is set."""
    if len(set(octets)) == 1 and octets[0] in _BLANK:
        return None, ""
    if octets[-1] == _UNKNOWN:
        at = read_time(octets[:-1] + b"\x00")
        return (None, "its time is none") if at is None else (at.replace(tzinfo=None), "")
    at = read_time(octets)
    return at, "" if at else "its time is none"


def _seconds(octets: bytes) -> int | None:
    return None if octets == b"\xff\xff\xff" else int.from_bytes(octets, "big")


def _answered(status: int, seconds: int | None) -> bool | None:
    """Whoever has spoken has answered, whatever the telephone wrote of it. That a last bit of 0 means not answered is not confirmed
    (the free decoders that we know show the octet as it is): it is believed only of a call that lasted no time, else it is not
    known."""
    if seconds:
        return True
    return False if seconds == 0 and not status & _ANSWERED else None


def cut(record: CallRecord, words: str) -> CallRecord:
    """The record, which came cut short, with ``words`` that say so."""
    return replace(record, damaged=listed(words, record.damaged))
