"""The parts of a message joined, whatever order and company they lie in (TS 23.040, 9.2.3.24.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.coding.joining import join
from lastcall.elements.simcard.coding.sms import SmsRecord
from lastcall.elements.simcard.coding.tpdu import decode_sms_record
from tests.elements.simcard.coding.writing.messages import encode_deliver, encode_submit

NOW: Final = datetime(2026, 1, 12, 12, 0, tzinfo=timezone(timedelta(hours=3)))
ANNA: Final = "+79990000002"
LONG: Final = "Здравствуйте! " * 12


def read(raw: Sequence[bytes]) -> list[SmsRecord]:
    return [decode_sms_record(record) for record in raw]


def placed(*records: SmsRecord) -> list[tuple[int, SmsRecord]]:
    return list(enumerate(records, start=1))


def test_parts_are_joined_in_their_order() -> None:
    first, second, third = read(encode_deliver(LONG, party=ANNA, at=NOW, reference=7, centre="+79990000009"))
    (message,) = join([(4, third), (9, first), (2, second)])
    assert message.records == (9, 2, 4)
    assert (message.text, message.party, message.centre, message.at) == (LONG, ANNA, "+79990000009", NOW)
    assert (message.parts, message.missing, message.damaged, message.sent) == (3, (), "", False)


def test_a_missing_part_is_named_and_its_gap_is_seen() -> None:
    first, _, third = read(encode_deliver(LONG, party=ANNA, at=NOW))
    (message,) = join(placed(third, first))
    assert message.missing == (2,)
    assert message.text == f"{first.text} […] {third.text}"


def test_a_part_alone_is_a_message_with_the_others_missing() -> None:
    _, second, _ = read(encode_submit(LONG, party=ANNA))
    (message,) = join(placed(second))
    assert (message.missing, message.parts, message.sent, message.at, message.text) == (
        (1, 3),
        3,
        True,
        None,
        second.text,
    )


def test_a_part_twice_begins_another_message() -> None:
    first, second, third = read(encode_deliver(LONG, party=ANNA, at=NOW))
    messages = join(placed(first, second, third, second))
    assert [(message.text, message.missing) for message in messages] == [(LONG, ()), (second.text, (1, 3))]


def test_messages_of_one_reference_from_two_people_stay_apart() -> None:
    mine, theirs = (
        read(encode_deliver(LONG, party=ANNA, at=NOW)),
        read(encode_deliver(LONG, party="+79990000003", at=NOW)),
    )
    messages = join(placed(mine[0], theirs[1], theirs[0], mine[1], mine[2], theirs[2]))
    assert sorted(message.party for message in messages) == [ANNA, "+79990000003"]
    assert all(message.text == LONG for message in messages)


def test_messages_of_one_reference_on_two_days_stay_apart() -> None:
    early = read(encode_deliver(LONG, party=ANNA, at=NOW))
    late = read(encode_deliver(LONG.upper(), party=ANNA, at=NOW + timedelta(days=3)))
    messages = join(placed(late[0], early[2], early[0], late[2]))
    assert [message.missing for message in messages] == [(2,), (2,)]
    assert [message.at for message in messages] == [NOW, NOW + timedelta(days=3)]


def test_messages_of_one_reference_minutes_apart_take_the_nearest_parts() -> None:
    early = [
        replace(record, at=NOW + timedelta(seconds=at))
        for at, record in enumerate(read(encode_deliver(LONG, party=ANNA, at=NOW)))
    ]
    late = [
        replace(record, at=NOW + timedelta(minutes=5, seconds=at))
        for at, record in enumerate(read(encode_deliver(LONG.upper(), party=ANNA, at=NOW)))
    ]
    messages = join(placed(early[0], late[1], late[2], late[0], early[2], early[1]))
    assert [message.text for message in messages] == [LONG, LONG.upper()]


def test_deleted_parts_and_sent_parts_do_not_mend_a_message() -> None:
    first, second, third = read(encode_deliver(LONG, party=ANNA, at=NOW))
    messages = join(placed(first, replace(second, free=True, status="deleted"), replace(third, sent=True)))
    assert sorted(message.missing for message in messages) == [(1, 2), (1, 3), (2, 3)]


def test_a_surrogate_pair_cut_apart_by_a_telephone_is_mended() -> None:
    """The text is split in the middle of the emoji; each part alone reads without half a character."""
    units = "Привет 🙂!".encode("utf-16-be")
    whole = read(encode_deliver("а" * 71, party=ANNA, at=NOW))
    parts = [_with_units(record, part) for record, part in zip(whole, (units[:16], units[16:]), strict=True)]
    assert [part.text for part in parts] == ["Привет ", "!"]
    (message,) = join(placed(*parts))
    assert (message.text, message.damaged) == ("Привет 🙂!", "")


def test_half_a_surrogate_pair_whose_other_half_is_missing_is_said() -> None:
    whole = read(encode_deliver("а" * 71, party=ANNA, at=NOW))
    (message,) = join(placed(_with_units(whole[0], "Привет 🙂".encode("utf-16-be")[:16])))
    assert message.text == "Привет \ufffd"
    assert message.damaged == "something that is no character"


def test_an_unread_part_makes_the_message_unread() -> None:
    first, second, third = read(encode_deliver(LONG, party=ANNA, at=NOW))
    (message,) = join(placed(first, second, replace(third, status="unread")))
    assert message.status == "unread"


def test_damage_says_in_which_part_it_is() -> None:
    first, second, third = read(encode_deliver(LONG, party=ANNA, at=NOW))
    (message,) = join(placed(first, replace(second, damaged="cut short; its time is none"), third))
    assert message.damaged == "part 2: cut short; part 2: its time is none"


def test_octets_of_an_application_are_joined() -> None:
    (message,) = join(placed(*reversed(read(encode_deliver(party="9001", at=NOW, data=bytes(range(256)))))))
    assert (message.data, message.text) == (bytes(range(256)), "")


def test_a_report_on_delivery_says_what_it_is() -> None:
    report = decode_sms_record(bytes.fromhex("010006000681214365919061800000639190618000006300"))
    (message,) = join(placed(report))
    assert (message.party, message.text, message.damaged) == ("123456", "", "a report on delivery, not a text")


def test_messages_are_in_the_order_of_their_time_and_those_without_one_last() -> None:
    late, early = (read(encode_deliver("a", party=ANNA, at=NOW + timedelta(hours=hours))) for hours in (5, 1))
    sent, draft = read(encode_submit("b", party=ANNA)), read(encode_submit("c", party=ANNA, status="to_be_sent"))
    messages = join(placed(*draft, *late, *sent, *early))
    assert [message.records for message in messages] == [(4,), (2,), (1,), (3,)]
    assert [message.status for message in messages] == ["read", "read", "to_be_sent", "sent"]


def test_blank_records_are_no_messages() -> None:
    assert join(placed(decode_sms_record(b"\0" + b"\xff" * 175))) == ()
    assert join([]) == ()


long_texts = st.one_of(
    st.text("abc €[", min_size=100, max_size=700),
    st.text("Привет, 李伟🙂", min_size=50, max_size=400),
    st.text("hi", max_size=9),
)


@given(st.lists(st.tuples(long_texts, st.integers(0, 3), st.booleans()), max_size=4), st.randoms(use_true_random=False))
def test_any_messages_shuffled_are_joined_again(said: list[tuple[str, int, bool]], chance: object) -> None:
    """Of one person each, so that none can be taken for another's."""
    records: list[SmsRecord] = []
    for place, (text, reference, sent) in enumerate(said):
        party = f"+7999000001{place}"
        raw = (
            encode_submit(text, party=party, reference=reference)
            if sent
            else encode_deliver(text, party=party, at=NOW, reference=reference)
        )
        records += read(raw)
    chance.shuffle(records)  # type: ignore[attr-defined]
    messages = join(placed(*records))
    assert sorted((message.party, message.text, message.missing, message.damaged) for message in messages) == [
        (f"+7999000001{place}", text, (), "") for place, (text, _, _) in enumerate(said)
    ]


def _with_units(record: SmsRecord, units: bytes) -> SmsRecord:
    """The same part with another text in UCS-2, written into its record as a telephone would."""
    (raw,) = encode_deliver("x", party=record.party, at=NOW, coding="ucs2")
    start = raw.index(b"\x02\x00x")
    header = bytes([5, 0, 3, record.reference or 0, record.parts, record.part])
    body = bytes([len(header) + len(units)]) + header + units
    headed = bytearray((raw[:start] + body).ljust(176, b"\xff"))
    headed[2] |= 0x40
    return decode_sms_record(bytes(headed))
