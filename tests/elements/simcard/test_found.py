"""What a card says of a file: headers of class A0, file control parameters of class 00, and what is neither."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.found import Found, Key, read_fcp, read_gsm


def test_a_list_of_class_a0_tells_length_and_number_of_its_records() -> None:
    header = bytes.fromhex("00001F406F3A040011FF44010201 20".replace(" ", ""))
    assert read_gsm(header) == Found(structure="records", size=8000, length=32, records=250, sure=True)


def test_a_directory_of_class_a0_tells_how_the_pin_stands() -> None:
    header = bytes.fromhex("00000BB83F0001000000000009130109050083 8A 83 8A".replace(" ", ""))
    found = read_gsm(header)
    assert (found.structure, found.enabled, found.tries, found.puk_tries) == ("directory", True, 3, 10)
    off = header[:13] + bytes([header[13] | 0x80]) + header[14:]
    assert read_gsm(off).enabled is False


def test_a_secret_code_that_was_never_set_has_no_tries() -> None:
    header = bytes.fromhex("00000BB83F000100000000000913010905000300830A")
    assert (read_gsm(header).tries, read_gsm(header).puk_tries) == (None, None)


def test_a_linear_file_of_class_00_is_read() -> None:
    fcp = bytes.fromhex("621A82054221002 0FA83026F3A8A01058B036F060180021F408801 00".replace(" ", ""))
    assert read_fcp(fcp) == Found(structure="records", size=8000, length=32, records=250, sure=True)


def test_lengths_that_do_not_fit_together_are_not_trusted() -> None:
    fcp = bytes.fromhex("620D8205422100200A83026F3A80021F40")
    found = read_fcp(fcp)
    assert (found.records, found.length, found.sure) == (10, 32, False)


def test_the_pins_of_a_usim_are_told_with_what_stands_in_for_them() -> None:
    template = bytes.fromhex("C60F900160 830101 830181 950108 830111".replace(" ", ""))
    fcp = bytes.fromhex("6215 82027821".replace(" ", "")) + template
    assert read_fcp(fcp).keys == (
        Key(reference=0x01, enabled=False),
        Key(reference=0x81, enabled=True),
        Key(reference=0x11, enabled=True, used=True),
    )


def test_a_universal_pin_that_is_not_used_is_told_so() -> None:
    template = bytes.fromhex("C60C9001C0 830101 950100 830111".replace(" ", ""))
    fcp = bytes.fromhex("6212 82027821".replace(" ", "")) + template
    assert [key.used for key in read_fcp(fcp).keys] == [True, False]


def test_records_are_trusted_where_the_card_leaves_out_the_size_of_the_file() -> None:
    fcp = bytes.fromhex("620B8205422100200A83026F3A")
    assert read_fcp(fcp) == Found(structure="records", size=320, length=32, records=10, sure=True)


@given(st.binary(max_size=60))
def test_no_answer_to_a_selection_is_an_obstacle(raw: bytes) -> None:
    for found in (read_gsm(raw), read_fcp(raw), read_fcp(b"\x62" + bytes([len(raw)]) + raw)):
        assert 0 <= found.records <= 254
        assert 0 <= found.length <= 255
