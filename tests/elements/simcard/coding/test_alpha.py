"""Names on a card (TS 51.011, annex B; TS 102.221, annex A)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.coding import alpha
from lastcall.elements.simcard.coding.shown import Text
from tests.elements.simcard.coding.signs import bmp_signs, signs_of, unicode_signs
from tests.elements.simcard.coding.writing.alpha import Form, encode_alpha, encode_alpha_as


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
    assert alpha.decode(bytes.fromhex(raw)) == Text(name)


@pytest.mark.parametrize("form", ["80", "81", "82"])
def test_a_name_cut_short_is_damaged(form: Form) -> None:
    raw = encode_alpha_as("Анна", form)
    assert alpha.decode(raw[:-1]).damaged == "cut short"
    assert alpha.decode(raw[:-1]).text == "Анн"


@pytest.mark.parametrize("raw", [b"\x81", b"\x81\x02", b"\x82\x02\x04"])
def test_a_name_without_its_page_is_damaged(raw: bytes) -> None:
    assert alpha.decode(raw) == Text("", "cut short")


@pytest.mark.parametrize("raw", [b"Li\xffWei", b"\x80\x4f\x1f\xff\xff\x00\x41", b"\x81\x01\x08\xa0\x41"])
def test_what_stands_behind_the_end_is_said(raw: bytes) -> None:
    assert alpha.decode(raw).damaged == "something stands behind the end of the name"


def test_half_a_surrogate_pair_is_said() -> None:
    assert alpha.decode(b"\x80\xd8\x3d\xff\xff") == Text("\ufffd", "something that is no character")
    assert alpha.decode(bytes.fromhex("8205D8002DB3B42D31")).text == "-\ufffd\ufffd-1"


def test_a_name_is_one_line() -> None:
    assert alpha.decode(b"a\x0a\x0db").text == "a  b"
    assert alpha.decode(b"\x80\x00a\x00\x0a\x00b").text == "a b"


def test_a_page_at_the_end_of_unicode_does_not_run_over() -> None:
    assert alpha.decode(b"\x82\x01\xff\xff\x81").text == "\ufffd"


@given(st.text(signs_of(0, 0).replace("\n", ""), max_size=60), st.integers(0, 8))
def test_names_in_the_gsm_alphabet_survive(name: str, padding: int) -> None:
    assert alpha.decode(encode_alpha_as(name, "gsm") + b"\xff" * padding) == Text(name)


@given(st.text(unicode_signs, max_size=60), st.integers(0, 8))
def test_names_in_ucs_2_survive(name: str, padding: int) -> None:
    assert alpha.decode(encode_alpha_as(name, "80") + b"\xff" * padding) == Text(name)


@given(st.data(), st.integers(0, 0xFF80), st.integers(0, 8))
def test_names_on_half_a_page_survive(data: st.DataObject, base: int, padding: int) -> None:
    page = st.integers(base, base + 0x7F).map(chr)
    name = data.draw(st.text(st.one_of(page, st.sampled_from("abc 12@€[")), max_size=60))
    name = "".join(sign for sign in name if _seen(sign))
    assert alpha.decode(encode_alpha_as(name, "82") + b"\xff" * padding) == Text(name)


@given(st.data(), st.integers(0, 0xFF), st.integers(0, 8))
def test_names_on_half_an_aligned_page_survive(data: st.DataObject, page: int, padding: int) -> None:
    signs = st.integers(page << 7, (page << 7) + 0x7F).map(chr)
    name = "".join(
        sign for sign in data.draw(st.text(st.one_of(signs, st.sampled_from("abc")), max_size=60)) if _seen(sign)
    )
    assert alpha.decode(encode_alpha_as(name, "81") + b"\xff" * padding) == Text(name)


@given(bmp_signs)
def test_every_single_sign_survives(sign: str) -> None:
    assert alpha.decode(encode_alpha(sign, 10)) == Text(sign)


def _seen(sign: str) -> bool:
    """Whether a decoder gives the sign back as it is."""
    return alpha.decode(b"\x80" + sign.encode("utf-16-be", "surrogatepass")) == Text(sign)
