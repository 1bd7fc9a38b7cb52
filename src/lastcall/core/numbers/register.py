"""Reading the Russian numbering register: which operator was given which range of numbers.

The Ministry of Digital Development publishes it as ``ABC-3xx.csv``, ``ABC-4xx.csv``, ``ABC-8xx.csv`` and
``DEF-9xx.csv`` (opendata.digital.gov.ru, "numeric"): one range a line, columns separated by ``;``, in UTF-8. The header
grew: six columns in 2020, ``ИНН`` in 2023, ``Территория ГАР`` in 2026. Ranges need not begin at thousands, so they are
never shortened to prefixes.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from stdnum.ru import inn

from lastcall.core.errors import BadInput
from lastcall.core.numbers.msisdn import COUNTRY_CODE
from lastcall.core.typed_text import latin_look_alikes

MOST_PROBLEMS = 20
LARGEST_FILE = 256 * 1024 * 1024  # bytes; the four published files together have about 30 MB

_PROGRESS_EVERY = 500  # lines
_SEPARATOR = ";"
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_DOWNLOAD_AGAIN = "Download the file again and import it as it is."
_SPREADSHEETS = "Spreadsheet programs drop zeros and add digits: import the file as it was downloaded."
_ENCODINGS_READ = "Save it as UTF-8 (with or without a byte order mark), or in windows-1251; no other encoding is read."

_CODE, _FIRST, _LAST, _SIZE, _OPERATOR, _REGION = "АВС/ DEF", "От", "До", "Емкость", "Оператор", "Регион"
_TERRITORY, _INN = "Территория ГАР", "ИНН"
_REQUIRED = (_CODE, _FIRST, _LAST, _SIZE, _OPERATOR, _REGION)
_KNOWN = (*_REQUIRED, _TERRITORY, _INN)

_CODE_DIGITS = re.compile("[0-9]{3}")
_NUMBER_DIGITS = re.compile("[0-9]{7}")
_SIZE_DIGITS = re.compile("[0-9]{1,8}")
_INN_DIGITS = re.compile("[0-9]{10}|[0-9]{12}")
_DAMAGED = re.compile("[\x00-\x08\x0a-\x1f\x7f\ufffd]")
_CERTAIN_CP1251 = re.compile("[\t\n\r -~А-Яа-яЁё«»„“”’№–—§\u00a0]*")


@dataclass(frozen=True, slots=True)
class RangeRow:
    """One range, ``first`` to ``last`` inclusive, as full MSISDNs with country code 7, and who was given it.

    ``operator_inn``: the holder's tax number, None in files older than 2023. ``territory``: as the state address
    register writes it, empty in files older than 2026.
    """

    first: int
    last: int
    operator_inn: str | None
    operator_name: str
    region: str
    territory: str


@dataclass(frozen=True, slots=True)
class Register:
    """One register file, checked: its ``ranges`` by first number, none overlapping another.

    ``numbers``: how many numbers they hold. ``operators``: how many holders, told apart by what ``keyed_by`` says:
    their ИНН, or in files without that column their name. ``columns``: the header as it stands in the file.
    """

    ranges: tuple[RangeRow, ...]
    numbers: int
    operators: int
    keyed_by: Literal["inn", "name"]
    sha256: str
    encoding: Literal["utf-8", "utf-8-sig", "cp1251"]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong: ``line`` counts from 1 with the header, 0 is the file itself; ``column`` by its Russian name."""

    line: int
    column: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.column)))
        return f"{place}: {self.what}" if place else self.what


class RegisterError(BadInput):
    """A register file that was not taken; nothing of it was used.

    ``problems``: up to :data:`MOST_PROBLEMS` of them by line. ``code``: ``register_unreadable``, ``register_empty``,
    ``register_encoding``, ``register_header`` or ``register_rows``.
    """

    code = "register_rows"

    def __init__(self, file_name: str, problems: tuple[RowProblem, ...], *, code: str) -> None:
        found = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        at_least = "at least " if len(problems) >= MOST_PROBLEMS else ""
        message = f"{file_name} was not read, {at_least}{found}; {problems[0]}."
        super().__init__(message, code=code, remedy=problems[0].remedy)
        self.problems = problems


def read_register(path: Path, *, progress: Callable[[int, int], None] | None = None) -> Register:
    """Read and check one register file. ``progress`` is told (bytes done, bytes in all), the last time with both equal.

    Reads UTF-8 with or without a byte order mark, and windows-1251 when the header and every letter prove it. Raises
    RegisterError with everything found wrong, up to :data:`MOST_PROBLEMS`, each named by line and column. A file cut
    off exactly at the end of a line cannot be told from a whole one; compare ``numbers`` with the former register.
    """
    content = _content(path)
    encoding = _encoding(path.name, content)
    reading = _Reading(path.name, content, encoding)
    for done, line in reading.lines():
        reading.take(line)
        if progress is not None and reading.line % _PROGRESS_EVERY == 0:
            progress(done, len(content))
    register = reading.register()
    if progress is not None:
        progress(len(content), len(content))
    return register


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _refusal(path.name, "register_unreadable", f"it has more than {LARGEST_FILE} bytes", _DOWNLOAD_AGAIN)
        content = path.read_bytes()
    except OSError as trouble:
        reason = f"the file cannot be opened ({trouble.strerror})"
        raise _refusal(path.name, "register_unreadable", reason, "Check its name and rights.") from trouble
    if not content.removeprefix(_UTF8_BOM).strip():
        raise _refusal(path.name, "register_empty", "the file is empty", _DOWNLOAD_AGAIN)
    return content


def _encoding(file_name: str, content: bytes) -> Literal["utf-8", "utf-8-sig", "cp1251"]:
    if content.startswith(_UTF16_BOMS) or b"\0" in content[:200]:
        raise _refusal(file_name, "register_encoding", "the file is in UTF-16 or is no text at all", _ENCODINGS_READ)
    try:
        content.decode()
    except UnicodeDecodeError as trouble:
        if _is_certainly_cp1251(content):
            return "cp1251"
        raise _not_utf8(file_name, content, trouble) from None
    return "utf-8-sig" if content.startswith(_UTF8_BOM) else "utf-8"


def _is_certainly_cp1251(content: bytes) -> bool:
    """Whether the header reads as the register's and no letter falls outside what Russian is written with."""
    try:
        text = content.decode("cp1251")
    except UnicodeDecodeError:
        return False
    header = {_header_key(name) for name in text.partition("\n")[0].split(_SEPARATOR)}
    return {_header_key(name) for name in _REQUIRED} <= header and _CERTAIN_CP1251.fullmatch(text) is not None


def _not_utf8(file_name: str, content: bytes, trouble: UnicodeDecodeError) -> RegisterError:
    line = content.count(b"\n", 0, trouble.start) + 1
    if trouble.reason == "unexpected end of data":
        problem = RowProblem(line, "", "the file is cut short in the middle of a letter", _DOWNLOAD_AGAIN)
    else:
        what = f"byte {trouble.start} of the file (0x{content[trouble.start]:02x}) is not UTF-8"
        problem = RowProblem(line, "", f"{what}, and the file is not surely windows-1251", _ENCODINGS_READ)
    return RegisterError(file_name, (problem,), code="register_encoding")


def _refusal(file_name: str, code: str, what: str, remedy: str) -> RegisterError:
    return RegisterError(file_name, (RowProblem(0, "", what, remedy),), code=code)


class _RowTrouble(Exception):
    """The row in hand is wrong in ``column``; ``short``: it may be the beginning of a right one."""

    def __init__(self, column: str, what: str, remedy: str, *, short: bool = False) -> None:
        super().__init__(what)
        self.column, self.what, self.remedy, self.short = column, what, remedy, short


class _Reading:
    """One file being read: the header's order, the ranges so far with their lines, the problems so far."""

    def __init__(self, file_name: str, content: bytes, encoding: Literal["utf-8", "utf-8-sig", "cp1251"]) -> None:
        self._file_name, self._content, self._encoding = file_name, content, encoding
        self._order: dict[str, int] = {}
        self._columns: tuple[str, ...] = ()
        self._found: list[tuple[RangeRow, int]] = []
        self._problems: list[RowProblem] = []
        self._unfinished_line = 0 if content.endswith(b"\n") else content.count(b"\n") + 1
        self.line = 0

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each line's text without its end, and the bytes of the file up to and with it."""
        codec = "cp1251" if self._encoding == "cp1251" else "utf-8"
        text = self._content.removeprefix(_UTF8_BOM)
        done = len(self._content) - len(text)
        for raw in text.split(b"\n"):
            done = min(done + len(raw) + 1, len(self._content))
            yield done, raw.decode(codec).removesuffix("\r")
            if len(self._problems) >= MOST_PROBLEMS:
                return

    def take(self, text: str) -> None:
        """Check the next line and keep its range, or what is wrong with it."""
        self.line += 1
        if not text.strip():
            return
        if not self._columns:
            self._take_header(text)
            return
        try:
            self._found.append((self._row(_fields(text)), self.line))
        except _RowTrouble as trouble:
            self._note_row(trouble)

    def register(self) -> Register:
        """The whole, once all lines are taken; RegisterError when anything was wrong."""
        self._found.sort(key=lambda found: (found[0].first, found[0].last))
        self._check_overlaps()
        if not self._found and not self._problems:
            raise _refusal(self._file_name, "register_empty", "the file holds a header and no range", _DOWNLOAD_AGAIN)
        if self._problems:
            problems = tuple(sorted(self._problems, key=lambda problem: problem.line)[:MOST_PROBLEMS])
            raise RegisterError(self._file_name, problems, code="register_rows")
        return self._whole(tuple(row for row, _line in self._found))

    def _whole(self, ranges: tuple[RangeRow, ...]) -> Register:
        return Register(
            ranges=ranges,
            numbers=sum(row.last - row.first + 1 for row in ranges),
            operators=len({row.operator_inn or _name_key(row.operator_name) for row in ranges}),
            keyed_by="inn" if _INN in self._order else "name",
            sha256=hashlib.sha256(self._content).hexdigest(),
            encoding=self._encoding,
            columns=self._columns,
        )

    def _take_header(self, text: str) -> None:
        try:
            columns = tuple(field.strip() for field in _fields(text))
        except _RowTrouble as trouble:
            raise self._bad_header(trouble.what) from None
        keys = [_header_key(column) for column in columns]
        known = {name: keys.index(_header_key(name)) for name in _KNOWN if _header_key(name) in keys}
        if trouble_found := _header_trouble(keys, known):
            raise self._bad_header(trouble_found)
        self._order, self._columns = known, columns

    def _bad_header(self, what: str) -> RegisterError:
        remedy = f"The first line should be {_SEPARATOR.join(_KNOWN)}; the last two may be missing, any order will do."
        return RegisterError(self._file_name, (RowProblem(self.line, "", what, remedy),), code="register_header")

    def _row(self, fields: list[str]) -> RangeRow:
        self._check_columns(fields)
        first, last = self._limits(fields)
        order = self._order
        operator = fields[order[_OPERATOR]].strip()
        if not operator:
            raise _RowTrouble(_OPERATOR, "the operator's name is missing", _DOWNLOAD_AGAIN)
        return RangeRow(
            first=first,
            last=last,
            operator_inn=self._inn(fields),
            operator_name=operator,
            region=fields[order[_REGION]].strip(),
            territory=fields[order[_TERRITORY]].strip() if _TERRITORY in order else "",
        )

    def _check_columns(self, fields: list[str]) -> None:
        given, wanted = len(fields), len(self._columns)
        if given != wanted:
            what = f"{given} columns where the header has {wanted}"
            raise _RowTrouble("", what, "Columns are separated by ; and none may be left out.", short=given < wanted)
        if self.line == self._unfinished_line and not fields[-1].strip():
            raise _RowTrouble(self._columns[-1], "the last column is empty", _DOWNLOAD_AGAIN, short=True)

    def _limits(self, fields: list[str]) -> tuple[int, int]:
        code = self._digits(fields, _CODE, _CODE_DIGITS, "3 digits")
        first = self._digits(fields, _FIRST, _NUMBER_DIGITS, "7 digits")
        last = self._digits(fields, _LAST, _NUMBER_DIGITS, "7 digits")
        size = int(self._digits(fields, _SIZE, _SIZE_DIGITS, "1 to 8 digits"))
        if first > last:
            raise _RowTrouble(_LAST, f"the range ends at {last}, before its beginning {first}", _DOWNLOAD_AGAIN)
        held = int(last) - int(first) + 1
        if held != size:
            what = f"{first} to {last} are {held} numbers, the column says {size}"
            raise _RowTrouble(_SIZE, what, _SPREADSHEETS)
        return int(f"{COUNTRY_CODE}{code}{first}"), int(f"{COUNTRY_CODE}{code}{last}")

    def _digits(self, fields: list[str], column: str, shape: re.Pattern[str], wanted: str) -> str:
        value = fields[self._order[column]].strip()
        if not shape.fullmatch(value):
            raise _RowTrouble(column, f"{_quoted(value)} is not {wanted}", _SPREADSHEETS)
        return value

    def _inn(self, fields: list[str]) -> str | None:
        value = fields[self._order[_INN]].strip() if _INN in self._order else ""
        if not value:
            return None
        if not _INN_DIGITS.fullmatch(value):
            raise _RowTrouble(_INN, f"{_quoted(value)} is not 10 or 12 digits", _SPREADSHEETS)
        if not _is_valid_inn(value):
            raise _RowTrouble(_INN, f"the control digit of {value} does not fit", _DOWNLOAD_AGAIN)
        return value

    def _note_row(self, trouble: _RowTrouble) -> None:
        what, remedy = trouble.what, trouble.remedy
        in_last_column = self._order.get(trouble.column) == len(self._columns) - 1
        if self.line == self._unfinished_line and (trouble.short or in_last_column):
            what, remedy = f"the file is cut short in its last line ({what})", _DOWNLOAD_AGAIN
        self._problems.append(RowProblem(self.line, trouble.column, what, remedy))

    def _check_overlaps(self) -> None:
        widest: tuple[RangeRow, int] | None = None
        for row, line in self._found:
            if widest is not None and row.first <= widest[0].last:
                self._note_overlap(*sorted((line, widest[1])))
            if widest is None or row.last > widest[0].last:
                widest = (row, line)

    def _note_overlap(self, earlier: int, later: int) -> None:
        what = f"the range overlaps that of line {earlier}"
        self._problems.append(
            RowProblem(later, _FIRST, what, "Only one operator can hold a number: " + _DOWNLOAD_AGAIN)
        )


def _header_trouble(keys: list[str], known: dict[str, int]) -> str:
    if not known:
        return "this is not a numbering register: no column has a name of its header"
    if missing := [name for name in _REQUIRED if name not in known]:
        return f"the header lacks {', '.join(missing)}"
    if twice := [name for name in known if keys.count(_header_key(name)) > 1]:
        return f"the header has {', '.join(twice)} twice"
    return ""


def _fields(text: str) -> list[str]:
    """The fields of one line; a quoted field may hold the separator and doubled quotes, and ends on its line."""
    if damaged := _DAMAGED.search(text):
        what = f"the line holds the control or damaged character U+{ord(damaged[0]):04X}"
        raise _RowTrouble("", what, _DOWNLOAD_AGAIN)
    if '"' not in text:
        return text.split(_SEPARATOR)
    try:
        return next(csv.reader([text], delimiter=_SEPARATOR, strict=True))
    except csv.Error:
        what = "a quoted field is not closed, or something follows its closing quote"
        remedy = 'Inside a quoted field a quote is written twice: "ООО ""Имя""".'
        raise _RowTrouble("", what, remedy, short=True) from None


@lru_cache(maxsize=4096)
def _is_valid_inn(value: str) -> bool:
    return inn.is_valid(value)


@lru_cache(maxsize=256)
def _header_key(name: str) -> str:
    """``АВС/ DEF`` and ``ABC/DEF`` alike: letters and digits only, capitals, Cyrillic look-alikes as Latin."""
    return latin_look_alikes("".join(filter(str.isalnum, name)))


def _name_key(name: str) -> str:
    """An operator's name without case, quotes and the number of spaces."""
    return " ".join(re.sub("[\"'«»„“”]", "", name).casefold().split())


def _quoted(value: str) -> str:
    return f"“{value[:20]}…”" if len(value) > 20 else f"“{value}”"
