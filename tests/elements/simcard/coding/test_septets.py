"""GSM 7-bit text: the packing of TS 23.038, 6.1.2, and the tables of 6.2.1, A.2 and A.3."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.coding import septets
from lastcall.elements.simcard.coding.shown import Text
from lastcall.elements.simcard.coding.tables import LOCKING, SINGLE
from tests.elements.simcard.coding.signs import languages, signs_of
from tests.elements.simcard.coding.writing.septets import encode_septets, pack

SCRIPTS = {
    4: "BENGALI", 5: "GUJARATI", 6: "DEVANAGARI", 7: "KANNADA", 8: "MALAYALAM", 9: "ORIYA", 10: "GURMUKHI", 11: "TAMIL",
    12: "TELUGU", 13: "ARABIC",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "packed"),
    [
        ("hellohello", "E8329BFD4697D9EC37"),
        ("How are you?", "C8F71D14969741F977FD07"),
        ("2 € par mois", "32D0A60C8287E5A0F63B3D07"),
        ("1234567", "31D98C56B3DD00"),
        ("Test", "D4F29C0E"),
        ("Design@Home", "C4F23C7D760390EF7619"),
    ],
)
def test_septets_are_packed_as_other_implementations_pack_them(text: str, packed: str) -> None:
    """Vectors of ModemManager, smspdudecoder and Android."""
    signs = encode_septets(text)
    assert pack(signs) == bytes.fromhex(packed)
    assert septets.decode(septets.unpack(bytes.fromhex(packed), len(signs))).text == text


@given(st.binary(max_size=180).map(lambda raw: bytes(octet & 0x7F for octet in raw)))
def test_what_is_packed_is_unpacked(signs: bytes) -> None:
    assert septets.unpack(pack(signs), len(signs)) == signs


@given(st.binary(max_size=200), st.integers(0, 300))
def test_no_more_septets_are_unpacked_than_there_are(packed: bytes, count: int) -> None:
    assert len(septets.unpack(packed, count)) == min(count, len(packed) * 8 // 7)


@given(st.data(), languages)
def test_text_of_every_pair_of_tables_survives(data: st.DataObject, pair: tuple[int, int]) -> None:
    locking, single = pair
    text = data.draw(st.text(signs_of(locking, single), max_size=80))
    read = septets.decode(encode_septets(text, locking=locking, single=single), locking=locking, single=single)
    assert (read.text, read.damaged) == (text, "")


@given(st.binary(max_size=200), st.integers(0, 255), st.integers(0, 255))
def test_any_octets_are_read_in_any_language(octets: bytes, locking: int, single: int) -> None:
    assert len(septets.decode(octets, locking=locking, single=single).text) <= len(octets)


def test_an_escaped_septet_without_a_sign_is_the_one_of_the_main_table() -> None:
    assert septets.decode(b"\x1b\x41").text == "A"
    assert septets.decode(b"\x1b\x7f").text == "à"


def test_an_escape_behind_an_escape_is_a_space() -> None:
    assert septets.decode(b"\x1b\x1ba") == Text(" a")


def test_a_text_that_ends_within_an_escape_is_damaged() -> None:
    assert septets.decode(b"a\x1b") == Text("a", "it ends within a sign")


def test_an_octet_over_127_is_no_sign() -> None:
    assert septets.decode(b"a\x80") == Text("a\ufffd", "a sign that its alphabet does not have")


@pytest.mark.parametrize("language", [0, 2, 14, 255])
def test_a_language_without_a_locking_table_is_read_by_the_default_one(language: int) -> None:
    assert septets.decode(b"\x04", locking=language).text == "è"


def test_every_language_of_the_standard_is_there() -> None:
    assert set(LOCKING) == {0, 1, *range(3, 14)}, "Spanish has no locking table (A.3.2)"
    assert set(SINGLE) == set(range(14))


@pytest.mark.parametrize("language", LOCKING)
def test_a_locking_table_is_whole(language: int) -> None:
    """Digits, small letters, line ends and the escape stand at the same places in all of them, and no sign stands twice."""
    table = LOCKING[language]
    assert len(table) == 128
    assert table[0x30:0x3A] == "0123456789"
    assert table[0x61:0x7B] == "abcdefghijklmnopqrstuvwxyz"
    assert (table[0x0A], table[0x0D], table[0x1B], table[0x20], table[0x2C], table[0x2E]) == (
        "\n",
        "\r",
        "\x1b",
        " ",
        ",",
        ".",
    )
    signs = [sign for sign in table if sign != "\ufffd"]
    assert len(signs) == len(set(signs))


@pytest.mark.parametrize(("language", "script"), SCRIPTS.items())
def test_the_tables_of_india_are_of_one_script(language: int, script: str) -> None:
    """Besides ASCII and punctuation that the scripts share; every sign is one that Unicode names."""
    other = {sign for sign in LOCKING[language] if ord(sign) > 0x7F and sign != "\ufffd"}
    single = {
        sign
        for place, sign in SINGLE[language].items()
        if place in {*range(0x19, 0x28), *range(0x2A, 0x3C)} - {0x1B, 0x2F}
    }
    names = {unicodedata.name(sign) for sign in other | single} - {"DEVANAGARI DANDA", "DEVANAGARI DOUBLE DANDA"}
    names -= {name for name in names if name.startswith("EXTENDED ARABIC-INDIC DIGIT")}
    assert {name.split()[0] for name in names} == {script}


@pytest.mark.parametrize("language", range(4, 14))
def test_the_single_shift_tables_of_india_have_capital_letters_and_the_euro(language: int) -> None:
    table = SINGLE[language]
    assert "".join(table[place] for place in range(0x41, 0x5B)) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert (table[0x00], table[0x16], table[0x2F], table[0x40], table[0x65]) == ("@", "_", "\\", "|", "€")


@pytest.mark.parametrize(
    ("language", "place", "signs"),
    [
        (1, 0x04, "€éùıòÇ\nĞğ"),
        (3, 0x12, "ªÇÀ∞^\\€Ó|"),
        (4, 0x22, "\u099f\u09a0\u09a1\u09a2\u09a3\u09a4)(\u09a5\u09a6,\u09a7.\u09a8"),
        (
            5,
            0x50,
            "\u0abe\u0abf\u0ac0\u0ac1\u0ac2\u0ac3\u0ac4\u0ac5\ufffd\u0ac7\u0ac8\u0ac9\ufffd\u0acb\u0acc\u0acd\u0ad0",
        ),
        (
            6,
            0x3C,
            "\u0929\u092a\u092b?\u092c\u092d\u092e\u092f\u0930\u0931\u0932\u0933\u0934\u0935\u0936\u0937\u0938\u0939",
        ),
        (7, 0x22, "\u0c9f\u0ca0\u0ca1\u0ca2\u0ca3\u0ca4)(\u0ca5\u0ca6,\u0ca7.\u0ca8"),
        (
            8,
            0x4A,
            "\u0d36\u0d37\u0d38\u0d39\ufffd\u0d3d\u0d3e\u0d3f\u0d40\u0d41\u0d42\u0d43\u0d44\ufffd\u0d46\u0d47\u0d48",
        ),
        (9, 0x7B, "\u0b57\u0b60\u0b61\u0b62\u0b63"),
        (
            10,
            0x4A,
            "\u0a36\ufffd\u0a38\u0a39\u0a3c\ufffd\u0a3e\u0a3f\u0a40\u0a41\u0a42\ufffd\ufffd\ufffd\ufffd\u0a47\u0a48",
        ),
        (11, 0x10, "\u0b90\ufffd\u0b92\u0b93\u0b94\u0b95\ufffd\ufffd\ufffd\u0b99\u0b9a\x1b\ufffd\u0b9c\ufffd\u0b9e"),
        (12, 0x7B, "\u0c56\u0c60\u0c61\u0c62\u0c63"),
        (
            13,
            0x00,
            "\u0627\u0622\u0628\u067b\u0680\u067e\u06a6\u062a\u06c2\u067f\n\u0679\u067d\r\u067a\u067c\u062b\u062c\u0681",
        ),
        (
            13,
            0x40,
            "\u0635\u0636\u0637\u0638\u0639\u0641\u0642\u06a9\u06aa\u06ab\u06af\u06b3\u06b1\u0644\u0645\u0646\u06ba",
        ),
        (
            13,
            0x50,
            "\u06ba\u06bb\u06bc\u0648\u06c4\u06d5\u06c1\u06be\u0621\u06cc\u06d0\u06d2\u064d\u0650\u064f\u0657\u0654",
        ),
    ],
)
def test_a_locking_table_has_the_signs_that_telephones_have(language: int, place: int, signs: str) -> None:
    """Rows of TS 23.038, A.3, as Android has them (its GsmAlphabet), which puts right the slip at 0x24 in Kannada."""
    assert LOCKING[language][place : place + len(signs)] == signs


@pytest.mark.parametrize(
    ("language", "place", "signs"),
    [
        (
            4,
            0x20,
            "\u09ec\u09ed\u09ee\u09ef\u09df\u09e0\u09e1\u09e2{}\u09e3\u09f2\u09f3\u09f4\u09f5\\\u09f6\u09f7\u09f8\u09f9\u09fa",
        ),
        (
            6,
            0x24,
            "\u096e\u096f\u0951\u0952{}\u0953\u0954\u0958\u0959\u095a\\\u095b\u095c\u095d\u095e\u095f\u0960\u0961\u0962\u0963",
        ),
        (7, 0x24, "\u0cee\u0cef\u0cde\u0cf1{}\u0cf2"),
        (10, 0x26, "\u0a59\u0a5a{}\u0a5b\u0a5c\u0a5e\u0a75"),
        (11, 0x20, "\u0bea\u0beb\u0bec\u0bed\u0bee\u0bef\u0bf3\u0bf4{}\u0bf5\u0bf6\u0bf7\u0bf8\u0bfa\\"),
        (
            12,
            0x1C,
            "\u0c66\u0c67\u0c68\u0c69\u0c6a\u0c6b\u0c6c\u0c6d\u0c6e\u0c6f\u0c58\u0c59{}\u0c78\u0c79\u0c7a\u0c7b\u0c7c\\",
        ),
        (13, 0x30, "\u0613\u0614\u061b\u061f\u0640\u0652\u0658\u066b\u066c\u0672\u0673\u06cd[~]\u06d4|"),
    ],
)
def test_a_single_shift_table_has_the_signs_that_telephones_have(language: int, place: int, signs: str) -> None:
    """Rows of TS 23.038, A.2, as Firefox OS has them."""
    assert "".join(SINGLE[language][at] for at in range(place, place + len(signs))) == signs


def test_turkish_spanish_and_portuguese_letters_are_reached_by_single_shift() -> None:
    assert septets.decode(b"\x1bS\x1bs\x1bG\x1bg\x1bI\x1bi\x1bc", single=1) == Text("ŞşĞğİıç")
    assert septets.decode(b"Buenos d\x1bias", single=2) == Text("Buenos días")
    assert septets.decode(b"\x1b\x09\x1b\x7bo", single=3) == Text("ção")
