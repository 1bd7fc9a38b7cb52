"""SIM identities as people type them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from lastcall.core.errors import BadInput
from lastcall.core.numbers.iccid import parse_iccid, parse_imsi, same_card

NINETEEN = "8970199123456789012"
TWENTY = "89701991234567890127"


def refused(parse: Callable[[str], str], text: str) -> BadInput:
    with pytest.raises(BadInput) as trouble:
        parse(text)
    return trouble.value


@pytest.mark.parametrize(
    ("text", "iccid"),
    [
        (NINETEEN, NINETEEN),
        (TWENTY, TWENTY),
        (NINETEEN + "F", NINETEEN),
        (NINETEEN + "f", NINETEEN),
        (" 89701 99123 45678 9012 ", NINETEEN),
        ("897019912-345678901-27", TWENTY),
        ("８９７０１９９１２３４５６７８９０１２", NINETEEN),
    ],
)
def test_a_card_number_is_read_however_it_is_typed(text: str, iccid: str) -> None:
    assert parse_iccid(text) == iccid


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "0 digits"),
        (NINETEEN[:-1], "18 digits"),
        (TWENTY + "0", "21 digits"),
        ("897019912345678901O", "other than digits"),
        ("F" + NINETEEN, "other than digits"),
        ("7970199123456789012", "start with 89"),
    ],
)
def test_it_says_what_is_wrong_with_a_card_number(text: str, what: str) -> None:
    trouble = refused(parse_iccid, text)
    assert trouble.code == "malformed_iccid"
    assert what in trouble.message
    assert trouble.remedy


def test_a_mistyped_digit_is_to_be_typed_again_from_the_card() -> None:
    trouble = refused(parse_iccid, NINETEEN[:-1] + "3")
    assert "control digit" in trouble.message
    assert trouble.remedy == "Type it again from the card."


@given(st.integers(0, 10**16 - 1), st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body: int, place: int, shift: int) -> None:
    start = f"89{body:016d}"
    iccid = start + luhn.calc_check_digit(start)
    wrong = iccid[:place] + str((int(iccid[place]) + shift) % 10) + iccid[place + 1 :]
    assert parse_iccid(iccid) == iccid
    assert refused(parse_iccid, wrong).code == "malformed_iccid"


@pytest.mark.parametrize(
    "text", ["250011234567890", "25001 1234 567890", "001010000000001", "901700000000001", "250011"]
)
def test_an_imsi_is_read(text: str) -> None:
    assert parse_imsi(text) == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("25001", "5 digits"),
        ("", "0 digits"),
        ("2500112345678901", "16 digits"),
        ("25001123456789a", "other than digits"),
        ("150011234567890", "150 is no mobile country code"),
        ("000011234567890", "000 is no mobile country code"),
    ],
)
def test_it_says_what_is_wrong_with_an_imsi(text: str, what: str) -> None:
    trouble = refused(parse_imsi, text)
    assert trouble.code == "malformed_imsi"
    assert what in trouble.message
    assert trouble.remedy


@given(st.one_of(st.text(), st.text(alphabet="0123456789 Ff-", max_size=24)))
def test_any_text_is_digits_or_bad_input(text: str) -> None:
    for parse in (parse_iccid, parse_imsi):
        try:
            outcome = parse(text)
        except BadInput as trouble:
            outcome = trouble.code
        assert outcome in {"malformed_iccid", "malformed_imsi"} or (outcome.isascii() and outcome.isdecimal())


@pytest.mark.parametrize("on_file", [NINETEEN, TWENTY])
def test_a_card_holds_the_whole_number_or_all_but_its_control_digit(on_file: str) -> None:
    for on_card in (on_file, on_file + "F", on_file[:-1], on_file[:-1] + "FF", " ".join(on_file)):
        assert same_card(on_file, on_card)


@pytest.mark.parametrize(
    ("on_file", "on_card"),
    [
        (NINETEEN, TWENTY),  # a digit more is another issuer's length
        (NINETEEN, NINETEEN[:-1] + "1"),  # another control digit is a number misread
        (NINETEEN, NINETEEN[:-2] + "22"),
        (NINETEEN, NINETEEN[1:]),
        (TWENTY, TWENTY[:-2]),
        (NINETEEN, "0" * 19),
        (NINETEEN, "898604A0191790C12345"),  # letters, as some machines' cards have them
        (NINETEEN, NINETEEN[:-2] + "a" + NINETEEN[-1]),
        (NINETEEN, "897019912345678F01"),
    ],
)
def test_any_other_number_is_another_card(on_file: str, on_card: str) -> None:
    assert not same_card(on_file, on_card)


def test_a_number_on_file_without_a_control_digit_is_only_the_same_as_itself() -> None:
    odd = NINETEEN[:-1] + "0"
    assert same_card(odd, odd)
    assert not same_card(odd, odd[:-1])


@pytest.mark.parametrize("on_card", ["", "F", "8970", "8" * 17, "8" * 21, "89701991234567XY01", "\ud800" * 19])
def test_what_no_card_can_hold_is_refused(on_card: str) -> None:
    with pytest.raises(BadInput) as refusal:
        same_card(NINETEEN, on_card)
    assert refusal.value.code == "malformed_iccid"


@given(st.integers(0, 10**11 - 1), st.integers(0, 18), st.integers(1, 9))
def test_one_digit_misread_is_never_the_same_card(serial: int, place: int, off: int) -> None:
    body = f"8970199{serial:011d}"
    whole = body + luhn.calc_check_digit(body)
    other = f"{whole[:place]}{(int(whole[place]) + off) % 10}{whole[place + 1 :]}"
    assert not same_card(whole, other)
    assert place == 18 or not same_card(whole, other[:-1])
