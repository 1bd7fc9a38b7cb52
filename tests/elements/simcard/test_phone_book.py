"""The phone book of a USIM through EF_PBR (3GPP TS 31.102, 4.4.2): files beside the entries, by index, by record number."""

from __future__ import annotations

import pytest

from lastcall.core.simcard.card import Room
from lastcall.elements.simcard import reading
from lastcall.elements.simcard.coding.records import BookFile

from .books import ADN, EXT1, adn, book, pbr, records
from .coding.writing.records import encode_anr, encode_extension, encode_named, encode_pbr
from .reading import contacts, file, read, usim

LABELS = BookFile(type=3, kind="AAS", file_id=0x4F4B)
PEOPLE = (("Li Wei", "+8615400010001", 0xFF), ("Анна", "89430001004", 0xFF), ("", "112", 0xFF))


def test_files_of_type_one_stand_beside_the_entries() -> None:
    files = (
        ADN,
        BookFile(type=1, kind="SNE", file_id=0x4F19),
        BookFile(type=1, kind="ANR", file_id=0x4F11),
        BookFile(type=1, kind="EMAIL", file_id=0x4F50),
    )
    card = book(
        pbr(files),
        adn(*PEOPLE),
        records(0x4F19, [encode_named("李伟", room=16)], places=5, length=16),
        records(0x4F11, [b"\xff" * 15, encode_anr("+79430000222")], places=5, length=15),
        records(0x4F50, [encode_named("li@example.org", room=30)], places=5, length=30),
    )
    found = read(card)
    assert [(line.name, line.numbers, line.second_name, line.mails) for line in found.of("phone_book")] == [
        ("Li Wei", ("+8615400010001",), "李伟", ("li@example.org",)),
        ("Анна", ("89430001004", "+79430000222"), "", ()),
        ("", ("112",), "", ()),
    ]
    assert {line.file for line in found.entries} == {"7FFF/5F3A/4F3A"}
    assert found.notes == ()


def test_additional_numbers_are_called_by_their_labels() -> None:
    files = (ADN, BookFile(type=1, kind="ANR", file_id=0x4F11), BookFile(type=1, kind="ANR", file_id=0x4F12), LABELS)
    card = book(
        pbr(files),
        adn(*PEOPLE),
        records(
            0x4F11, [encode_anr("0611", label=2), encode_anr("0612"), encode_anr("0613", label=9)], places=5, length=15
        ),
        records(0x4F12, [encode_anr("0621", label=1), encode_anr("0622", label=1)], places=5, length=15),
        records(0x4F4B, [encode_named("Дом", room=12), encode_named("工作", room=12)], places=5, length=12),
    )
    found = read(card)
    assert [(line.numbers[1:], line.labels) for line in found.of("phone_book")] == [
        (("0611", "0621"), ("", "工作", "Дом")), (("0612", "0622"), ("", "", "Дом")), (("0613",), ()),
    ]  # fmt: skip
    assert found.of("phone_book")[0].labelled() == (("+8615400010001", ""), ("0611", "工作"), ("0621", "Дом"))
    assert (found.notes, card.seen.count("SELECT 4F4B")) == ((), 2)


def test_labels_of_which_none_is_used_are_not_read() -> None:
    card = book(
        pbr((ADN, BookFile(type=1, kind="ANR", file_id=0x4F11), LABELS)),
        adn(*PEOPLE),
        records(0x4F11, [encode_anr("0611")], places=5, length=15),
        records(0x4F4B, [encode_named("Home", room=12)], places=5, length=12),
    )
    assert [line.labels for line in read(card).of("phone_book")] == [(), (), ()]
    assert "SELECT 4F4B" not in card.seen


def test_labels_that_the_card_names_and_does_not_have_cost_no_number() -> None:
    card = book(
        pbr((ADN, BookFile(type=1, kind="ANR", file_id=0x4F11), LABELS)),
        adn(*PEOPLE),
        records(0x4F11, [encode_anr("0611", label=1)], places=5, length=15),
    )
    found = read(card)
    assert (found.of("phone_book")[0].numbers, found.of("phone_book")[0].labels) == (("+8615400010001", "0611"), ())
    assert found.notes == ("The card has no labels of additional numbers of the phone book, though it names them.",)


def test_records_beside_free_entries_are_not_read() -> None:
    card = book(
        pbr((ADN, BookFile(type=1, kind="EMAIL", file_id=0x4F50))),
        adn(*PEOPLE, places=50),
        records(0x4F50, [], places=50, length=30),
    )
    read(card)
    mails = card.seen[card.seen.index("SELECT 4F50") :]
    until = next(place for place, name in enumerate(mails[1:], start=1) if name.startswith("SELECT"))
    assert [name for name in mails[:until] if name.startswith("READ")] == [f"READ RECORD {n}" for n in (1, 2, 3)]


def test_files_of_type_two_are_found_through_the_index() -> None:
    files = (
        ADN,
        BookFile(type=1, kind="IAP", file_id=0x4F25),
        BookFile(type=2, kind="EMAIL", file_id=0x4F50),
        BookFile(type=2, kind="ANR", file_id=0x4F11),
        BookFile(type=2, kind="SNE", file_id=0x4F19),
    )
    card = book(
        pbr(files),
        adn(*PEOPLE),
        records(0x4F25, [b"\x02\xff\x01", b"\x01\x03\xff", b"\xff\xff\xff"], places=5, length=3),
        records(
            0x4F50,
            [
                encode_named("anna@example.org", room=30, entry=(1, 2)),
                encode_named("li@example.org", room=30, entry=(1, 1)),
            ],
            places=3,
            length=32,
        ),
        records(0x4F11, [b"", b"", encode_anr("0611", entry=(1, 2))], places=3, length=17),
        records(0x4F19, [encode_named("小李", room=16, entry=(1, 1))], places=3, length=18),
    )
    found = read(card)
    assert [(line.name, line.numbers, line.second_name, line.mails) for line in found.of("phone_book")] == [
        ("Li Wei", ("+8615400010001",), "小李", ("li@example.org",)),
        ("Анна", ("89430001004", "0611"), "", ("anna@example.org",)),
        ("", ("112",), "", ()),
    ]


def test_what_the_index_gives_to_the_wrong_entry_is_left_out_and_said() -> None:
    files = (ADN, BookFile(type=1, kind="IAP", file_id=0x4F25), BookFile(type=2, kind="EMAIL", file_id=0x4F50))
    card = book(
        pbr(files),
        adn(*PEOPLE),
        records(0x4F25, [b"\x01", b"\x01"], places=5, length=1),
        records(0x4F50, [encode_named("anna@example.org", room=30, entry=(1, 2))], places=3, length=32),
    )
    li, anna, _ = read(card).of("phone_book")
    assert (li.mails, anna.mails, anna.damaged) == ((), ("anna@example.org",), "")
    assert "belongs to another entry" in li.damaged


def test_groups_are_called_by_their_names() -> None:
    files = (
        ADN,
        BookFile(type=1, kind="GRP", file_id=0x4F26),
        BookFile(type=3, kind="GAS", file_id=0x4F4C),
    )
    card = book(
        pbr(files),
        adn(*PEOPLE),
        records(0x4F26, [b"\x01\x02", b"\x02\x00", b"\x04\x00"], places=5, length=2),
        records(0x4F4C, [encode_named("Family", room=12), encode_named("Учёба", room=12)], places=5, length=12),
    )
    assert [line.groups for line in read(card).of("phone_book")] == [("Family", "Учёба"), ("Учёба",), ("4",)]
    assert card.seen.count("SELECT 4F4C") == 1


def test_numbers_and_additional_numbers_go_on_in_the_sets_own_extensions() -> None:
    card = book(
        pbr((ADN, BookFile(type=1, kind="ANR", file_id=0x4F11), EXT1)),
        adn(("Long", "+" + "1234567890" * 2, 2)),
        records(0x4F11, [encode_anr("9876543210" * 2, extension=1)], places=5, length=15),
        records(0x4F4A, [encode_extension("111"), encode_extension("222")], places=4, length=13),
    )
    (line,) = read(card).of("phone_book")
    assert line.numbers == ("+" + "1234567890" * 2 + "222", "9876543210" * 2 + "111")
    assert card.seen.count("SELECT 4F4A") == 1


def test_a_phone_book_of_several_sets_is_read_whole() -> None:
    second = (BookFile(type=1, kind="ADN", file_id=0x4F3B), BookFile(type=1, kind="EMAIL", file_id=0x4F51))
    card = book(
        pbr((ADN,), second),
        adn(*PEOPLE),
        adn(("Timur", "0611", 0xFF), fid=0x4F3B),
        records(0x4F51, [encode_named("timur@example.org", room=30)], places=5, length=30),
    )
    found = read(card)
    assert [(line.file[-4:], line.name, line.mails) for line in found.of("phone_book")] == [
        ("4F3A", "Li Wei", ()), ("4F3A", "Анна", ()), ("4F3A", "", ()), ("4F3B", "Timur", ("timur@example.org",)),
    ]  # fmt: skip
    assert {room.of: room for room in found.rooms}["phone_book"] == Room(of="phone_book", used=4, total=10)


def test_a_part_that_the_card_names_and_does_not_have_is_no_obstacle() -> None:
    card = book(pbr((ADN, BookFile(type=1, kind="EMAIL", file_id=0x4F50))), adn(*PEOPLE))
    found = read(card)
    assert [line.name for line in found.of("phone_book")] == ["Li Wei", "Анна", ""]
    assert found.notes == ("The card has no e-mail addresses of the phone book, though it names them.",)


def test_parts_of_kinds_that_nobody_knows_are_passed_over() -> None:
    card = book(adn(*PEOPLE))
    files = encode_pbr((ADN,), room=10) + bytes.fromhex("A904DF024F99AA04D0024F98")
    folder = file(card, "7FFF/5F3A/4F3A").parent
    assert folder is not None
    folder.add(records(0x4F30, [files.replace(b"\xff", b"")], places=1, length=80))
    assert len(read(card).of("phone_book")) == 3


@pytest.mark.parametrize("raw", [b"", b"\xa8", b"\xa8\x7f\xc0\x02\x4f\x3a", b"\xa8\x04\xc0\x02\x4f", b"\x00" * 80])
def test_an_index_file_that_makes_no_sense_is_no_obstacle(raw: bytes) -> None:
    card = book(records(0x4F30, [raw], places=1, length=80), adn(*PEOPLE))
    found = read(card)
    assert found.iccid and found.imsi


def test_a_set_named_twice_is_read_once() -> None:
    card = book(pbr((ADN,), (ADN,)), adn(*PEOPLE))
    found = read(card)
    assert len(found.of("phone_book")) == 3
    assert card.seen.count("SELECT 4F3A") == 1


def test_the_global_book_is_read_where_the_application_has_none() -> None:
    found = read(usim(phone_book=contacts(4)))
    assert {line.file for line in found.of("phone_book")} == {"7F10/5F3A/4F3A"}


def test_a_second_set_that_begins_and_ends_as_the_first_is_read_too() -> None:
    second = (BookFile(type=1, kind="ADN", file_id=0x4F3B),)
    alike = tuple((f"P{place}", f"+7943000800{place}", 0xFF) for place in range(1, 6))
    card = book(pbr((ADN,), second), adn(*alike, places=10), adn(*alike, ("Lost", "0611", 0xFF), fid=0x4F3B, places=10))
    found = read(card)
    assert [line.name for line in found.of("phone_book")] == ["P1", "P2", "P3", "P4", "P5", "Lost"]
    assert {room.of: room for room in found.rooms}["phone_book"] == Room(of="phone_book", used=11, total=20)


def test_an_empty_second_set_is_room() -> None:
    second = (BookFile(type=1, kind="ADN", file_id=0x4F3B),)
    found = read(book(pbr((ADN,), second), adn(*PEOPLE), adn(fid=0x4F3B)))
    assert {room.of: room for room in found.rooms}["phone_book"] == Room(of="phone_book", used=3, total=10)


def test_what_was_read_stays_where_the_card_goes_on_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    second = (BookFile(type=1, kind="ADN", file_id=0x4F3B),)
    card = book(pbr((ADN,), second), adn(*PEOPLE), adn(("Timur", "0611", 0xFF), fid=0x4F3B, places=50))
    read(card)
    first_of_second = [name for name in card.seen if not name.startswith("VERIFY")].index("SELECT 4F3B")
    card = book(pbr((ADN,), second), adn(*PEOPLE), adn(("Timur", "0611", 0xFF), fid=0x4F3B, places=50))
    monkeypatch.setattr(reading, "MOST_COMMANDS", first_of_second)
    found = read(card)
    assert [line.name for line in found.of("phone_book")] == ["Li Wei", "Анна", ""]
    assert "reading stopped before the end" in " ".join(found.notes)


@pytest.mark.parametrize("number", ["+79430001111", "1234567890123456789", "12*45#"])
def test_a_number_that_leaves_room_does_not_go_on_in_anybodys_extension(number: str) -> None:
    files = (ADN, BookFile(type=1, kind="ANR", file_id=0x4F11), EXT1)
    card = book(
        pbr(files),
        adn(("Mama", number, 1), ("Long", "1234567890" * 2, 1)),
        records(0x4F11, [encode_anr(number, extension=1)], places=5, length=15),
        records(0x4F4A, [encode_extension("123")], places=2, length=13),
    )
    mama, long = read(card).of("phone_book")
    assert (mama.numbers, mama.damaged) == ((number, number), "")
    assert long.numbers == ("1234567890" * 2 + "123",)
