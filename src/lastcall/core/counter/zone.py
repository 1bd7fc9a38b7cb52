"""The machine-readable zone of a passport as a reader at the counter types it: two lines of 44 characters (ICAO Doc 9303, TD3).

A reader does not guess, so nothing is repaired: what does not hold is read again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

import iso3166

from lastcall.core.errors import BadInput

_LENGTH: Final = 44
_WEIGHTS: Final = (7, 3, 1)
_SHAPE: Final = re.compile(
    "(?P<code>P[A-Z<])(?P<issuer>[A-Z<]{3})(?P<names>[A-Z<]{39})"
    "(?P<number>[A-Z0-9<]{9})(?P<number_check>[0-9])(?P<nationality>[A-Z<]{3})(?P<born>[0-9<]{6})(?P<born_check>[0-9])"
    "(?P<sex>[MFX<])(?P<expires>[0-9]{6})(?P<expires_check>[0-9])(?P<optional>[A-Z0-9<]{14})(?P<optional_check>[0-9<])"
    "(?P<last_check>[0-9])"
)
_GERMANY: Final = "D"  # the one state with a code of its own, ICAO Doc 9303 part 3, section 5


@dataclass(frozen=True, slots=True)
class Scanned:
    """A document as ``verify_document`` takes it: ``kind``, ``issuer`` (ISO 3166 alpha-2) and ``number``."""

    kind: str
    issuer: str
    number: str


def check_digit(text: str) -> str:
    """The check digit of ``text``: weights 7, 3, 1, modulo 10; a filler counts nothing (ICAO Doc 9303 part 3, 4.9)."""
    values = (0 if sign == "<" else int(sign, 36) for sign in text)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def read_zone(text: str, *, today: date) -> Scanned:
    """The document whose zone is in ``text``, with or without a line break; lower case is read as upper case.

    Raises ``BadInput``, none of whose messages repeats what was read: ``zone_shape`` (not two lines of 44 characters of a
    passport), ``zone_check`` (a check digit does not hold), ``zone_issuer``, ``zone_expired``.
    """
    lines = "".join(text.split()).upper()
    found = _SHAPE.fullmatch(lines)
    if found is None:
        raise BadInput(
            f"these are no two lines of {_LENGTH} characters of a passport", code="zone_shape",
            remedy="Put the page into the reader again, or type the number.",
        )  # fmt: skip
    _refuse_wrong_digits(found)
    if _day(found["expires"]) < today:
        raise BadInput("the document has run out", code="zone_expired", remedy="Ask for one that is valid.")
    if (found["code"], found["issuer"]) == ("PN", "RUS"):
        return Scanned("ru_passport", "RU", _internal(found))
    return Scanned("foreign_passport", _alpha_2(found["issuer"].rstrip("<")), found["number"].rstrip("<"))


def _refuse_wrong_digits(found: re.Match[str]) -> None:
    second = found.string[_LENGTH:]
    pairs = [(found[name], found[f"{name}_check"]) for name in ("number", "born", "expires")]
    pairs.append((second[0:10] + second[13:20] + second[21:43], found["last_check"]))
    # Empty optional data may have a filler for its digit (part 4, 4.2.2).
    if found["optional"].strip("<") or found["optional_check"] != "<":
        pairs.append((found["optional"], found["optional_check"]))
    if any(check_digit(covered) != digit for covered, digit in pairs):
        raise BadInput(
            "a check digit does not hold: something was misread", code="zone_check",
            remedy="Put the page into the reader again, or type the number.",
        )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise BadInput(
            "the zone has an impossible date", code="zone_check", remedy="Put the page into the reader again."
        ) from None


def _internal(found: re.Match[str]) -> str:
    """Series and number of Russia's internal passport: the zone keeps the series' fourth digit in the optional data."""
    return found["number"][:3] + found["optional"][:1] + found["number"][3:]


def _alpha_2(issuer: str) -> str:
    if issuer == _GERMANY:
        return "DE"
    country = iso3166.countries_by_alpha3.get(issuer)
    if country is None:
        raise BadInput("the zone names no state", code="zone_issuer", remedy="Type the number and choose the state.")
    return country.alpha2
