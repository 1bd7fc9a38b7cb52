"""Records of lists of numbers (TS 51.011, 10.5) and of a USIM's phone book (TS 31.102, 4.4.2)."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.coding import records
from lastcall.elements.simcard.coding.records import BookFile, Extension
from tests.elements.simcard.coding.signs import dialled_numbers, some_text
from tests.elements.simcard.coding.writing.records import (
    encode_anr,
    encode_extension,
    encode_named,
    encode_number_record,
    encode_pbr,
    split_number,
)

VOICE_MAIL = "566F696365204D61696C"


@pytest.mark.parametrize(
    ("raw", "name", "number"),
    [
        (VOICE_MAIL + "07918150367742F3FFFFFFFFFFFF", "Voice Mail", "+18056377243"),
        (VOICE_MAIL + "07FF8150367742F3FFFFFFFFFFFF", "Voice Mail", "18056377243"),
        (VOICE_MAIL + "07818150367742F3FFFFFFFFFFFF", "Voice Mail", "18056377243"),
        (VOICE_MAIL + "00918150367742F3FFFFFFFFFFFF", "Voice Mail", ""),
        ("437573746F6D65722043617265FFFFFF07818100398799F7FFFFFFFFFFFF", "Customer Care", "18009378997"),
        ("810101C1FFFFFFFFFFFFFFFFFFFFFFFF068114455245F8FFFFFFFFFFFFFF", "Á", "415425548"),
    ],
    ids=count(1),
)
def test_a_record_is_read_as_other_implementations_read_it(raw: str, name: str, number: str) -> None:
    """Vectors of Android."""
    record = records.decode_number_record(bytes.fromhex(raw))
    assert (record.name, record.number, record.damaged, record.empty) == (name, number, "", False)
    assert (record.capability, record.extension) == (records.NONE, 0)


def test_a_long_number_goes_on_in_an_extension() -> None:
    """A vector of Android."""
    record = records.decode_number_record(bytes.fromhex("4164676A6DFFFFFFFFFFFFFFFFFFFFFF0B918188551512C221436587FF01"))
    extension = records.decode_extension(bytes.fromhex("0206092143658709FFFFFFFFFF"))
    assert (record.name, record.extension) == ("Adgjm", 1)
    assert record.number + extension.digits == "+18885551212p12345678901234567890"
    assert extension == Extension(kind="digits", digits="901234567890")


@pytest.mark.parametrize("empty", [b"\xff" * 24, b"\xff" * 14, b"\0" * 24])
def test_a_record_with_nothing_in_it_is_empty(empty: bytes) -> None:
    record = records.decode_number_record(empty)
    assert record.empty
    assert not record.damaged


def test_a_record_whose_number_was_left_behind_is_empty() -> None:
    record = records.decode_number_record(b"\xff" * 10 + bytes.fromhex("FFFF8150367742F3FFFFFFFFFFFF"))
    assert record.empty


@pytest.mark.parametrize("raw", [b"", b"\x41", bytes.fromhex(VOICE_MAIL)])
def test_a_record_cut_short_is_damaged(raw: bytes) -> None:
    assert records.decode_number_record(raw).damaged == "cut short"


def test_an_impossible_length_is_said_and_the_number_read() -> None:
    record = records.decode_number_record(bytes.fromhex(VOICE_MAIL + "0F918150367742F3FFFFFFFFFFFF"))
    assert record.number == "+18056377243"
    assert record.damaged == "number: the length of the number is impossible"


def test_what_is_damaged_in_the_name_and_in_the_number_is_said_of_each() -> None:
    record = records.decode_number_record(bytes.fromhex("41801B" + "0781E150367742F3FFFFFFFFFFFF"))
    assert record.damaged == (
        "name: a sign that its alphabet does not have; name: it ends within a sign; number: digits without a meaning"
    )


@given(some_text, st.one_of(st.just(""), dialled_numbers), st.integers(0, 60), st.integers(1, 255))
def test_a_record_survives(name: str, number: str, spare: int, extension: int) -> None:
    room = min(241, 1 + 2 * len(name.encode("utf-16-be")) // 2 + spare)
    raw = encode_number_record(name, number, room_alpha=room, extension=extension)
    record = records.decode_number_record(raw)
    assert len(raw) == room + 14
    assert (record.name, record.number, record.damaged) == (name, number, "")
    assert record.extension == (0 if extension == records.NONE else extension)
    assert record.empty == (not name and not number)


@given(
    st.from_regex(r"\+?[0-9*#p]{1,200}", fullmatch=True).filter(lambda number: number[0] != "+" or number[1].isdigit())
)
def test_a_number_of_any_length_survives_in_extensions(number: str) -> None:
    first, *more = split_number(number)
    written = [encode_number_record("Anna", first, room_alpha=10, extension=1 if more else records.NONE)]
    for at, part in enumerate(more, start=2):
        written.append(encode_extension(part, following=at if at <= len(more) else records.NONE))
    record, extensions = (
        records.decode_number_record(written[0]),
        [records.decode_extension(raw) for raw in written[1:]],
    )
    assert record.number + "".join(extension.digits for extension in extensions) == number
    assert [extension.next for extension in extensions] == [*range(2, len(more) + 1), 0][-len(more) or 1 :]
    assert not any(extension.damaged for extension in extensions)


@pytest.mark.parametrize(
    ("raw", "extension"),
    [
        ("FF" * 13, Extension(kind="none")),
        ("00" * 13, Extension(kind="none")),
        ("0106092143658709FFFFFFFF07", Extension(kind="subaddress", next=7)),
        (
            "020B092143658709FFFFFFFFFF",
            Extension(kind="digits", digits="901234567890", damaged="the length of the number is impossible"),
        ),
        ("0706092143658709FFFFFFFFFF", Extension(kind="none", damaged="an extension of no known kind")),
        ("0206", Extension(kind="none", damaged="cut short")),
    ],
    ids=count(1),
)
def test_an_extension_that_is_no_further_number_is_named(raw: str, extension: Extension) -> None:
    assert records.decode_extension(bytes.fromhex(raw)) == extension


@given(dialled_numbers, st.integers(0, 254), st.one_of(st.none(), st.tuples(st.integers(0, 30), st.integers(1, 254))))
def test_another_number_survives(number: str, label: int, entry: tuple[int, int] | None) -> None:
    raw = encode_anr(number, label=label, entry=entry)
    read = records.decode_anr(raw)
    assert len(raw) == (17 if entry else 15)
    assert (read.number, read.label, read.entry, read.empty, read.damaged) == (
        number,
        label,
        entry[1] if entry else 0,
        False,
        "",
    )


def test_an_empty_and_a_cut_record_of_another_number_are_told_apart() -> None:
    assert records.decode_anr(b"\xff" * 15).empty
    assert records.decode_anr(b"\x01\x03\x81\x21").damaged == "cut short"


@given(some_text, st.one_of(st.none(), st.tuples(st.integers(0, 30), st.integers(1, 254))))
def test_a_second_name_and_an_address_survive(text: str, entry: tuple[int, int] | None) -> None:
    raw = encode_named(text, room=242, entry=entry)
    read = records.decode_named(raw, indexed=entry is not None)
    assert (read.text, read.entry, read.damaged, read.empty) == (text, entry[1] if entry else 0, "", not text)


def test_an_address_in_the_gsm_alphabet_is_read() -> None:
    assert (
        records.decode_named(b"anna\x00petrova.example\xff\xff\xff\x01\x02", indexed=True).text
        == "anna@petrova.example"
    )
    assert records.decode_named(b"\x01", indexed=True).damaged == "cut short"


def test_groups_and_labels_and_pointers_are_read() -> None:
    assert records.decode_groups(b"\x01\x00\x03\x03\xff") == (1, 3)
    assert records.decode_iap(b"\x05\xff\x02") == (5, 0, 2)
    assert records.decode_label(b"\x80\x04\x14\x04\x3e\x04\x3c\xff\xff").text == "Дом"


PHONE_BOOK = (
    "A8 14 C0 03 4F3A 01 C5 03 4F09 02 C6 03 4F26 03 C1 03 4F25 04"
    "A9 0A CA 03 4F50 0A C4 03 4F11 0B"
    "AA 10 C2 03 4F4A 05 C7 02 4F4B C8 02 4F4C CB 01 00 FFFF"
)


def test_the_files_of_a_phone_book_are_read_in_their_order() -> None:
    """TS 31.102, 4.4.2.1; a file without identifier is left out."""
    assert records.decode_pbr(bytes.fromhex(PHONE_BOOK)) == (
        BookFile(type=1, kind="ADN", file_id=0x4F3A, sfi=1),
        BookFile(type=1, kind="PBC", file_id=0x4F09, sfi=2),
        BookFile(type=1, kind="GRP", file_id=0x4F26, sfi=3),
        BookFile(type=1, kind="IAP", file_id=0x4F25, sfi=4),
        BookFile(type=2, kind="EMAIL", file_id=0x4F50, sfi=10),
        BookFile(type=2, kind="ANR", file_id=0x4F11, sfi=11),
        BookFile(type=3, kind="EXT1", file_id=0x4F4A, sfi=5),
        BookFile(type=3, kind="AAS", file_id=0x4F4B),
        BookFile(type=3, kind="GAS", file_id=0x4F4C),
    )


def test_files_of_an_unknown_kind_and_foreign_templates_do_not_hide_the_others() -> None:
    read = records.decode_pbr(bytes.fromhex("A0020102 A80A D9034F77 01C0034F3A02 FF"))
    assert [(file.kind, file.file_id) for file in read] == [("?", 0x4F77), ("ADN", 0x4F3A)]


def test_a_phone_book_cut_short_gives_the_files_before() -> None:
    raw = bytes.fromhex(PHONE_BOOK)
    assert [file.kind for file in records.decode_pbr(raw[:9])] == ["ADN"]
    assert records.decode_pbr(b"") == ()


book_files = st.builds(
    BookFile,
    type=st.sampled_from([1, 2, 3]),
    kind=st.sampled_from(sorted(records.BOOK_KINDS.values())),
    file_id=st.integers(0x4F00, 0x4FFF),
    sfi=st.one_of(st.none(), st.integers(1, 30)),
)


@given(st.lists(book_files, max_size=12))
def test_a_phone_book_survives(files: list[BookFile]) -> None:
    raw = encode_pbr(tuple(files), room=90)
    assert records.decode_pbr(raw) == tuple(sorted(files, key=lambda file: file.type))
