"""The two lines that a passport reader types."""

from __future__ import annotations

from datetime import date

import pytest

from lastcall.core.counter.zone import Scanned, check_digit, read_zone
from lastcall.core.errors import BadInput

TODAY = date(2026, 1, 12)


def zone(
    *, code: str = "PO", issuer: str = "CHN", number: str = "E12345678", born: str = "000101", expires: str = "300101",
    optional: str = "", optional_digit: str = "",
) -> str:  # fmt: skip
    """A zone whose check digits hold."""
    number, filled = number.ljust(9, "<"), optional.ljust(14, "<")
    fields = [number + check_digit(number), born + check_digit(born), expires + check_digit(expires)]
    fields.append(filled + (optional_digit or check_digit(filled)))
    last = check_digit(fields[0] + fields[1] + fields[2] + fields[3])
    first = f"{code}{issuer.ljust(3, '<')}LI<<WEI".ljust(44, "<")
    return f"{first}\n{fields[0]}{issuer.ljust(3, '<')}{fields[1]}M{fields[2]}{fields[3]}{last}\n"


def test_it_reads_the_example_of_the_standard() -> None:
    """ICAO Doc 9303 part 4, appendix A; its document ran out in 2012, and its issuer is none."""
    lines = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    with pytest.raises(BadInput) as refusal:
        read_zone(lines, today=date(2012, 4, 15))
    assert refusal.value.code == "zone_issuer"
    with pytest.raises(BadInput) as refusal:
        read_zone(lines, today=date(2012, 4, 16))
    assert refusal.value.code == "zone_expired"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (zone(), Scanned("foreign_passport", "CN", "E12345678")),
        (zone().replace("\n", ""), Scanned("foreign_passport", "CN", "E12345678")),
        (zone().lower(), Scanned("foreign_passport", "CN", "E12345678")),
        (f"  {zone()}\r\n", Scanned("foreign_passport", "CN", "E12345678")),
        (zone(issuer="D", number="C01X00T47"), Scanned("foreign_passport", "DE", "C01X00T47")),
        (zone(number="A12345"), Scanned("foreign_passport", "CN", "A12345")),
        (zone(optional_digit="<"), Scanned("foreign_passport", "CN", "E12345678")),
        (zone(code="P<", issuer="RUS", number="751234567"), Scanned("foreign_passport", "RU", "751234567")),
        (zone(code="PN", issuer="RUS", number="451123456", optional="0"), Scanned("ru_passport", "RU", "4510123456")),
    ],
)
def test_it_reads_what_the_reader_types(text: str, read: Scanned) -> None:
    assert read_zone(text, today=TODAY) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "zone_shape"),
        (zone()[:-2], "zone_shape"),
        (zone().replace("PO", "IO", 1), "zone_shape"),
        (zone().replace("E12345678", "E12345687"), "zone_check"),
        (zone().replace("000101", "000102"), "zone_check"),
        (zone().replace("300101", "300102"), "zone_check"),
        (zone(optional="AB").replace("AB<", "AC<"), "zone_check"),
        (zone(expires="301301"), "zone_check"),
        (zone(expires="260111"), "zone_expired"),
        (zone(issuer="XXX"), "zone_issuer"),
    ],
)
def test_what_does_not_hold_is_read_again_and_never_repeated(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_zone(text, today=TODAY)
    assert refusal.value.code == code
    assert "E1234" not in f"{refusal.value} {refusal.value.remedy}"
