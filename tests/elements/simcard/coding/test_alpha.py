"""Names on a card (TS 51.011, annex B; TS 102.221, annex A)."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.core.errors import BadInput
from lastcall.elements.simcard.coding import alpha
from tests.elements.simcard.coding.signs import bmp_signs, signs_of, some_text, unicode_signs


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("6F466F6E6FFFFF", "oFono"),
        ("80006F006E006F", "ono"),
        ("80006F006E006FFFFFFF", "ono"),
        ("80006F006E006FFFFF", "ono"),
        ("8103006F6E6FFF", "ono"),
        ("810508B3B4B55354FFFFFF", "гдеST"),
        ("81041353 95A6A6FFFF", "S\u0995\u09a6\u09a6"),
        ("820505302D82D32D31", "-\u0532\u0583-1"),
        ("820504002DB3B42D31", "-гд-1"),
        ("FFFFFFFFFF", ""),
        ("566F696365204D61696C", "Voice Mail"),
        ("809673539A5764002F004DFFFFFFFFFF", "陳厚坤/M"),
        ("810A01566FEC6365204DE0696CFFFFFF", "Voìce Màil"),
        ("810101C1FFFFFFFF", "Á"),
    ],
)
def test_names_are_read_as_other_implementations_read_them(raw: str, name: str) -> None:
    """Vectors of TS 102.221, annex A, oFono and Android."""
    assert alpha.decode(bytes.fromhex(raw)) == alpha.Alpha(name)


@pytest.mark.parametrize("form", ["80", "81", "82"])
def test_a_name_cut_short_is_damaged(form: alpha.Form) -> None:
    raw = alpha.encode_as("Анна", form)
    assert alpha.decode(raw[:-1]).damaged == "cut short"
    assert alpha.decode(raw[:-1]).text == "Анн"


@pytest.mark.parametrize("raw", [b"\x81", b"\x81\x02", b"\x82\x02\x04"])
def test_a_name_without_its_page_is_damaged(raw: bytes) -> None:
    assert alpha.decode(raw) == alpha.Alpha("", "cut short")


@pytest.mark.parametrize("raw", [b"Li\xffWei", b"\x80\x4f\x1f\xff\xff\x00\x41", b"\x81\x01\x08\xa0\x41"])
def test_what_stands_behind_the_end_is_said(raw: bytes) -> None:
    assert alpha.decode(raw).damaged == "something stands behind the end of the name"


def test_half_a_surrogate_pair_is_said() -> None:
    assert alpha.decode(b"\x80\xd8\x3d\xff\xff") == alpha.Alpha("\ufffd", "something that is no character")
    assert alpha.decode(bytes.fromhex("8205D8002DB3B42D31")).text == "-\ufffd\ufffd-1"


def test_a_name_is_one_line() -> None:
    assert alpha.decode(b"a\x0a\x0db").text == "a  b"
    assert alpha.decode(b"\x80\x00a\x00\x0a\x00b").text == "a b"


def test_a_page_at_the_end_of_unicode_does_not_run_over() -> None:
    assert alpha.decode(b"\x82\x01\xff\xff\x81").text == "\ufffd"


@pytest.mark.parametrize(
    ("name", "first"), [("Anna", ord("A")), ("Анна", 0x80), ("李伟", 0x80), ("Anna 🙂", 0x80), ("Ä{", ord("["))]
)
def test_the_simplest_form_is_taken_first(name: str, first: int) -> None:
    raw = alpha.encode(name, 20)
    assert len(raw) == 20
    assert raw[0] == first
    assert alpha.decode(raw) == alpha.Alpha(name)


def test_a_name_that_does_not_fit_in_ucs_2_is_taken_on_half_a_page() -> None:
    assert alpha.encode("Анна Петрова", 15)[:3] == b"\x81\x0c\x08"
    assert alpha.encode("яѐяѐяѐяѐя", 13)[:4] == b"\x81\x09\x08\xcf"
    assert alpha.encode("\u047f\u0480" * 5, 14)[:4] == b"\x82\x0a\x04\x7f"


@pytest.mark.parametrize(("name", "room"), [("Anna", 3), ("李伟在莫斯科", 12), ("Анна", 6), ("a", 0)])
def test_a_name_that_does_not_fit_is_refused(name: str, room: int) -> None:
    with pytest.raises(BadInput) as refused:
        alpha.encode(name, room)
    assert refused.value.code == "too_long"


def test_half_a_surrogate_pair_is_not_written() -> None:
    with pytest.raises(BadInput) as refused:
        alpha.encode("\ud83d", 20)
    assert refused.value.code == "not_in_alphabet"


@pytest.mark.parametrize(("name", "form", "code"), [
    ("Анна", "gsm", "not_in_alphabet"), ("李伟", "81", "not_in_alphabet"), ("李Ж", "82", "not_in_alphabet"),
    ("Ж" * 256, "81", "too_long"), ("\uff01", "81", "not_in_alphabet"),
])  # fmt: skip
def test_a_form_that_cannot_hold_the_name_is_refused(name: str, form: alpha.Form, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        alpha.encode_as(name, form)
    assert refused.value.code == code


@given(st.text(signs_of(0, 0).replace("\n", ""), max_size=60), st.integers(0, 8))
def test_names_in_the_gsm_alphabet_survive(name: str, padding: int) -> None:
    assert alpha.decode(alpha.encode_as(name, "gsm") + b"\xff" * padding) == alpha.Alpha(name)


@given(st.text(unicode_signs, max_size=60), st.integers(0, 8))
def test_names_in_ucs_2_survive(name: str, padding: int) -> None:
    assert alpha.decode(alpha.encode_as(name, "80") + b"\xff" * padding) == alpha.Alpha(name)


@given(st.data(), st.integers(0, 0xFF80), st.integers(0, 8))
def test_names_on_half_a_page_survive(data: st.DataObject, base: int, padding: int) -> None:
    page = st.integers(base, base + 0x7F).map(chr)
    name = data.draw(st.text(st.one_of(page, st.sampled_from("abc 12@€[")), max_size=60))
    name = "".join(sign for sign in name if _seen(sign))
    assert alpha.decode(alpha.encode_as(name, "82") + b"\xff" * padding) == alpha.Alpha(name)


@given(st.data(), st.integers(0, 0xFF), st.integers(0, 8))
def test_names_on_half_an_aligned_page_survive(data: st.DataObject, page: int, padding: int) -> None:
    signs = st.integers(page << 7, (page << 7) + 0x7F).map(chr)
    name = "".join(
        sign for sign in data.draw(st.text(st.one_of(signs, st.sampled_from("abc")), max_size=60)) if _seen(sign)
    )
    assert alpha.decode(alpha.encode_as(name, "81") + b"\xff" * padding) == alpha.Alpha(name)


@given(some_text, st.integers(0, 300))
def test_a_name_fits_and_survives_or_is_refused(name: str, room: int) -> None:
    if all(len(_form(name, form)) > room for form in get_args(alpha.Form)):
        with pytest.raises(BadInput, match="does not fit"):
            alpha.encode(name, room)
        return
    raw = alpha.encode(name, room)
    assert len(raw) == room
    assert alpha.decode(raw) == alpha.Alpha(name)


@given(bmp_signs)
def test_every_single_sign_survives(sign: str) -> None:
    assert alpha.decode(alpha.encode(sign, 10)) == alpha.Alpha(sign)


def _form(name: str, form: alpha.Form) -> bytes:
    try:
        return alpha.encode_as(name, form)
    except BadInput:
        return b"\xff" * 1000


def _seen(sign: str) -> bool:
    """Whether a decoder gives the sign back as it is."""
    return alpha.decode(b"\x80" + sign.encode("utf-16-be", "surrogatepass")) == alpha.Alpha(sign)
