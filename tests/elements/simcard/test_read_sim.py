"""A SIM read in class A0 (3GPP TS 51.011)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lastcall.core.simcard.card import Room
from lastcall.core.simcard.pin import PinState
from lastcall.elements.simcard.simulated.files import Access
from lastcall.elements.simcard.simulated.pins import Pin
from lastcall.elements.simcard.simulated.written import DELETED, READ, SENT, UNREAD, Line, Text, extension_record

from .reading import ICCID, IMSI, contacts, file, opened, read, sim

AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
LONG = "+" + "1234567890" * 5


def test_it_tells_who_the_card_is() -> None:
    card = read(sim(own=(Line("Мой номер", "+79430000900"),)))
    assert (card.kind, card.iccid, card.imsi, card.provider) == ("SIM", ICCID, IMSI, "Demo Mobile")
    assert [(own.name, own.numbers) for own in card.of("own_numbers")] == [("Мой номер", ("+79430000900",))]
    assert card.notes == ()


def test_it_reads_every_list() -> None:
    card = read(
        sim(
            phone_book=(Line("妈妈", "+8615400010001"), Line("Анна", "89430001004")),
            fixed=(Line("Work", "+79430000111"),),
            service=(Line("Help", "0611"),),
            dialled=(Line("", "112"), Line("Анна", "89430001004")),
        )
    )
    found = [(line.list, line.file, line.record, line.name, line.numbers) for line in card.entries]
    assert found == [
        ("phone_book", "7F10/6F3A", 1, "妈妈", ("+8615400010001",)),
        ("phone_book", "7F10/6F3A", 2, "Анна", ("89430001004",)),
        ("fixed_dialling", "7F10/6F3B", 1, "Work", ("+79430000111",)),
        ("service_numbers", "7F10/6F49", 1, "Help", ("0611",)),
        ("last_dialled", "7F10/6F44", 1, "", ("112",)),
        ("last_dialled", "7F10/6F44", 2, "Анна", ("89430001004",)),
    ]


def test_it_counts_the_room_of_each_list_and_of_the_messages() -> None:
    card = read(sim(phone_book=contacts(3), places=50, texts=(Text(READ, "+79430000111", "Hi", AT),), text_places=20))
    rooms = {room.of: room for room in card.rooms}
    assert rooms["phone_book"] == Room(of="phone_book", used=3, total=50)
    assert rooms["messages"] == Room(of="messages", used=1, total=20)


def test_a_number_goes_on_in_extension_records() -> None:
    card = read(sim(phone_book=(Line("Long", LONG), Line("Short", "112"))))
    assert [line.numbers for line in card.of("phone_book")] == [(LONG,), ("112",)]
    assert [line.damaged for line in card.of("phone_book")] == ["", ""]


def test_extension_records_that_form_a_circle_end() -> None:
    sim_card = sim(phone_book=(Line("Long", LONG),))
    extensions = file(sim_card, "7F10/6F4A")
    extensions.write_record(2, extension_record("5555", after=1))
    (line,) = read(sim_card).of("phone_book")
    assert line.numbers == ("+" + "1234567890" * 4 + "5555",)
    assert "circle" in line.damaged


def test_an_extension_record_that_names_itself_ends() -> None:
    sim_card = sim(phone_book=(Line("Long", LONG),))
    file(sim_card, "7F10/6F4A").write_record(1, extension_record("5555", after=1))
    (line,) = read(sim_card).of("phone_book")
    assert line.numbers == ("+" + "1234567890" * 2 + "5555",)
    assert "circle" in line.damaged


@pytest.mark.parametrize("after", [9, 200], ids=["free record", "no such record"])
def test_a_broken_chain_of_extension_records_is_said(after: int) -> None:
    sim_card = sim(phone_book=(Line("Long", LONG),))
    file(sim_card, "7F10/6F4A").write_record(1, extension_record("5555", after=after))
    (line,) = read(sim_card).of("phone_book")
    assert line.numbers == ("+" + "1234567890" * 2 + "5555",)
    assert "missing" in line.damaged


def test_a_number_without_its_extension_file_is_said_to_be_cut() -> None:
    sim_card = sim(phone_book=(Line("Long", LONG),))
    extensions = file(sim_card, "7F10/6F4A")
    assert extensions.parent is not None
    extensions.parent.children.remove(extensions)
    (line,) = read(sim_card).of("phone_book")
    assert line.numbers == ("+" + "1234567890" * 2,)
    assert "missing" in line.damaged


@pytest.mark.parametrize("extension", [1, 200], ids=["free record", "no such record"])
def test_nothing_is_missing_of_a_short_number_whose_pointer_leads_nowhere(extension: int) -> None:
    sim_card = sim(phone_book=(Line("Short", "112"),))
    book = file(sim_card, "7F10/6F3A")
    book.data[book.record - 1] = extension
    (line,) = read(sim_card).of("phone_book")
    assert (line.numbers, line.damaged) == (("112",), "")


def test_messages_are_joined_and_ordered_by_their_time() -> None:
    later = datetime(2026, 11, 21, tzinfo=UTC)
    texts = (
        Text(SENT, "+79430000222", "sent from here"),
        Text(READ, "+79430000111", "Привет " * 20, later),
        Text(UNREAD, "Bank", "code", AT),
    )
    card = read(sim(texts=texts))
    assert [(each.party, each.status, each.text) for each in card.messages] == [
        ("Bank", "unread", "code"),
        ("+79430000111", "read", "Привет " * 20),
        ("+79430000222", "sent", "sent from here"),
    ]
    assert [each.parts for each in card.messages] == [1, 3, 1]


def test_deleted_messages_come_only_when_they_are_asked_for() -> None:
    texts = (Text(READ, "+79430000111", "kept", AT), Text(DELETED, "+79430000111", "wiped", AT))
    assert [each.text for each in read(sim(texts=texts)).messages] == ["kept"]
    card = read(sim(texts=texts), deleted=True)
    assert sorted((each.status, each.text) for each in card.messages) == [("deleted", "wiped"), ("read", "kept")]
    assert {room.of: room.used for room in card.rooms}["messages"] == 1


def test_a_closed_card_tells_what_needs_no_pin_and_says_what_is_closed() -> None:
    card = opened(sim(phone_book=contacts(3))).read()
    assert (card.iccid, card.provider, card.imsi, card.entries, card.rooms) == (ICCID, "Demo Mobile", "", (), ())
    (note,) = card.notes
    assert note.startswith("Closed by the PIN: IMSI, phone book")
    assert "messages" in note


def test_a_card_with_a_blocked_pin_says_that_the_puk_opens_it() -> None:
    card = read(sim(Pin(tries=0), phone_book=contacts(3)))
    assert card.iccid == ICCID and card.pin.blocked
    assert "The PUK opens it." in card.notes[0]


def test_a_card_with_a_dead_puk_says_that_it_is_closed_for_good() -> None:
    card = read(sim(Pin(tries=0, puk_tries=0), phone_book=contacts(3)))
    assert card.pin.dead
    assert card.notes[0].startswith("Closed for good")


def test_a_card_whose_pin_is_off_is_read_without_one() -> None:
    card = opened(sim(Pin(enabled=False), phone_book=contacts(3))).read()
    assert card.pin == PinState(enabled=False, tries=3, puk_tries=10)
    assert len(card.of("phone_book")) == 3


def test_files_that_are_not_there_are_not_missed_but_the_main_ones_are_named() -> None:
    sim_card = sim()
    telecom = file(sim_card, "7F10/6F3A").parent
    assert telecom is not None
    telecom.children.clear()
    card = read(sim_card)
    assert card.rooms == ()
    assert card.notes == ("The card has no phone book.", "The card has no messages.")


@pytest.mark.parametrize("word", [0x6B00, 0x6A86, 0x6A81])
def test_a_file_whose_identifier_the_card_does_not_take_is_not_there(
    monkeypatch: pytest.MonkeyPatch, word: int
) -> None:
    sim_card = sim(phone_book=contacts(3))
    plain = sim_card.transmit
    fixed_dialling = bytes.fromhex("A0A40000026F3B")
    answer = word.to_bytes(2, "big")
    monkeypatch.setattr(sim_card, "transmit", lambda apdu: answer if apdu == fixed_dialling else plain(apdu))
    card = read(sim_card)
    assert (len(card.of("phone_book")), card.notes) == (3, ())


def test_a_list_that_is_switched_off_is_said() -> None:
    sim_card = sim(phone_book=contacts(3))
    file(sim_card, "7F10/6F3A").invalidated = True
    card = read(sim_card)
    assert card.of("phone_book") == ()
    assert card.notes == ("Phone book: it is switched off on the card.",)


def test_a_record_length_that_the_card_announces_wrongly_is_learned() -> None:
    sim_card = sim(phone_book=contacts(40), places=40)
    file(sim_card, "7F10/6F3A").told_record = 30
    card = read(sim_card)
    assert len(card.of("phone_book")) == 40
    assert {room.of: room.total for room in card.rooms}["phone_book"] == 40
    # Asked once with the wrong length; after the last record the card is asked for one more, as its header cannot be trusted.
    assert sim_card.seen.count("READ RECORD 1") == 2 + 5
    assert sim_card.seen.count("READ RECORD 41") == 1


def test_more_records_announced_than_there_are_is_said() -> None:
    sim_card = sim(phone_book=contacts(10), places=10)
    book = file(sim_card, "7F10/6F3A")
    book.told_size = 3 * len(book.data)
    card = read(sim_card)
    assert len(card.of("phone_book")) == 10
    assert card.notes == ("Phone book: the card announces 30 records and has 10.",)


def test_wrong_parameters_behind_the_last_record_are_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sim_card = sim(phone_book=contacts(10), places=10)
    book = file(sim_card, "7F10/6F3A")
    book.told_size = 3 * len(book.data)
    plain, eleventh = sim_card.transmit, bytes([0xA0, 0xB2, 11, 4, book.record])
    monkeypatch.setattr(sim_card, "transmit", lambda apdu: b"\x6b\x00" if apdu == eleventh else plain(apdu))
    card = read(sim_card)
    assert len(card.of("phone_book")) == 10
    assert card.notes == ("Phone book: the card announces 30 records and has 10.",)


def test_records_that_come_too_short_are_read_as_far_as_they_go() -> None:
    sim_card = sim(phone_book=contacts(3), places=3)
    file(sim_card, "7F10/6F3A").short = 8
    card = read(sim_card)
    assert [(line.name, line.numbers) for line in card.of("phone_book")] == [
        (f"Contact {place}", ("+79430000",)) for place in (1, 2, 3)
    ]
    assert all("cut short" in line.damaged for line in card.of("phone_book"))
    assert card.notes == ("Phone book: 3 records came cut short, from record 1 on.",)


def test_a_record_that_fails_is_said_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    sim_card = sim(phone_book=contacts(6))
    plain = sim_card.transmit
    failing = {bytes.fromhex("A0B2020420"), bytes.fromhex("A0B2040420")}
    monkeypatch.setattr(sim_card, "transmit", lambda apdu: b"\x92\x40" if apdu in failing else plain(apdu))
    card = read(sim_card)
    assert [line.record for line in card.of("phone_book")] == [1, 3, 5, 6]
    assert "Phone book: 2 records cannot be read, the first is record 2 (9240)." in card.notes


def test_reading_a_list_stops_where_record_after_record_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    sim_card = sim(phone_book=contacts(40))
    plain = sim_card.transmit

    def worn_out(apdu: bytes) -> bytes:
        return b"\x6f\x00" if apdu[1] == 0xB2 and apdu[2] > 5 else plain(apdu)

    monkeypatch.setattr(sim_card, "transmit", worn_out)
    card = read(sim_card)
    assert len(card.of("phone_book")) == 5
    assert "Phone book: reading stopped where the card answered 6F00." in card.notes


def test_a_file_that_never_opens_is_said() -> None:
    sim_card = sim(Pin(enabled=False), phone_book=contacts(3))
    file(sim_card, "7F10/6F3C").access = Access(read="adm")
    card = opened(sim_card).read()
    assert (len(card.of("phone_book")), card.notes) == (3, ("The card lets nobody read: messages.",))


@pytest.mark.parametrize("raw", [b"\xff" * 9, b"\x08" + b"\xaa" * 8, b"\x00" * 9], ids=["free", "no digits", "zeros"])
def test_what_is_no_imsi_is_not_shown_as_one(raw: bytes) -> None:
    sim_card = sim()
    file(sim_card, "7F20/6F07").data[:] = raw
    card = read(sim_card)
    assert (card.imsi, card.notes) == ("", ("IMSI: what stands in its file is none.",))
