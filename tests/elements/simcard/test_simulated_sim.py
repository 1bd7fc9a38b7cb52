"""The stand-in against 3GPP TS 51.011: class A0, as a SIM answers it."""

from __future__ import annotations

import pytest

from lastcall.elements.simcard.simulated import SimulatedCard, deck, path_of, walk
from tests.elements.simcard.speech import InHand, gsm_select, gsm_verify, padded, say, word

WRONG = padded("0000")
RIGHT = padded("1234")
PUK = padded("12345678")


@pytest.fixture
def card() -> InHand:
    return InHand(deck("anna"))


def of(name: str) -> InHand:
    return InHand(deck(name))


def counters(card: InHand) -> str:
    """The bytes of CHV1 and its PUK in the MF's header (9.2.1)."""
    return gsm_select(card, "3F00")[36:40]


def test_the_header_of_the_root_tells_its_place_its_pins_and_their_tries(card: InHand) -> None:
    header = bytes.fromhex(gsm_select(card, "3F00"))
    assert (header[4:6].hex(), header[6], header[12], len(header)) == ("3f00", 1, 9, 22)
    assert not header[13] & 0x80
    assert (header[14], header[15], header[16]) == (2, 2, 5)
    assert header[18:22].hex() == "838a838a"


def test_a_header_says_when_the_pin_is_off() -> None:
    assert bytes.fromhex(gsm_select(of("pin_off"), "7F20"))[13] & 0x80


def test_the_header_of_a_file_tells_its_size_access_structure_and_record(card: InHand) -> None:
    header = bytes.fromhex(gsm_select(card, "7F10", "6F3A"))
    assert len(header) == 15
    assert int.from_bytes(header[2:4], "big") == 100 * 32
    assert (header[4:6].hex(), header[6], header[8], header[12], header[13], header[14]) == ("6f3a", 4, 0x11, 2, 1, 32)
    assert bytes.fromhex(gsm_select(card, "6F44"))[13] == 3
    assert bytes.fromhex(gsm_select(card, "3F00", "2FE2"))[8] == 0x04


@pytest.mark.parametrize("start", [("3F00",), ("7F10",), ("7F20",), ("7F10", "6F3A")])
def test_a_folder_is_reached_from_its_parent_its_sister_and_itself(card: InHand, start: tuple[str, ...]) -> None:
    gsm_select(card, *start, "7F10", "7F20", "7F10", "3F00")


def test_a_file_is_reached_from_its_own_folder_alone(card: InHand) -> None:
    gsm_select(card, "7F10")
    assert word(card, "A0 A4 0000 02 6F07") == "9404"
    assert word(card, "A0 A4 0000 02 2FE2") == "9404"
    assert word(card, "A0 A4 0000 02 6F3A") == "9F0F"


def test_a_file_that_was_not_found_leaves_the_current_one(card: InHand) -> None:
    gsm_select(card, "2FE2")
    assert word(card, "A0 A4 0000 02 6FFF") == "9404"
    assert word(card, "A0 B0 0000 0A") == "9000"


def test_a_sim_has_no_application_of_a_usim() -> None:
    assert word(of("full"), "A0 A4 0000 02 7FFF") == "9404"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("A0 A4 0100 02 3F00", "6B00"),
        ("A0 A4 0000 03 3F0000", "6702"),
        ("A0 A4 0000 02 3F", "6700"),
        ("A0 F2 0000 17", "6716"),
        ("A0 F2 0001 16", "6B00"),
        ("A0 C0 0000 16", "6F00"),
        ("A0 B0 0000 01", "9400"),
        ("A0 B2 0104 20", "9400"),
        ("A0 A2 0000 01 41", "9400"),
        ("A0 20 0003 08 " + RIGHT, "6B00"),
        ("A0 20 0101 08 " + RIGHT, "6B00"),
        ("A0 20 0000 08 " + RIGHT, "6B00"),
        ("A0 20 0001 04 31323334", "6708"),
        ("A0 24 0001 08 " + RIGHT, "6710"),
        ("A0 26 0002 08 " + padded("5678"), "6B00"),
        ("A0 2C 0001 10 " + PUK + RIGHT, "6B00"),
        ("A0 88 0000 10 " + "00" * 16, "6D00"),
        ("A0 FF 0000 00", "6D00"),
        ("00 A4 0004 02 3F00", "6E00"),
        ("80 F2 0000 16", "6E00"),
        ("A0 A4", "6700"),
    ],
)  # fmt: skip
def test_a_command_out_of_form_is_refused_as_by_a_real_card(card: InHand, command: str, expected: str) -> None:
    before = card.card.image()
    assert word(card, command) == expected
    assert card.card.image() == before and card.card.writes == []


def test_an_answer_is_fetched_at_once_or_never(card: InHand) -> None:
    assert word(card, "A0 A4 0000 02 3F00") == "9F16"
    assert word(card, "A0 F2 0000 16") == "9000"
    assert word(card, "A0 C0 0000 16") == "6F00"


def test_of_an_answer_less_may_be_fetched_but_not_more(card: InHand) -> None:
    assert word(card, "A0 A4 0000 02 3F00") == "9F16"
    assert word(card, "A0 C0 0000 17") == "6716"
    assert word(card, "A0 A4 0000 02 3F00") == "9F16"
    data, done = say(card, "A0 C0 0000 0D")
    assert (len(data) // 2, done) == (13, "9000")


def test_the_iccid_is_read_without_a_pin_and_the_imsi_is_not(card: InHand) -> None:
    gsm_select(card, "2FE2")
    assert say(card, "A0 B0 0000 0A") == ("980791090000005020F2", "9000")
    gsm_select(card, "7F20", "6F07")
    assert word(card, "A0 B0 0000 09") == "9804"
    assert gsm_verify(card) == "9000"
    assert say(card, "A0 B0 0000 09") == ("082905990000005020", "9000")


@pytest.mark.parametrize(
    ("place", "expected"),
    [("0000 0A", "9000"), ("0004 06", "9000"), ("0000 0B", "670A"), ("0004 07", "6706"), ("000A 01", "6B00"), ("0000 00", "670A")],
)  # fmt: skip
def test_a_binary_file_is_read_inside_its_bounds(card: InHand, place: str, expected: str) -> None:
    gsm_select(card, "2FE2")
    assert word(card, f"A0 B0 {place}") == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [("0104 20", "9000"), ("6404 20", "9000"), ("6504 20", "9402"), ("0004 20", "9402"), ("0104 1F", "6720"),
     ("0104 21", "6720"), ("0105 20", "6B00"), ("0100 20", "6B00")],
)  # fmt: skip
def test_a_record_is_read_by_its_number_and_its_own_length(card: InHand, place: str, expected: str) -> None:
    gsm_verify(card)
    gsm_select(card, "7F10", "6F3A")
    assert word(card, f"A0 B2 {place}") == expected


def test_next_and_previous_walk_through_a_linear_file_and_stop_at_its_ends(card: InHand) -> None:
    gsm_verify(card)
    gsm_select(card, "7F10", "6F40")
    first = say(card, "A0 B2 0002 20")
    assert first == say(card, "A0 B2 0104 20") and first[1] == "9000"
    assert word(card, "A0 B2 0003 20") == "9402"
    assert [word(card, "A0 B2 0002 20") for _ in range(4)] == ["9000", "9000", "9000", "9402"]


def test_a_cyclic_file_goes_round_and_takes_its_newest_record_first(card: InHand) -> None:
    gsm_verify(card)
    gsm_select(card, "7F10", "6F44")
    records = [say(card, "A0 B2 0002 20")[0] for _ in range(11)]
    assert records[10] == records[0] != records[1]
    new = "41" * 32
    assert word(card, f"A0 DC 0104 20 {new}") == "6B00"
    assert word(card, f"A0 DC 0003 20 {new}") == "9000"
    assert [say(card, f"A0 B2 {number:02X}04 20")[0] for number in (1, 2, 10)] == [new.upper(), records[0], records[8]]


def test_records_and_bytes_are_not_mixed_up(card: InHand) -> None:
    gsm_verify(card)
    gsm_select(card, "2FE2")
    assert word(card, "A0 B2 0104 0A") == "9408"
    gsm_select(card, "7F10", "6F3A")
    assert word(card, "A0 B0 0000 0A") == "9408"
    gsm_select(card, "6F44")
    assert word(card, "A0 A2 0000 01 FF") == "9408"


def test_a_record_is_found_by_how_it_begins(card: InHand) -> None:
    gsm_verify(card)
    gsm_select(card, "7F10", "6F3A")
    assert word(card, "A0 A2 0010 03 546F6D") == "9F01"
    assert say(card, "A0 C0 0000 01") == ("09", "9000")
    assert word(card, "A0 A2 0000 03 58585A") == "9404"
    assert word(card, "A0 A2 0000 11 " + "FF" * 17) == "6700"
    assert word(card, "A0 A2 0004 01 41") == "6B00"


def test_nothing_is_written_without_the_pin_and_what_is_written_is_noted(card: InHand) -> None:
    before = card.card.image()
    gsm_select(card, "7F10", "6F3A")
    assert word(card, "A0 DC 0104 20" + "FF" * 32) == "9804"
    assert card.card.image() == before
    gsm_verify(card)
    assert word(card, "A0 DC 0104 1F" + "FF" * 31) == "6720"
    assert word(card, "A0 DC 0104 20" + "FF" * 32) == "9000"
    assert card.card.image() != before
    assert card.card.writes == ["UPDATE RECORD 7F10/6F3A 1"]


def test_what_only_the_operator_may_write_stays_as_it_is(card: InHand) -> None:
    gsm_verify(card)
    gsm_select(card, "2FE2")
    assert word(card, "A0 D6 0000 01 00") == "9804"
    assert word(card, "A0 04 0000 00") == "9804"
    gsm_select(card, "7F10", "6F3B")
    assert word(card, "A0 DC 0104 20" + "FF" * 32) == "9804"
    assert word(card, f"A0 20 0002 08 {padded('5678')}") == "9000"
    assert word(card, "A0 DC 0104 20" + "FF" * 32) == "9000"


def test_three_false_pins_block_and_the_right_one_is_too_late(card: InHand) -> None:
    assert [gsm_verify(card, "0000"), counters(card)] == ["9804", "828A"]
    assert [gsm_verify(card, "0000"), counters(card)] == ["9804", "818A"]
    assert [gsm_verify(card, "0000"), counters(card)] == ["9840", "808A"]
    assert gsm_verify(card) == "9840"
    assert card.card.writes == ["tries of PIN 1"] * 3


def test_the_right_pin_gives_the_tries_back_and_a_false_one_closes_again(card: InHand) -> None:
    assert [gsm_verify(card, "0000"), gsm_verify(card), counters(card)] == ["9804", "9000", "838A"]
    assert gsm_verify(card, "0000") == "9804"
    gsm_select(card, "7F10", "6F3A")
    assert word(card, "A0 B2 0104 20") == "9804"


def test_tries_are_not_given_back_by_taking_the_power(card: InHand) -> None:
    gsm_verify(card, "0000")
    card.card.power_off()
    card.card.power_on()
    assert counters(card) == "828A"


def test_a_pin_taken_off_stays_off_and_opens_everything(card: InHand) -> None:
    assert word(card, "A0 26 0001 08" + WRONG) == "9804"
    assert word(card, "A0 26 0001 08" + RIGHT) == "9000"
    card.card.power_off()
    card.card.power_on()
    gsm_select(card, "7F10", "6F3A")
    assert word(card, "A0 B2 0104 20") == "9000"
    assert [word(card, f"A0 {act} 0001 08 {RIGHT}") for act in ("20", "26")] == ["9808", "9808"]
    assert word(card, f"A0 24 0001 10 {RIGHT}{WRONG}") == "9808"
    assert word(card, "A0 28 0001 08" + RIGHT) == "9000"
    assert word(card, "A0 28 0001 08" + RIGHT) == "9808"


def test_a_pin_is_changed_with_the_old_one(card: InHand) -> None:
    new = padded("987654")
    assert word(card, f"A0 24 0001 10 {WRONG}{new}") == "9804"
    assert word(card, f"A0 24 0001 10 {RIGHT}{new}") == "9000"
    assert [gsm_verify(card), gsm_verify(card, "987654")] == ["9804", "9000"]


def test_a_blocked_pin_comes_back_with_the_puk() -> None:
    card = of("blocked_sim")
    assert word(card, "A0 26 0001 08" + RIGHT) == "9840"
    assert word(card, f"A0 2C 0000 10 {padded('00000000')}{WRONG}") == "9804"
    assert counters(card) == "8089"
    assert word(card, f"A0 2C 0000 10 {PUK}{WRONG}") == "9000"
    assert [counters(card), gsm_verify(card, "0000")] == ["838A", "9000"]


def test_the_last_false_puk_is_the_end() -> None:
    card = of("last_puk")
    assert word(card, f"A0 2C 0000 10 {padded('00000000')}{RIGHT}") == "9840"
    assert word(card, f"A0 2C 0000 10 {PUK}{RIGHT}") == "9840"
    assert counters(card) == "8080"


def test_a_fixed_pin_cannot_be_taken_off() -> None:
    card = of("pin_fixed")
    assert word(card, "A0 26 0001 08" + RIGHT) == "9808"
    assert counters(card) == "838A" and gsm_verify(card) == "9000"


def test_a_second_pin_that_is_not_there_is_told() -> None:
    card = InHand(SimulatedCard(deck("empty").root))
    assert word(card, f"A0 20 0002 08 {RIGHT}") == "9802"
    assert gsm_select(card, "3F00")[36:44] == "838A0000"


def test_an_invalidated_file_is_selected_and_not_read(card: InHand) -> None:
    file = next(file for file in walk(card.card.root) if path_of(file) == "2FE2")
    file.invalidated = True
    assert bytes.fromhex(gsm_select(card, "2FE2"))[11] == 0
    assert word(card, "A0 B0 0000 0A") == "9810"
