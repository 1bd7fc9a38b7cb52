"""No bytes whatever make a decoder raise, grow without bound, or hand a control character to the reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from lastcall.elements.simcard.coding import alpha, digits, records, septets
from lastcall.elements.simcard.coding.calls import decode_call
from lastcall.elements.simcard.coding.joining import join
from lastcall.elements.simcard.coding.sms import SmsRecord
from lastcall.elements.simcard.coding.tpdu import decode_sms_record
from tests.elements.simcard.coding.signs import STEERING
from tests.elements.simcard.coding.writing.calls import encode_call
from tests.elements.simcard.coding.writing.messages import encode_deliver, encode_submit
from tests.elements.simcard.coding.writing.records import (
    encode_anr,
    encode_extension,
    encode_named,
    encode_number_record,
    encode_pbr,
)
from tests.fuzzing import fuzzed

NOW: Final = datetime(2026, 1, 12, 12, 0, tzinfo=timezone(timedelta(hours=3)))

DECODERS: Final[dict[str, Callable[[bytes], object]]] = {
    "alpha": alpha.decode,
    "iccid": digits.iccid,
    "imsi": digits.imsi,
    "dialled": lambda raw: digits.dialled(raw[0] if raw else 0, raw[1:]),
    "half_octets": lambda raw: digits.dialled(raw[0] if raw else 0, raw[2:], half_octets=raw[1] if len(raw) > 1 else 0),
    "number": records.decode_number_record,
    "extension": records.decode_extension,
    "anr": records.decode_anr,
    "name": lambda raw: records.decode_named(raw, indexed=False),
    "indexed": lambda raw: records.decode_named(raw, indexed=True),
    "label": records.decode_label,
    "groups": records.decode_groups,
    "received call": lambda raw: decode_call(raw, received=True),
    "made call": lambda raw: decode_call(raw, received=False),
    "iap": records.decode_iap,
    "pbr": records.decode_pbr,
    "septets": lambda raw: septets.decode(raw, locking=len(raw) % 16, single=len(raw) % 15),
    "message": decode_sms_record,
    "messages": lambda raw: join([(number, decode_sms_record(raw[number:])) for number in range(4)]),
}
DAMAGE: Final = re.compile(r"[A-Za-z0-9 ().,:;'-]*")

VALID: Final[tuple[bytes, ...]] = (
    encode_number_record("Anna", "+79990000002", room_alpha=14),
    encode_number_record("李伟", "12345678901234567890", room_alpha=14, extension=1),
    encode_number_record("Анна Петрова", "*100#", room_alpha=15),
    encode_number_record("Ж" * 8, "112", room_alpha=11),
    encode_extension("12345678901234567890", following=2),
    encode_anr("+79990000002", label=1, entry=(1, 7)),
    encode_named("anna@petrova.example", room=30, entry=(1, 7)),
    encode_pbr(
        (
            records.BookFile(type=1, kind="ADN", file_id=0x4F3A, sfi=1),
            records.BookFile(type=2, kind="EMAIL", file_id=0x4F50),
            records.BookFile(type=3, kind="EXT1", file_id=0x4F4A, sfi=2),
        ),
        room=60,
    ),
    encode_call("李娜", "+79990000002", room_alpha=14, at=NOW, seconds=61, answered=True),
    encode_call("Anna", "", room_alpha=14, at=NOW.replace(tzinfo=None), seconds=None),
    *encode_deliver("Здравствуйте! " * 12, party="+79990000002", at=NOW, centre="+79990000009"),
    *encode_deliver("hello [€] " * 30, party="Lastcall", at=NOW, wide=True, ports=(2948, 9200)),
    *encode_deliver("ŞİĞ şıç", party="900", at=NOW, locking=1, single=1),
    *encode_submit("🙂 李伟", party="+79990000001", validity=b"\xa7"),
    *encode_submit(party="9001", data=bytes(range(200)), validity=bytes(7)),
    bytes.fromhex("010006000681214365919061800000639190618000006300").ljust(176, b"\xff"),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid record with some bytes changed, taken out, put in, or its end cut off."""
    raw = bytearray(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(0, len(raw) - 1)))
        match draw(st.sampled_from(["change", "change", "change", "take", "put", "cut"])):
            case "change" if raw:
                raw[place] = draw(
                    st.one_of(st.integers(0, 255), st.sampled_from([0x00, 0x1B, 0x7F, 0x80, 0x81, 0x82, 0xFF]))
                )
            case "take":
                del raw[place : place + 1]
            case "put":
                raw[place:place] = draw(st.binary(max_size=4))
            case "cut":
                del raw[place:]
    return bytes(raw)


def texts_of(value: object) -> list[tuple[str, str]]:
    """Every text in what a decoder gave, with the name of its field."""
    if is_dataclass(value):
        read: list[tuple[str, Any]] = [(field.name, getattr(value, field.name)) for field in fields(value)]
        return [text for name, item in read for text in ([(name, item)] if isinstance(item, str) else texts_of(item))]
    if isinstance(value, (tuple, list)):
        return [text for item in value for text in texts_of(item)]
    return [("text", value)] if isinstance(value, str) else []


def check(value: object, raw: bytes) -> None:
    """What holds of everything that is read."""
    for name, text in texts_of(value):
        assert not STEERING.search(text)
        if name == "damaged":
            assert DAMAGE.fullmatch(text)
            assert len(text) < 600
        else:
            assert len(text) <= 4 * len(raw) + 100
            assert name == "text" or "\n" not in text
    if isinstance(value, SmsRecord):
        assert 1 <= value.part <= value.parts <= 255
        assert len(value.data) <= 140


def read_by_all(raw: bytes) -> None:
    """Every decoder on the same bytes; which one it was is said when it fails."""
    for name, decode in DECODERS.items():
        note(name)
        check(decode(raw), raw)


@fuzzed(400)
@given(st.binary(max_size=300))
def test_any_bytes_are_read(raw: bytes) -> None:
    read_by_all(raw)


@fuzzed(800)
@given(mutated())
def test_any_record_gone_wrong_is_read(raw: bytes) -> None:
    read_by_all(raw)


@fuzzed(100)
@given(st.lists(mutated(), max_size=12))
def test_no_record_gone_wrong_is_lost_or_told_twice(raws: list[bytes]) -> None:
    placed = [(number, decode_sms_record(raw)) for number, raw in enumerate(raws, start=1)]
    messages = join(placed)
    told = sorted(number for message in messages for number in message.records)
    assert told == [number for number, record in placed if not record.blank]
    for message in messages:
        check(message, b"".join(raws))
        assert len(message.records) + len(message.missing) == message.parts


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("octet", [0x00, 0x1B, 0x45, 0x80, 0xA8, 0xEE])
def test_much_is_read_as_quickly_as_little_for_its_size(decoder: str, octet: int) -> None:
    """A hundred thousand bytes: whatever grew with the square of them would not come to an end."""
    raw = bytes([octet]) * 100_000
    check(DECODERS[decoder](raw), raw)


def test_nothing_of_a_record_is_said_in_its_damage() -> None:
    """Damage goes into notes and logs; names, numbers and texts do not."""
    secret = encode_number_record("Anna", "+79990000002", room_alpha=6)
    broken = secret[:4] + b"\x80\x1b" + bytes([0x0F]) + secret[7:]
    damaged = records.decode_number_record(broken).damaged
    assert damaged
    assert "Anna" not in damaged
    assert "7999" not in damaged
