"""Calls received and made (TS 31.102, 4.2.33 and 4.2.34)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.coding.calls import CallRecord, decode_call

from .signs import dialled_numbers, some_text, times
from .writing.calls import encode_call

MOSCOW = timezone(timedelta(hours=3))
AT = datetime(2025, 12, 9, 18, 40, 30, tzinfo=MOSCOW)
NUMBER = bytes.fromhex("07919734000000F4") + b"\xff" * 6
"""+79430000004 and no extension, as EF_ADN has it."""
TIME = bytes.fromhex("52219081040321")
moments = st.one_of(st.none(), times, times.map(lambda at: at.replace(tzinfo=None)))
lasting = st.one_of(st.none(), st.integers(0, 0xFFFFFE))


@given(some_text, dialled_numbers, moments, lasting, st.booleans())
def test_a_received_call_survives(
    name: str, number: str, at: datetime | None, seconds: int | None, answered: bool
) -> None:
    raw = encode_call(name, number, room_alpha=242, at=at, seconds=seconds, answered=answered)
    read = decode_call(raw, received=True)
    assert (read.name, read.number, read.at, read.seconds, read.damaged) == (name, number, at, seconds, "")
    assert read.answered is (True if seconds else None if answered or seconds is None else False)
    assert (read.at and read.at.utcoffset()) == (at and at.utcoffset())


@given(some_text, dialled_numbers, moments, lasting)
def test_a_call_that_was_made_survives(name: str, number: str, at: datetime | None, seconds: int | None) -> None:
    read = decode_call(encode_call(name, number, room_alpha=242, at=at, seconds=seconds), received=False)
    assert (read.name, read.number, read.at, read.seconds) == (name, number, at, seconds)
    assert (read.answered, read.empty, read.damaged) == (None, False, "")


def test_a_record_is_read_octet_by_octet() -> None:
    raw = b"Anna" + NUMBER + bytes.fromhex("52219081040321") + bytes.fromhex("00002A") + b"\x01" + b"\xff" * 3
    assert decode_call(raw, received=True) == CallRecord(
        name="Anna", number="+79430000004", at=datetime(2025, 12, 9, 18, 40, 30, tzinfo=timezone(timedelta(hours=3))),
        seconds=42, answered=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff" * 46,
        b"\x00" * 46,
        b"\xff" * 39 + bytes.fromhex("0000000001FFFF"),
        b"\xff" * 32 + b"\x00" * 7 + bytes.fromhex("0000000001FFFF"),
    ],
    ids=["never written", "wiped", "from the factory", "from another factory"],
)
def test_a_record_with_nothing_in_it_is_empty(raw: bytes) -> None:
    assert decode_call(raw, received=True).empty
    assert decode_call(raw[:-1], received=False).empty


def test_of_a_call_whose_number_was_withheld_the_time_is_kept() -> None:
    read = decode_call(b"\xff" * 18 + TIME + bytes.fromhex("00002A01FFFFFF"), received=True)
    assert (read.number, read.seconds, read.answered, read.empty) == ("", 42, True, False)
    assert read.at is not None


@pytest.mark.parametrize(
    ("seconds", "status", "answered"),
    [("000000", "00", False), ("000000", "01", None), ("FFFFFF", "01", None), ("FFFFFF", "00", None),
     ("00002A", "00", True), ("FFFFFF", "FF", None), ("000000", "FE", False)],
)  # fmt: skip
def test_whether_it_was_answered(seconds: str, status: str, answered: bool | None) -> None:
    """Who has spoken has answered; the last bit of the status alone is believed only of a call that lasted no time."""
    raw = NUMBER + TIME + bytes.fromhex(seconds + status) + b"\xff" * 3
    assert decode_call(raw, received=True).answered is answered


@pytest.mark.parametrize("octets", ["52319081040321", "FFFFFFFFFFFF21", "522190810403A1", "520000810403FF"])
def test_a_time_that_is_none_is_said(octets: str) -> None:
    read = decode_call(NUMBER + bytes.fromhex(octets) + b"\xff" * 7, received=True)
    assert (read.at, read.damaged, read.number) == (None, "its time is none", "+79430000004")


@pytest.mark.parametrize("length", [1, 14, 27])
def test_a_record_cut_short_is_damaged(length: int) -> None:
    assert decode_call((NUMBER + TIME + b"\x01" * 7)[:length], received=True).damaged == "cut short"
