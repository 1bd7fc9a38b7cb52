"""ICCID, IMSI and numbers in half octets (TS 51.011, 10.1.1, 10.3.2, 10.5.1)."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.coding import digits
from tests.elements.simcard.coding.signs import dialled_numbers
from tests.elements.simcard.coding.writing.digits import encode_dialled, encode_iccid, encode_imsi


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("981062400510444868F2", "8901260450014484862"),
        ("98684006090000000010", "89860460900000000001"),
        ("FFFFFFFFFFFFFFFFFFFF", ""),
        ("98E062400510444868F2", "890E260450014484862"),
        ("98F062400510444868F2", "890F260450014484862"),
        ("981062400510444868A2", "8901260450014484862A"),
        ("9868400A9171091C3254", "898604A0191790C12345"),
        ("98", "89"),
        ("", ""),
    ],
    ids=count(1),
)
def test_an_iccid_is_read_or_empty(raw: str, number: str) -> None:
    """The first is a vector of Android. Letters stand as they are printed on cards of machines."""
    assert digits.iccid(bytes.fromhex(raw)) == number


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("082943019143428721", "234101934247812"),
        ("074106103254 76F8FF", "460012345678"),
        ("082943", ""),
        ("00FFFFFFFFFFFFFFFF", ""),
        ("092943019143428721", ""),
        ("082143019143428721", ""),
        ("0829430191434287A1", ""),
        ("", ""),
    ],
    ids=count(1),
)
def test_an_imsi_is_read_or_empty(raw: str, number: str) -> None:
    """Of the parity only the truth is taken: odd digits say so (10.3.2)."""
    assert digits.imsi(bytes.fromhex(raw)) == number


iccids = st.from_regex(r"89[0-9]{16,18}|89[0-9A-F]{15,17}[0-9A-E]", fullmatch=True)


@given(iccids)
def test_an_iccid_survives(number: str) -> None:
    assert digits.iccid(encode_iccid(number)) == number


@given(iccids)
def test_an_iccid_whose_half_octets_are_not_swapped_is_read_all_the_same(number: str) -> None:
    """Cards of phase 1 (TS 51.011, 10.1.1)."""
    assert digits.iccid(bytes.fromhex(number.ljust(20, "F"))) == number


@given(st.from_regex(r"[0-9]{1,15}", fullmatch=True))
def test_an_imsi_survives(number: str) -> None:
    assert digits.imsi(encode_imsi(number)) == number


@pytest.mark.parametrize(
    ("kind", "bcd", "number"),
    [
        (0x91, "8150367742F3", "+18056377243"),
        (0x81, "8150367742F3", "18056377243"),
        (0xFF, "8150367742F3", "18056377243"),
        (0x91, "F1", "+1"),
        (0x91, "FF", ""),
        (0x91, "8188551512C221436587FF", "+18885551212p12345678"),
        (0x81, "1AD2B3", "*12?3#"),
        (0x91, "1A00FB", "*100#"),
        (0xA1, "0921", "9012"),
        (0xC4, "F0", "0"),
        (0x01, "21F3", "123"),
        (0x00, "", ""),
    ],
    ids=count(1),
)
def test_a_number_is_read_whatever_its_type_and_plan(kind: int, bcd: str, number: str) -> None:
    """The first ones are vectors of Android. Only an international number that begins with a digit has a plus."""
    assert digits.dialled(kind, bytes.fromhex(bcd)) == digits.Dialled(number)


@pytest.mark.parametrize(("bcd", "number", "damaged"), [
    ("21F321", "123", "digits stand behind the end of the number"),
    ("215EF3", "12\ufffd3", "digits without a meaning"),
    ("21E3", "123\ufffd", "digits without a meaning"),
])  # fmt: skip
def test_what_is_no_digit_is_said(bcd: str, number: str, damaged: str) -> None:
    read = digits.dialled(0x81, bytes.fromhex(bcd))
    assert read.damaged == damaged
    assert read.number == number


@pytest.mark.parametrize(("octets", "half_octets", "name"), [
    ("CDE6DB5DCE03", 11, "MMoney"),
    ("C4F23C7D760390EF7619", 20, "Design@Home"),
    ("4937BD2C7797E9D3E614", 20, "InternetSMS"),
    ("1100", 4, "_@"),
    ("1000", 4, "Δ@"),
])  # fmt: skip
def test_letters_are_read_as_other_implementations_read_them(octets: str, half_octets: int, name: str) -> None:
    """Vectors of smspdudecoder, ModemManager and Android."""
    assert digits.dialled(0xD0, bytes.fromhex(octets), half_octets=half_octets).number == name


def test_seven_spare_bits_are_no_at_sign() -> None:
    assert digits.dialled(0xD0, bytes.fromhex("31D98C56B3DD00")).number == "1234567"


@given(dialled_numbers)
def test_a_number_survives(number: str) -> None:
    assert digits.dialled(*encode_dialled(number)) == digits.Dialled(number)


@given(st.from_regex(r"\+?[0-9]{1,400}", fullmatch=True))
def test_a_number_of_any_length_survives(number: str) -> None:
    assert digits.dialled(*encode_dialled(number)) == digits.Dialled(number)
