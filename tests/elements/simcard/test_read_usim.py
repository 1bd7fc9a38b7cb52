"""A USIM read in class 00 (3GPP TS 31.102, ETSI TS 102.221), alone and on a card that is a SIM too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lastcall.core.simcard.card import Room
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.files import File, Folder
from lastcall.elements.simcard.simulated.layout import Layout
from lastcall.elements.simcard.simulated.pins import Pin
from lastcall.elements.simcard.simulated.written import READ, Line, Text

from .reading import ICCID, IMSI, both, contacts, contents, file, opened, read, sim, usim

AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
LONG = "+" + "1234567890" * 5


def test_a_card_with_a_usim_alone_is_read() -> None:
    card = read(
        usim(
            own=(Line("Me", "+79430000900"),), phone_book=(Line("李娜", "+8615400010001"), Line("Long", LONG)),
            fixed=(Line("Work", "112"),), service=(Line("Help", "0611"),), dialled=(Line("Анна", "89430001004"),),
            texts=(Text(READ, "+79430000111", "Hi", AT),),
        )
    )  # fmt: skip
    assert (card.kind, card.iccid, card.imsi, card.provider, card.notes) == ("USIM", ICCID, IMSI, "Demo Mobile", ())
    assert [(line.list, line.file, line.record, line.name, line.numbers) for line in card.entries] == [
        ("phone_book", "7F10/5F3A/4F3A", 1, "李娜", ("+8615400010001",)),
        ("phone_book", "7F10/5F3A/4F3A", 2, "Long", (LONG,)),
        ("own_numbers", "7FFF/6F40", 1, "Me", ("+79430000900",)),
        ("fixed_dialling", "7FFF/6F3B", 1, "Work", ("112",)),
        ("service_numbers", "7FFF/6F49", 1, "Help", ("0611",)),
        ("last_dialled", "7FFF/6F81", 1, "Анна", ("89430001004",)),
    ]
    assert [each.text for each in card.messages] == ["Hi"]


def test_a_card_that_is_both_is_read_as_a_usim_and_nothing_appears_twice() -> None:
    filled: dict[str, Any] = {
        "phone_book": contacts(5), "dialled": contacts(2), "fixed": contacts(1), "service": contacts(1),
        "texts": (Text(READ, "+79430000111", "Hi", AT),), "own": (Line("Me", "+79430000900"),),
    }  # fmt: skip
    card = read(both(**filled))
    assert card.kind == "USIM"
    alone = read(sim(**filled))
    assert [(line.list, line.name, line.numbers) for line in card.entries] == [
        (line.list, line.name, line.numbers) for line in alone.entries
    ]
    assert (len(card.messages), card.rooms) == (1, (*alone.rooms, Room(of="received_calls", used=0, total=5)))


def test_another_phone_book_in_the_telephone_directory_of_the_same_card_is_read_too() -> None:
    card = both(phone_book=contacts(5))
    file(card, "7F10/6F3A").data = bytearray(Layout(contents(phone_book=(Line("Other", "112"),))).adn)
    found = read(card)
    assert [line.name for line in found.of("phone_book")] == [f"Contact {place}" for place in range(1, 6)] + ["Other"]
    assert {room.of: room for room in found.rooms}["phone_book"] == Room(of="phone_book", used=6, total=500)


def test_a_usim_that_no_directory_file_names_is_found_by_its_identifier() -> None:
    card = usim(phone_book=contacts(1))
    directory = file(card, "2F00")
    assert directory.parent is not None
    directory.parent.children.remove(directory)
    assert read(card).imsi == IMSI


def test_a_uicc_without_a_usim_is_read_as_a_sim() -> None:
    card = both(phone_book=contacts(2))
    applications = card.root.applications()
    card.root.children = [child for child in card.root.children if child not in applications]
    found = read(card)
    assert (found.kind, len(found.of("phone_book"))) == ("SIM", 2)


def test_a_card_by_t1_is_read() -> None:
    card = SimulatedCard(Layout(contents(phone_book=contacts(3))).uicc(gsm=False), kind="USIM", protocol="T=1")
    found = read(card)
    assert (found.imsi, len(found.of("phone_book"))) == (IMSI, 3)


def test_what_the_pin_closes_is_said() -> None:
    card = opened(usim(phone_book=contacts(3))).read()
    assert (card.iccid, card.provider, card.imsi, card.entries) == (ICCID, "Demo Mobile", "", ())
    assert len(card.notes) == 1 and card.notes[0].startswith("Closed by the PIN: IMSI")


def test_a_blocked_usim_says_so() -> None:
    card = read(usim(Pin(tries=0)))
    assert (card.iccid, card.provider, card.pin.tries) == (ICCID, "Demo Mobile", 0)
    assert "PIN is blocked" in card.notes[0]


def test_a_folder_that_is_missing_is_asked_for_once() -> None:
    card = usim(book=Folder(0x5F3A).add(File(0x4F30, bytearray(b"\xff" * 32), record=32)))
    card.root.children = [child for child in card.root.children if getattr(child, "fid", 0) != 0x7F10]
    read(card)
    assert card.seen.count("SELECT 7F10") == 1


def test_a_card_that_does_not_know_7fff_is_entered_by_its_identifier(monkeypatch: pytest.MonkeyPatch) -> None:
    card = usim(phone_book=contacts(2))
    plain = card.transmit
    monkeypatch.setattr(card, "transmit", lambda apdu: b"\x6a\x82" if apdu[5:7] == b"\x7f\xff" else plain(apdu))
    found = read(card)
    assert (found.imsi, found.pin.enabled, len(found.of("phone_book")), found.notes) == (IMSI, True, 2, ())


def test_a_name_of_the_operator_that_the_usim_cannot_tell_is_read_as_a_sim_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = both()
    plain, asked = card.transmit, list[bytes]()

    def worn(apdu: bytes) -> bytes:
        if apdu[5:7] == b"\x6f\x46" and not asked:
            asked.append(apdu)
            return b"\x6f\x00"
        return plain(apdu)

    monkeypatch.setattr(card, "transmit", worn)
    found = read(card)
    assert (found.provider, found.notes, len(asked)) == ("Demo Mobile", (), 1)


def test_a_pin_that_is_off_is_known_where_the_file_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    card = usim(Pin(enabled=False), phone_book=contacts(2))
    plain = card.transmit
    monkeypatch.setattr(
        card,
        "transmit",
        lambda apdu: b"\x69\x84" if apdu[1] == 0x20 else plain(apdu).replace(b"\xc6\x09\x90", b"\xc7\x09\x90"),
    )
    hand = opened(card)
    assert (hand.pin().enabled, hand.pin().tries) == (False, None)
    assert len(hand.read().of("phone_book")) == 2
