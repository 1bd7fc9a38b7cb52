"""The machine-readable zone as text: fields, check digits, and what may be repaired."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.identity.issuers import alpha_2, is_known
from lastcall.elements.identity.mrz import TD3, Zone, check_digit, line_holds, parse, repair

from .pages import PEOPLE, zone

TODAY = date(2026, 11, 23)
ANNA = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)  # ICAO Doc 9303 part 4, appendix B


def read(*lines: str) -> Zone:
    found = parse(lines, today=TODAY)
    assert found is not None
    return found


def changed(line: str, place: int, sign: str) -> str:
    return line[:place] + sign + line[place + 1 :]


def test_the_standards_own_passport() -> None:
    assert read(*ANNA) == Zone(
        "TD3", "P", "UTO", "L898902C3", "ERIKSSON", "ANNA MARIA", date(1974, 8, 12), date(2012, 4, 15), frozenset()
    )


def test_the_standards_own_small_card() -> None:
    """ICAO Doc 9303 part 5, appendix B."""
    found = read("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
    assert (found.layout, found.number, found.surname, found.faults) == ("TD1", "D23145890", "ERIKSSON", frozenset())
    assert not found.is_passport


def test_the_standards_own_large_card() -> None:
    """ICAO Doc 9303 part 6, appendix B."""
    found = read("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
    assert (found.layout, found.number, found.given_names, found.faults) == (
        "TD2",
        "D23145890",
        "ANNA MARIA",
        frozenset(),
    )
    assert not found.is_passport


@pytest.mark.parametrize(
    ("text", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8")]
)
def test_the_standards_own_check_digits(text: str, digit: str) -> None:
    assert check_digit(text) == digit


@pytest.mark.parametrize("lines", [(), ANNA[:1], (ANNA[0], ANNA[1][:-1]), (ANNA[0] + "<", ANNA[1]), (*ANNA, ANNA[1])])
def test_other_shapes_are_no_zone(lines: tuple[str, ...]) -> None:
    assert parse(lines, today=TODAY) is None


@pytest.mark.parametrize(
    ("line", "place", "sign", "fault"),
    [
        (1, 9, "7", "number's check digit"),
        (1, 19, "3", "birth's check digit"),
        (1, 27, "8", "expiry's check digit"),
        (1, 42, "2", "optional data's check digit"),
        (1, 43, "1", "last check digit"),
        (1, 12, "A", "issuer and nationality differ"),
        (0, 2, "Q", "issuer"),
        (0, 0, "X", "code"),
        (0, 7, "4", "names"),
        (0, 7, "<", ""),
        (0, 44 - 5, "X", "names"),
        (0, 20, "?", "alphabet"),
        (1, 4, "?", "alphabet"),
        (1, 20, "Q", "sex"),
        (1, 3, "<", "number"),
    ],
)
def test_what_does_not_hold_is_told(line: int, place: int, sign: str, fault: str) -> None:
    lines = [changed(text, place, sign) if number == line else text for number, text in enumerate(ANNA)]
    faults = read(*lines).faults
    assert (fault in faults) if fault else not faults


def person(**changes: str) -> tuple[str, str]:
    """Li Wei's zone with fields as given, check digits made for them."""
    from .pages import check_digit as reckoned

    fields = {
        "number": "E12345678",
        "born": "030501",
        "expires": "310814",
        "rest": "<" * 14,
        "rest_check": "<",
    } | changes
    head = fields["number"] + reckoned(fields["number"])
    born, expires = (fields[name] + reckoned(fields[name]) for name in ("born", "expires"))
    rest = fields["rest"] + fields["rest_check"]
    last = reckoned(head + born + expires + rest)
    return "P<CHNLI<<WEI".ljust(44, "<"), f"{head}CHN{born}M{expires}{rest}{last}"


@pytest.mark.parametrize(
    ("born", "is_read", "holds"),
    [
        ("030501", date(2003, 5, 1), True),
        ("261123", date(2026, 11, 23), True),
        ("261124", date(1926, 11, 24), True),
        ("000229", date(2000, 2, 29), True),
        ("74<<<<", None, True),
        ("7408<<", None, True),
        ("<<<<<<", None, True),
        ("741301", None, False),
        ("740230", None, False),
        ("74<<12", None, False),
    ],
)
def test_days_of_birth(born: str, is_read: date | None, holds: bool) -> None:
    found = read(*person(born=born))
    assert (found.born, not found.faults) == (is_read, holds)


@pytest.mark.parametrize(
    ("expires", "holds"), [("310814", True), ("240101", True), ("311301", False), ("<<<<<<", False)]
)
def test_days_of_expiry(expires: str, holds: bool) -> None:
    assert (not read(*person(expires=expires)).faults) == holds


def test_nobody_is_born_after_the_expiry() -> None:
    assert read(*person(born="150101", expires="140101")).faults == {"order of dates"}


def test_empty_optional_data_may_have_a_zero_or_a_filler() -> None:
    assert not read(*person(rest_check="0")).faults
    assert not read(*person(rest_check="<")).faults
    assert read(*person(rest_check="1")).faults == {"optional data's check digit"}


@pytest.mark.parametrize(
    ("names", "surname", "given"),
    [
        ("LI<<WEI", "LI", "WEI"),
        ("ERIKSSON<<ANNA<MARIA", "ERIKSSON", "ANNA MARIA"),
        ("VAN<DER<MUELLEN<<HILDE", "VAN DER MUELLEN", "HILDE"),
        ("SUHARTINI", "SUHARTINI", ""),
        ("A" * 39, "A" * 39, ""),
        ("NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K", "NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K"),
        ("<<LI<WEI", "", ""),
        ("LI<<<WEI", "", ""),
        ("LI<<WEI<<MING", "", ""),
        ("LI<<WE3", "", ""),
    ],
)
def test_names(names: str, surname: str, given: str) -> None:
    found = read(f"P<CHN{names:<<39}", person()[1])
    assert (found.surname, found.given_names) == (surname, given)
    assert ("names" in found.faults) == (not surname)


@pytest.mark.parametrize(
    ("issuer", "country"),
    [
        ("D", "DE"),
        ("CHN", "CN"),
        ("RUS", "RU"),
        ("TWN", "TW"),
        ("UTO", ""),
        ("XXA", ""),
        ("GBD", ""),
        ("RKS", ""),
        ("UNO", ""),
    ],
)
def test_issuers(issuer: str, country: str) -> None:
    assert is_known(issuer) and alpha_2(issuer) == country


@pytest.mark.parametrize("code", ["", "XYZ", "DE", "chn", "<<<", "ION"])
def test_what_is_no_issuer(code: str) -> None:
    assert not is_known(code) and alpha_2(code) == ""


def test_russias_internal_passport_is_none_for_travel() -> None:
    inner = read("PNRUSPETROVA<<ANNA<IVANOVNA".ljust(44, "<"), person()[1].replace("CHN", "RUS"))
    assert not inner.faults and not inner.is_passport
    assert read(*person()).is_passport


def test_letters_in_fields_of_digits_are_repaired() -> None:
    first, second = person(born="010601", expires="350814")
    seen = second[:13] + second[13:20].replace("0", "O").replace("1", "I") + second[20:]
    seen = seen[:21] + seen[21:27].replace("5", "S").replace("8", "B") + seen[27:]
    assert seen != second
    assert read(first, seen) == read(first, second) and not read(first, seen).faults


def test_digits_and_quotation_marks_in_names_are_repaired() -> None:
    assert read("P<UTO0VCHINNIK0V««1GOR«<<<<<<<<<<<<<<<<<<<<<", ANNA[1]).surname == "OVCHINNIKOV"
    assert read("P<UTO0VCHINNIK0V««1GOR«<<<<<<<<<<<<<<<<<<<<<", ANNA[1]).given_names == "IGOR"


@pytest.mark.parametrize(
    ("seen", "meant"),
    [("1ND", "IND"), ("IN0", "IND"), ("I0N", "IDN"), ("U2B", "UZB"), ("RU5", "RUS"), ("OOO", "OOO"), ("DO<", "DO<")],
)
def test_a_state_is_mended_when_just_one_can_be_meant(seen: str, meant: str) -> None:
    assert repair(f"E123456784{seen}0305018M3108147<<<<<<<<<<<<<<<0", 1, TD3)[10:13] == meant


def test_the_document_number_is_never_repaired() -> None:
    for seen in ("E1234567O", "EI2345678", "E12345G78", "«12345678"):
        assert repair(seen + person()[1][9:], 1, TD3)[:9] == seen.replace("«", "<")


CHECKED = [*range(10), *range(13, 20), *range(21, 43)]
"""Places of the second line that a check digit covers."""


@st.composite
def second_lines(draw: st.DrawFn) -> tuple[str, str]:
    someone = draw(st.sampled_from(PEOPLE))
    number = draw(st.text(string.digits + string.ascii_uppercase, min_size=6, max_size=9))
    born = draw(st.dates(date(1950, 1, 1), date(2010, 1, 1)))
    expires = draw(st.dates(date(2027, 1, 1), date(2036, 1, 1)))
    optional = draw(st.text(string.digits + string.ascii_uppercase, max_size=13))
    return zone(someone, number, born, expires, draw(st.sampled_from("MF<")), optional)


@given(
    lines=second_lines(),
    place=st.sampled_from(CHECKED),
    sign=st.sampled_from("<" + string.digits + string.ascii_uppercase),
)
def test_one_wrong_character_in_a_checked_field_is_never_believed(
    lines: tuple[str, str], place: int, sign: str
) -> None:
    """A letter and a digit of one value modulo 10 are no error to a check digit; such pairs are for the reader to tell apart."""
    right, wrong = read(*lines), read(lines[0], changed(lines[1], place, sign))
    assert not right.faults
    blind = check_digit(sign) == check_digit(lines[1][place])
    assert wrong == right or wrong.faults or blind


@given(
    lines=second_lines(),
    place=st.sampled_from([*range(13, 20), *range(21, 28), 9, 43]),
    sign=st.sampled_from(string.digits),
)
def test_a_wrong_digit_in_a_date_or_check_digit_is_never_believed(
    lines: tuple[str, str], place: int, sign: str
) -> None:
    wrong = read(lines[0], changed(lines[1], place, sign))
    assert sign == lines[1][place] or wrong.faults


@given(
    place=st.integers(5, 43),
    sign=st.sampled_from(string.digits + "<?" + string.ascii_uppercase),
    someone=st.sampled_from(PEOPLE),
)
def test_a_line_of_names_that_holds_has_only_letters(place: int, sign: str, someone: object) -> None:
    first, second = zone(PEOPLE[0], "E12345678", date(2003, 5, 1), date(2031, 8, 14), "M")
    found = read(changed(first, place, sign), second)
    names = (found.surname + found.given_names).replace(" ", "")
    assert found.faults or (names.isascii() and names.isalpha())


@given(st.lists(st.text(string.printable + "«Я中", max_size=50), max_size=4))
def test_it_never_raises(lines: list[str]) -> None:
    parse(lines, today=TODAY)


@given(
    line=st.text("<" + string.digits + string.ascii_uppercase + "«?", min_size=44, max_size=44),
    number=st.sampled_from([0, 1]),
)
def test_repairing_twice_changes_nothing_more(line: str, number: int) -> None:
    once = repair(line, number, TD3)
    assert len(once) == 44 and repair(once, number, TD3) == once


def test_a_line_is_judged_by_what_stands_in_it_alone() -> None:
    assert line_holds(ANNA[0], 0, TD3) and line_holds(ANNA[1], 1, TD3)
    assert not line_holds(changed(ANNA[1], 43, "1"), 1, TD3) and not line_holds(ANNA[0][1:], 0, TD3)
