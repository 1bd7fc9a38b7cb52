"""The stand-in against ETSI TS 102.221 and 3GPP TS 31.102: classes 00 and 80, as a USIM answers them."""

from __future__ import annotations

import pytest

from lastcall.elements.simcard.simulated import deck
from tests.elements.simcard.speech import ADF_USIM, InHand, padded, say, uicc_select, uicc_verify, word

WRONG = padded("0000")
RIGHT = padded("1234")
PUK = padded("12345678")
BOOK = ("7F10", "5F3A", "4F3A")


@pytest.fixture
def card() -> InHand:
    return InHand(deck("usim_only"))


def of(name: str) -> InHand:
    return InHand(deck(name))


def parts(template: str) -> dict[int, bytes]:
    """What an FCP template holds, by tag."""
    raw = bytes.fromhex(template)
    assert raw[0] == 0x62 and raw[1] == len(raw) - 2
    found, place = {}, 2
    while place < len(raw):
        tag, length = raw[place], raw[place + 1]
        found[tag] = raw[place + 2 : place + 2 + length]
        place += 2 + length
    return found


def test_the_template_of_the_root_tells_the_state_of_its_pins(card: InHand) -> None:
    told = parts(uicc_select(card, "3F00"))
    assert (told[0x82].hex(), told[0x83].hex(), told[0x8A].hex()) == ("7821", "3f00", "05")
    assert told[0xC6].hex() == "9001c0830101830181"
    assert parts(uicc_select(of("pin_off"), "3F00"))[0xC6].hex() == "900140830101830181"


def test_the_template_of_a_linear_file_tells_record_and_number(card: InHand) -> None:
    told = parts(uicc_select(card, *BOOK))
    assert told[0x82].hex() == "42210020fa"
    assert (told[0x80].hex(), told[0x83].hex(), told[0x88].hex()) == ("1f40", "4f3a", "08")


def test_the_template_of_a_binary_and_a_cyclic_file(card: InHand) -> None:
    assert parts(uicc_select(card, "2FE2"))[0x82].hex() == "4121"
    assert parts(uicc_select(card, ADF_USIM, "6F81"))[0x82].hex() == "4621002d0a"


def test_the_rules_of_access_stand_where_the_template_says(card: InHand) -> None:
    rule = parts(uicc_select(card, ADF_USIM, "6F07"))[0x8B]
    uicc_select(card, "3F00", rule[:2].hex())
    record, done = say(card, f"00 B2 {rule[2]:02X} 04 28")
    assert done == "9000" and record.startswith("800101" + "A406830101950108")


def test_the_directory_names_the_application(card: InHand) -> None:
    uicc_select(card, "2F00")
    record, _ = say(card, "00 B2 01 04 26")
    assert record.startswith("61184F10A0000000871002")


def test_the_first_of_two_applications_answers_to_what_both_begin_with() -> None:
    card = of("with_isim")
    assert parts(uicc_select(card, "A000000087"))[0x84].hex().upper().startswith("A0000000871004")
    assert word(card, "00 A4 000C 02 6F07") == "6A82"
    assert parts(uicc_select(card, ADF_USIM))[0x84].hex().upper().startswith("A0000000871002")
    uicc_select(card, "7FFF", "6F07")


def test_a_usim_without_a_directory_answers_to_its_name() -> None:
    card = of("no_directory")
    assert word(card, "00 A4 000C 02 2F00") == "6A82"
    uicc_select(card, ADF_USIM, "6F07")


@pytest.mark.parametrize("name", ["A0000000871002", "A0000000871002FFFFFFFF8903020000"])
def test_the_application_is_selected_by_its_name_or_its_beginning(card: InHand, name: str) -> None:
    assert parts(uicc_select(card, name))[0x84].hex().upper() == "A0000000871002FFFFFFFF8903020000"


def test_the_application_is_found_again_by_its_short_name(card: InHand) -> None:
    assert word(card, "00 A4 000C 02 7FFF") == "6A82"
    uicc_select(card, ADF_USIM, "3F00", "7FFF", "6F07")


def test_paths_lead_from_the_root_and_from_here(card: InHand) -> None:
    assert word(card, "00 A4 080C 06 7F105F3A4F3A") == "9000"
    assert word(card, "00 A4 080C 04 7FFF6F07") == "6A82"
    uicc_select(card, ADF_USIM)
    assert word(card, "00 A4 080C 04 7FFF6F07") == "9000"
    uicc_select(card, "7F10")
    assert word(card, "00 A4 090C 04 5F3A4F30") == "9000"
    assert word(card, "00 A4 080C 03 7F105F") == "6700"
    assert word(card, "00 A4 080C 04 7F106F99") == "6A82"


def test_child_and_parent_are_selected_by_their_kin(card: InHand) -> None:
    uicc_select(card, "7F10")
    assert word(card, "00 A4 010C 02 5F3A") == "9000"
    assert word(card, "00 A4 010C 02 4F3A") == "6A82"
    assert word(card, "00 A4 0304").startswith("61")
    assert word(card, "00 A4 0304").startswith("61")
    assert word(card, "00 A4 0304") == "6A82"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("A0 A4 0000 02 3F00", "6E00"),
        ("01 A4 0004 02 3F00", "6881"),
        ("00 A4 0000 02 3F00", "6A86"),
        ("00 A4 0204 02 3F00", "6A86"),
        ("00 A4 0004 03 3F0000", "6700"),
        ("00 A4 0004 02 3F01", "6A82"),
        ("00 A4 0404 04 A0000000", "6700"),
        ("00 A4 0404 07 A0000000871001", "6A82"),
        ("00 F2 0000 00", "6E00"),
        ("80 A4 0004 02 3F00", "6E00"),
        ("80 F2 0300 00", "6A86"),
        ("00 C0 0000 10", "6F00"),
        ("00 B0 0000 01", "6986"),
        ("00 B2 0104 20", "6986"),
        ("00 20 0101 08 " + RIGHT, "6A86"),
        ("00 20 0002 08 " + RIGHT, "6A88"),
        ("00 20 0011 08 " + RIGHT, "6A88"),
        ("00 20 0001 04 31323334", "6700"),
        ("00 24 0001 08 " + RIGHT, "6700"),
        ("00 26 9101 08 " + RIGHT, "6A88"),
        ("00 CA 0000 00", "6D00"),
    ],
)  # fmt: skip
def test_a_command_out_of_form_is_refused_as_by_a_real_card(card: InHand, command: str, expected: str) -> None:
    before = card.card.image()
    assert word(card, command) == expected
    assert card.card.image() == before and card.card.writes == []


def test_the_current_folder_tells_of_itself(card: InHand) -> None:
    template = uicc_select(card, ADF_USIM)
    assert say(card, "80 F2 0000 00") == ("", f"6C{len(template) // 2:02X}")
    assert say(card, f"80 F2 0000 {len(template) // 2:02X}") == (template, "9000")
    assert word(card, "80 F2 000C") == "9000"
    assert say(card, "80 F2 0001 12")[0].startswith("8410A0")


def test_an_answer_may_be_fetched_in_pieces(card: InHand) -> None:
    whole = uicc_select(card, "3F00")
    left = int(word(card, "00 A4 0004 02 3F00")[2:], 16)
    first, more = say(card, "00 C0 0000 10")
    assert more == f"61{left - 16:02X}"
    rest, done = say(card, f"00 C0 0000 {left - 16:02X}")
    assert (first + rest, done) == (whole, "9000")


def test_an_answer_asked_for_at_the_wrong_length_waits(card: InHand) -> None:
    left = word(card, "00 A4 0004 02 3F00")[2:]
    assert word(card, "00 C0 0000 FF") == f"6C{left}"
    assert word(card, f"00 C0 0000 {left}") == "9000"


@pytest.mark.parametrize(
    ("place", "expected"),
    [("0000 0A", "9000"), ("0000 00", "6C0A"), ("0000 0B", "6C0A"), ("0004 00", "6C06"), ("000A 01", "6B00"), ("8200 0A", "9000"),
     ("9F00 0A", "6A82"), ("8504 04", "9000")],
)  # fmt: skip
def test_a_binary_file_is_read_inside_its_bounds_or_by_its_short_name(card: InHand, place: str, expected: str) -> None:
    uicc_select(card, "3F00", "2FE2")
    assert word(card, f"00 B0 {place}") == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [("01 04 20", "9000"), ("FA 04 20", "9000"), ("FB 04 20", "6A83"), ("00 04 20", "6A83"), ("01 04 00", "6C20"),
     ("01 04 1F", "6C20"), ("01 05 20", "6A86"), ("01 02 20", "6A86"), ("01 0C 20", "9000"), ("01 F4 20", "6A82")],
)  # fmt: skip
def test_a_record_is_read_by_its_number_or_its_short_name(card: InHand, place: str, expected: str) -> None:
    uicc_verify(card)
    uicc_select(card, *BOOK)
    assert word(card, f"00 B2 {place}") == expected


def test_next_and_previous_walk_through_the_records(card: InHand) -> None:
    uicc_verify(card)
    uicc_select(card, *BOOK)
    first, second = say(card, "00 B2 00 02 20"), say(card, "00 B2 00 02 20")
    assert [first, second] == [say(card, f"00 B2 {number} 04 20") for number in ("01", "02")]
    assert say(card, "00 B2 00 03 20") == first
    assert word(card, "00 B2 00 03 20") == "6A83"


def test_bytes_and_records_are_not_mixed_up(card: InHand) -> None:
    uicc_select(card, "2FE2")
    assert word(card, "00 B2 01 04 0A") == "6981"
    uicc_select(card, *BOOK)
    assert word(card, "00 B0 0000 0A") == "6981"


def test_records_are_found_by_what_stands_in_them(card: InHand) -> None:
    uicc_verify(card)
    uicc_select(card, *BOOK)
    found = word(card, "00 A2 01 04 02 5988")
    assert found == "6101"
    assert say(card, "00 C0 0000 01") == ("01", "9000")
    assert word(card, "00 A2 01 04 03 58585A") == "6282"
    assert word(card, "00 A2 01 06 01 41") == "6A86"


def test_what_the_pin_closes_is_told_and_opens_with_it(card: InHand) -> None:
    uicc_select(card, ADF_USIM, "6F07")
    assert word(card, "00 B0 0000 09") == "6982"
    assert uicc_verify(card) == "9000"
    assert word(card, "00 B0 0000 09") == "9000"
    assert word(card, "00 D6 0000 01 00") == "6982"


def test_what_is_written_is_noted(card: InHand) -> None:
    uicc_verify(card)
    uicc_select(card, *BOOK)
    assert word(card, "00 DC 01 04 1F" + "FF" * 31) == "6700"
    assert word(card, "00 DC 01 04 20" + "FF" * 32) == "9000"
    uicc_select(card, ADF_USIM, "6F43")
    assert word(card, "00 D6 0001 01 00") == "9000"
    assert card.card.writes == ["UPDATE RECORD 7F10/5F3A/4F3A 1", "UPDATE BINARY 7FFF/6F43"]


def test_asking_for_the_tries_costs_none(card: InHand) -> None:
    before = card.card.image()
    assert [word(card, "00 20 0001"), word(card, "00 20 0001 00"), word(card, "00 2C 0001 00")] == [
        "63C3",
        "63C3",
        "63CA",
    ]
    assert card.card.image() == before and card.card.writes == []


def test_three_false_pins_block(card: InHand) -> None:
    assert [uicc_verify(card, "0000") for _ in range(3)] == ["63C2", "63C1", "63C0"]
    assert [uicc_verify(card), word(card, "00 20 0001")] == ["6983", "6983"]
    assert word(card, f"00 2C 0001 10 {padded('00000000')}{RIGHT}") == "63C9"
    assert word(card, f"00 2C 0001 10 {PUK}{RIGHT}") == "9000"
    assert word(card, "00 20 0001") == "63C3"


def test_the_last_false_puk_is_the_end() -> None:
    card = of("last_puk")
    assert word(card, f"00 2C 0001 10 {padded('00000000')}{RIGHT}") == "63C0"
    assert [word(card, f"00 2C 0001 10 {PUK}{RIGHT}"), word(card, "00 2C 0001")] == ["6983", "6983"]


def test_a_pin_is_taken_off_put_on_and_changed(card: InHand) -> None:
    assert word(card, f"00 28 0001 08 {RIGHT}") == "6984"
    assert word(card, f"00 26 0001 08 {RIGHT}") == "9000"
    assert [word(card, f"00 {act} 0001 08 {RIGHT}") for act in ("20", "26")] == ["6984", "6984"]
    assert word(card, f"00 28 0001 08 {RIGHT}") == "9000"
    assert word(card, f"00 24 0001 10 {RIGHT}{padded('567890')}") == "9000"
    assert [uicc_verify(card), uicc_verify(card, "567890")] == ["63C2", "9000"]


def test_a_fixed_pin_cannot_be_taken_off() -> None:
    assert word(of("pin_fixed"), f"00 26 0001 08 {RIGHT}") == "6985"


def test_the_universal_pin_stands_in_for_the_one_it_replaces() -> None:
    card = of("universal_pin")
    assert word(card, "00 20 0011") == "63C3"
    assert word(card, f"00 26 9101 08 {RIGHT}") == "9000"
    assert parts(uicc_select(card, "3F00"))[0xC6].hex() == "900160830101830181950108830111"
    card.card.power_on()
    uicc_select(card, *BOOK)
    assert word(card, "00 B2 01 04 20") == "6982"
    assert uicc_verify(card, "4321", key="11") == "9000"
    assert word(card, "00 B2 01 04 20") == "9000"


def test_both_applications_of_a_card_show_the_same_entries() -> None:
    card = of("full")
    uicc_verify(card)
    uicc_select(card, *BOOK)
    entry = say(card, "00 B2 01 04 20")
    for fid in ("3F00", "7F10", "6F3A"):
        assert word(card, f"A0 A4 0000 02 {fid}").startswith("9F")
    assert say(card, "A0 B2 0104 20") == entry


def test_over_t_1_the_answer_to_a_selection_comes_at_once() -> None:
    card = of("usim_t1")
    template, done = say(card, "00 A4 0004 02 3F00 00")
    assert done == "9000" and parts(template)[0x83].hex() == "3f00"
    assert word(card, "00 A4 0004 02 3F00").startswith("61")


def test_a_card_of_another_trade_knows_nothing_of_this() -> None:
    card = of("other_trade")
    assert word(card, "A0 A4 0000 02 3F00") == "6E00"
    assert [word(card, "00 A4 0004 02 3F00"), word(card, "00 A4 0404 07 A0000000871002")] == ["6A82", "6A82"]
