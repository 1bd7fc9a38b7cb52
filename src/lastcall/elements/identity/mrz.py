"""The machine-readable zone of travel documents (ICAO Doc 9303 parts 3 to 6): fields, check digits, what may be repaired.

Nothing in here sees a picture. A character is only ever replaced where the standard allows no other reading of it: a letter in
a field of digits (its check digit still has to hold), a zero or a one where only letters may stand, a quotation mark for a
filler. The document number is taken as it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import prod
from typing import Final

from .issuers import alpha_2, is_known

FILLER: Final = "<"
_WEIGHTS: Final = (7, 3, 1)
_DIGITS: Final = frozenset("0123456789")
_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PLAIN: Final = _DIGITS | _LETTERS | {FILLER}
_TO_DIGIT: Final = {ord(seen): meant for seen, meant in zip("OQDUILZSBG", "0000112586", strict=True)}
_TO_LETTER: Final = {ord("0"): "O", ord("1"): "I"}
_TO_STATE: Final = _TO_LETTER | {ord(seen): meant for seen, meant in zip("2568", "ZSGB", strict=True)}  # a closed list
_TO_FILLER: Final = {ord(seen): FILLER for seen in "«‹〈《＜く"}
_MOST_READINGS: Final = 256
_NAMES: Final = re.compile(r"([A-Z]+(?:<[A-Z]+)*)(?:<<([A-Z]+(?:<[A-Z]+)*))?<*")

Span = tuple[int, int, int]
"""Line, first character, character after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a format keeps what. ``composite``: what the last check digit is reckoned over, in this order."""

    name: str
    lines: int
    length: int
    code: Span
    issuer: Span
    names: Span
    number: Span
    number_check: Span
    born: Span
    born_check: Span
    sex: Span
    expires: Span
    expires_check: Span
    nationality: Span
    optional: tuple[Span, ...]
    optional_check: Span | None
    composite: tuple[Span, ...]
    composite_check: Span


TD3: Final = Layout(
    name="TD3", lines=2, length=44, code=(0, 0, 2), issuer=(0, 2, 5), names=(0, 5, 44), number=(1, 0, 9), number_check=(1, 9, 10),
    nationality=(1, 10, 13), born=(1, 13, 19), born_check=(1, 19, 20), sex=(1, 20, 21), expires=(1, 21, 27),
    expires_check=(1, 27, 28), optional=((1, 28, 42),), optional_check=(1, 42, 43),
    composite=((1, 0, 10), (1, 13, 20), (1, 21, 43)), composite_check=(1, 43, 44),
)  # fmt: skip
TD2: Final = Layout(
    name="TD2", lines=2, length=36, code=(0, 0, 2), issuer=(0, 2, 5), names=(0, 5, 36), number=(1, 0, 9), number_check=(1, 9, 10),
    nationality=(1, 10, 13), born=(1, 13, 19), born_check=(1, 19, 20), sex=(1, 20, 21), expires=(1, 21, 27),
    expires_check=(1, 27, 28), optional=((1, 28, 35),), optional_check=None,
    composite=((1, 0, 10), (1, 13, 20), (1, 21, 35)), composite_check=(1, 35, 36),
)  # fmt: skip
TD1: Final = Layout(
    name="TD1", lines=3, length=30, code=(0, 0, 2), issuer=(0, 2, 5), names=(2, 0, 30), number=(0, 5, 14),
    number_check=(0, 14, 15), nationality=(1, 15, 18), born=(1, 0, 6), born_check=(1, 6, 7), sex=(1, 7, 8), expires=(1, 8, 14),
    expires_check=(1, 14, 15), optional=((0, 15, 30), (1, 18, 29)), optional_check=None,
    composite=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)), composite_check=(1, 29, 30),
)  # fmt: skip
LAYOUTS: Final = (TD3, TD2, TD1)


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone says. ``issuer``: as the zone has it; ``faults``: what does not hold; empty when everything does.

    A date is None when it is given as unknown, or cannot be read (then ``faults`` says so).
    """

    layout: str
    code: str
    issuer: str
    number: str
    surname: str
    given_names: str
    born: date | None
    expires: date | None
    faults: frozenset[str]

    @property
    def is_passport(self) -> bool:
        """A passport booklet other than Russia's internal one, which has the same size (code PN) but other numbers."""
        return self.layout == TD3.name and self.code[:1] == "P" and (self.code, self.issuer) != ("PN", "RUS")

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2, or empty."""
        return alpha_2(self.issuer)


def check_digit(text: str) -> str:
    """The check digit of ``text`` in A-Z, 0-9 and fillers: weights 7, 3, 1, modulo 10 (ICAO Doc 9303 part 3, 4.9)."""
    return str(sum(_value(sign) * _WEIGHTS[place % 3] for place, sign in enumerate(text)) % 10)


def _value(sign: str) -> int:
    return 0 if sign == FILLER else int(sign, 36)


def layout_of(lines: Sequence[str]) -> Layout | None:
    """The format with so many lines of such a length."""
    fitting = (form for form in LAYOUTS if len(lines) == form.lines and all(len(line) == form.length for line in lines))
    return next(fitting, None)


def parse(lines: Sequence[str], *, today: date) -> Zone | None:
    """The zone in ``lines``, or None when it has the shape of none. ``today`` parts the centuries of birth."""
    layout = layout_of(lines)
    if layout is None:
        return None
    lines = [repair(line, number, layout) for number, line in enumerate(lines)]
    surname, given_names = _names(_at(lines, layout.names))
    born, expires = _day(_at(lines, layout.born), latest=today), _day(_at(lines, layout.expires), latest=None)
    faults = [check.name for check in _checks(layout) if not check.holds(lines)]
    if born is not None and expires is not None and born >= expires:
        faults.append("order of dates")
    if _at(lines, layout.issuer) != _at(lines, layout.nationality):
        faults.append("issuer and nationality differ")  # rare, and neither has a check digit: for a person to look at
    return Zone(
        layout=layout.name, code=_at(lines, layout.code).rstrip(FILLER), issuer=_at(lines, layout.issuer).rstrip(FILLER),
        number=_at(lines, layout.number).rstrip(FILLER), surname=surname, given_names=given_names, born=born,
        expires=expires, faults=frozenset(faults),
    )  # fmt: skip


def line_holds(line: str, number: int, layout: Layout) -> bool:
    """Whether everything holds that can be told from the line of that number (from 0) alone; ``line`` as repaired."""
    lines = [line if place == number else "" for place in range(layout.lines)]
    own = (check for check in _checks(layout) if all(span[0] == number for span in check.spans))
    return len(line) == layout.length and all(check.holds(lines) for check in own)


def another_holds(line: str, rivals: Sequence[str], number: int, layout: Layout) -> bool:
    """Whether some field of a ``line`` that holds would hold, too, with other characters: then its check digit proves nothing.

    ``rivals``: for each place what else may stand there. Two look-alikes can make up for each other (BS is 39 and 85 is 69 by
    weights 7 and 3), and single ones can have the same value modulo 10 (G and 6).
    """
    tables = dict(_repairs(layout))
    for field, digit in _checked_fields(layout):
        spans = [*field, digit]
        if any(span[0] != number for span in spans):
            continue
        choices = [choice for span in spans for choice in _choices(line, rivals, span, tables.get(span, {}))]
        if prod(map(len, choices)) > _MOST_READINGS:
            return True
        _, *others = ("".join(reading) for reading in itertools.product(*choices))
        if any(_agree(other) for other in others):
            return True
    return False


def _checked_fields(layout: Layout) -> Iterator[tuple[tuple[Span, ...], Span]]:
    yield (layout.number,), layout.number_check
    yield (layout.born,), layout.born_check
    yield (layout.expires,), layout.expires_check
    if layout.optional_check is not None:
        yield layout.optional, layout.optional_check


def _choices(line: str, rivals: Sequence[str], span: Span, table: dict[int, str]) -> Iterator[str]:
    """For each place of ``span`` the characters that may stand there, the one that was read first."""
    _, first, end = span
    allowed = _DIGITS | {FILLER} if table else _PLAIN
    for place in range(first, end):
        others = [other for other in rivals[place].translate(table) if other in allowed]
        yield "".join(dict.fromkeys([line[place], *others]))


def repair(line: str, number: int, layout: Layout) -> str:
    """``line`` with what the fields' alphabets dictate; the document number and the optional data are left alone."""
    mended = line.translate(_TO_FILLER)
    for (own, first, end), table in _repairs(layout):
        if own == number:
            mended = mended[:first] + mended[first:end].translate(table) + mended[end:]
    return _with_known_state(mended, layout.nationality) if layout.nationality[0] == number else mended


def _with_known_state(line: str, span: Span) -> str:
    """``line`` with a state's code mended when just one state can be meant: a D often looks like an O."""
    _, first, end = span
    field = line[first:end]
    meant = {field[:place] + "D" + field[place + 1 :] for place, sign in enumerate(field) if sign == "O"}
    known = [other for other in meant if _is_state(other)]
    return line if _is_state(field) or len(known) != 1 else line[:first] + known[0] + line[end:]


def _repairs(layout: Layout) -> Iterator[tuple[Span, dict[int, str]]]:
    for span in (layout.number_check, layout.born, layout.born_check, layout.expires, layout.expires_check,
                 layout.composite_check):  # fmt: skip
        yield span, _TO_DIGIT
    for span in (layout.code, layout.names):
        yield span, _TO_LETTER
    for span in (layout.issuer, layout.nationality):
        yield span, _TO_STATE
    if layout.optional_check is not None:
        yield layout.optional_check, _TO_DIGIT | {ord("K"): FILLER}


def _at(lines: Sequence[str], span: Span) -> str:
    line, first, end = span
    return lines[line][first:end]


def _names(field: str) -> tuple[str, str]:
    found = _NAMES.fullmatch(field)
    if found is None:
        return "", ""
    return found[1].replace(FILLER, " "), (found[2] or "").replace(FILLER, " ")


def _day(text: str, *, latest: date | None) -> date | None:
    if not text or not _DIGITS.issuperset(text):
        return None
    year, month, day = (int(text[start : start + 2]) for start in (0, 2, 4))
    try:
        found = date(2000 + year, month, day)
        return found if latest is None or found <= latest else date(1900 + year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Check:
    """``test`` is given the texts of ``spans``, in this order."""

    name: str
    spans: tuple[Span, ...]
    test: Callable[..., bool]

    def holds(self, lines: Sequence[str]) -> bool:
        return self.test(*(_at(lines, span) for span in self.spans))


@cache
def _checks(layout: Layout) -> tuple[_Check, ...]:
    whole = tuple((line, 0, layout.length) for line in range(layout.lines))
    checks = [
        *(_Check("alphabet", (span,), _is_plain) for span in whole),
        _Check("code", (layout.code,), lambda code: re.fullmatch("[PIACV][A-Z<]", code) is not None),
        _Check("issuer", (layout.issuer,), _is_state),
        _Check("nationality", (layout.nationality,), _is_state),
        _Check("sex", (layout.sex,), lambda sex: sex in tuple("MFX<")),
        _Check("names", (layout.names,), lambda names: _NAMES.fullmatch(names) is not None),
        _Check("number", (layout.number,), lambda number: re.fullmatch("[A-Z0-9]{5,9}<{0,4}", number) is not None),
        _Check("number's check digit", (layout.number, layout.number_check), _agree),
        _Check("birth", (layout.born,), lambda day: _day(day, latest=None) is not None or _partly_unknown(day)),
        _Check("birth's check digit", (layout.born, layout.born_check), _agree),
        _Check("expiry", (layout.expires,), lambda day: _day(day, latest=None) is not None),
        _Check("expiry's check digit", (layout.expires, layout.expires_check), _agree),
        _Check("last check digit", (*layout.composite, layout.composite_check), _agree),
    ]
    if layout.optional_check is not None:
        checks.append(_Check("optional data's check digit", (*layout.optional, layout.optional_check), _agree_or_empty))
    return tuple(checks)


def _is_plain(text: str) -> bool:
    return _PLAIN.issuperset(text)


def _is_state(field: str) -> bool:
    return is_known(field.rstrip(FILLER))


def _agree(*texts: str) -> bool:
    """The last character of ``texts`` is the check digit of the rest."""
    covered = "".join(texts)
    return _is_plain(covered) and check_digit(covered[:-1]) == covered[-1]


def _agree_or_empty(*texts: str) -> bool:
    """Empty optional data may have a filler instead of its check digit (ICAO Doc 9303 part 4, 4.2.2)."""
    return not "".join(texts).strip(FILLER) or _agree(*texts)


def _partly_unknown(text: str) -> bool:
    """Month or day, or all, may be fillers (ICAO Doc 9303 part 3, 4.8)."""
    return re.fullmatch(r"\d{2}(<<<<|\d{2}<<)|<{6}", text) is not None
