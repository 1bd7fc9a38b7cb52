"""What subscribers and clerks type: names, document numbers, dates and moments.

No message repeats a document number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from lastcall.core.errors import BadInput
from lastcall.core.typed_text import latin_look_alikes, plain

LONGEST_NAME = 200  # characters after NFC; the longest legal names known stay well below
LANGUAGES = ("zh-hans", "ru", "en")
DOCUMENT_KINDS = ("ru_passport", "foreign_passport", "residence_permit", "refugee_certificate", "other")

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # part of the spelling of Persian and Indic names
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_of(field: str, given: str, allowed: Sequence[str]) -> str:
    """``given`` if it is allowed. Raises BadInput with code ``bad_`` and the ``field``, naming what is."""
    if given not in allowed:
        raise BadInput(f"no such {field}: {given[:40]}", code=f"bad_{field}", remedy=f"One of: {', '.join(allowed)}.")
    return given


def parse_name(text: str) -> str:
    """A person's or organisation's name in Unicode NFC, each run of spaces made one.

    Takes letters of any script and the marks between them. Raises BadInput with code ``malformed_name`` for an empty
    name, one without a letter, one above :data:`LONGEST_NAME` characters, and for control, direction-changing,
    invisible or damaged characters.
    """
    name = unicodedata.normalize("NFC", text.strip())
    for character in name:
        _refuse_unless_printable(character)
    name = " ".join(name.split())
    if not name:
        raise _bad_name("it is empty", "Write the name as it stands in the document.")
    if not any(map(_is_letter, name)):
        raise _bad_name("it has no letter", "Write the name as it stands in the document.")
    if len(name) > LONGEST_NAME:
        raise _bad_name(f"it has {len(name)} characters", f"Shorten it to {LONGEST_NAME}.")
    return name


def _refuse_unless_printable(character: str) -> None:
    category = unicodedata.category(character)
    if character in _BIDI:
        raise _bad_name(
            f"{_named(character)} changes the direction of the text", "Type the name instead of pasting it."
        )
    if category in {"Cc", "Zl", "Zp"} or (category == "Cf" and character not in _JOINERS):
        raise _bad_name(f"it holds {_named(character)}, which cannot be seen", "Type the name instead of pasting it.")
    if character == "\N{REPLACEMENT CHARACTER}" or (category in {"Co", "Cs", "Cn"} and not _is_han(character)):
        raise _bad_name(f"it holds the damaged character {_named(character)}", "Type the name again.")


def _is_letter(character: str) -> bool:
    return character.isalpha() or _is_han(character)


def _is_han(character: str) -> bool:
    """Planes 2 and 3 hold nothing but Han; rare names use letters newer than Python's own tables."""
    return 0x20000 <= ord(character) <= 0x3FFFD and ord(character) & 0xFFFF < 0xFFFE


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"


def _bad_name(reason: str, remedy: str) -> BadInput:
    return BadInput(f"This name cannot be taken: {reason}.", code="malformed_name", remedy=remedy)


def parse_country(text: str) -> str:
    """An ISO 3166 alpha-2 code in capitals. Raises BadInput with code ``bad_country`` for anything but two letters."""
    code = text.strip().upper()
    if not re.fullmatch("[A-Z]{2}", code):
        raise BadInput(
            "This is no country code.", code="bad_country", remedy="Two Latin letters, such as RU, CN, KZ (ISO 3166)."
        )
    return code


_BARRED_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŧ": "t"}
)
_DIACRITICS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]")
_APOSTROPHES = frozenset("'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u2018\u2019\u201b\u2032\uff07")


def name_key(text: str) -> str:
    """``text`` for comparing names: two spellings of one name give the same key. Never shown, never raises.

    Case and diacritics are folded (ё is е, й is и, ø is o), apostrophes and invisible characters dropped, other
    punctuation is a space. Letters of different scripts stay different: ``Li Wei`` is not ``李伟``.
    """
    unmarked = "".join("" if character in _APOSTROPHES else character for character in text)
    folded = _DIACRITICS.sub("", _fold_case(_fold_case(unmarked))).translate(_BARRED_LETTERS)
    return " ".join(unicodedata.normalize("NFC", "".join(map(_key_character, folded))).split())


def _fold_case(text: str) -> str:
    """One pass of Unicode's compatibility caseless matching (The Unicode Standard, 3.13, D146)."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def _key_character(character: str) -> str:
    if character in _APOSTROPHES or unicodedata.category(character) == "Cf":
        return ""
    return character if unicodedata.category(character)[0] in "LMN" or _is_han(character) else " "


def parse_document_number(kind: str, text: str) -> str:
    """The number of an identity document, in capitals, without spaces, dashes and ``№``; equal when written alike.

    ``kind``: one of :data:`DOCUMENT_KINDS`. A ``ru_passport`` has 10 digits (series and number), a
    ``foreign_passport`` 5 to 20 Latin letters and digits (ICAO Doc 9303 has 9; some states print more), the rest 5 to
    20 letters and digits, ``other`` 1 to 40. Cyrillic letters that look like Latin ones become these. Raises BadInput
    with code ``unknown_document_kind`` or ``malformed_document_number``; no message repeats the number.
    """
    if kind not in DOCUMENT_KINDS:
        known = ", ".join(DOCUMENT_KINDS)
        raise BadInput(
            "This kind of document is not known.", code="unknown_document_kind", remedy=f"Use one of {known}."
        )
    number = latin_look_alikes(re.sub(r"[\s\-./]", "", plain(text.replace("№", " "))))
    pattern, shape = _DOCUMENT_SHAPES.get(kind, _ANY_PAPER)
    if not pattern.fullmatch(number):
        raise _bad_document(kind, f"it should be {shape}; {len(number)} characters were given")
    return number


_LETTER_OR_DIGIT = r"[^\W_]"
_PAPER = (re.compile(_LETTER_OR_DIGIT + "{5,20}"), "5 to 20 letters and digits")
_ANY_PAPER = (re.compile(_LETTER_OR_DIGIT + "{1,40}"), "1 to 40 letters and digits")
_DOCUMENT_SHAPES = {
    "ru_passport": (re.compile("[0-9]{10}"), "10 digits, 4 of the series and 6 of the number"),
    "foreign_passport": (re.compile("[A-Z0-9]{5,20}"), "5 to 20 Latin letters and digits"),
    "residence_permit": _PAPER,
    "refugee_certificate": _PAPER,
}


def _bad_document(kind: str, reason: str) -> BadInput:
    message = f"This is not the number of a document of the kind {kind}: {reason}."
    return BadInput(message, code="malformed_document_number", remedy="Type it again from the document.")


_DATES = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4}) ?年 ?(?P<month>[0-9]{1,2}) ?月 ?(?P<day>[0-9]{1,2}) ?日"),
)
_DATE_EXAMPLE = "Write the date as 2026-11-23, 23.11.2026 or 2026年11月23日."


def parse_date(text: str) -> date:
    """The calendar date in ``text``: ISO 8601 (2026-11-23), Russian (23.11.2026) or Chinese (2026年11月23日).

    Raises BadInput with code ``malformed_date``, and ``impossible_date`` naming why no calendar has that day.
    """
    written = plain(text)
    found = next(filter(None, (form.fullmatch(written) for form in _DATES)), None)
    if found is None:
        raise BadInput("This cannot be read as a date.", code="malformed_date", remedy=_DATE_EXAMPLE)
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    try:
        return date(year, month, day)
    except ValueError as impossible:
        raise _impossible_date(year, month, day) from impossible


def _impossible_date(year: int, month: int, day: int) -> BadInput:
    if year < 1:
        reason = "there is no year 0"
    elif not 1 <= month <= 12:
        reason = f"there is no month {month}"
    else:
        reason = f"month {month} of {year} has no day {day}"
    return BadInput(f"This date does not exist: {reason}.", code="impossible_date", remedy=_DATE_EXAMPLE)


_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(?P<offset>Z|[+-][0-9:]+)?"
)
_MOMENT_EXAMPLE = "Write it as 2026-11-23T10:15:00+03:00, or with Z at the end for UTC."


def aware(moment: datetime) -> datetime:
    """``moment`` if it says its offset from UTC. Raises BadInput with code ``naive_moment``."""
    if moment.tzinfo is None:
        raise BadInput("This moment does not say its offset from UTC.", code="naive_moment", remedy=_MOMENT_EXAMPLE)
    return moment


def parse_moment(text: str) -> datetime:
    """The moment in ``text`` as an aware datetime in UTC; ISO 8601 with an offset or ``Z``, to the microsecond.

    Raises BadInput: ``naive_moment`` when the offset is missing, ``malformed_moment`` for anything else.
    """
    written = plain(text).upper()
    found = _MOMENT.fullmatch(written)
    if found is None:
        raise BadInput("This cannot be read as a moment.", code="malformed_moment", remedy=_MOMENT_EXAMPLE)
    if found["offset"] is None:
        raise BadInput("This moment does not say its offset from UTC.", code="naive_moment", remedy=_MOMENT_EXAMPLE)
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError) as impossible:
        message = "This moment does not exist: its date, time or offset is out of range."
        raise BadInput(message, code="malformed_moment", remedy=_MOMENT_EXAMPLE) from impossible


@dataclass(frozen=True, slots=True)
class Contacted:
    """A contact as given by whoever declares: ``kind`` is ``sms`` or ``mail``, ``address`` E.164 with ``+``, or an address."""

    kind: str
    address: str


LONGEST_MAIL_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
_mail_address = EmailValidator()


def parse_contact(text: str) -> Contacted:
    """The mail address or phone number in ``text``; a number may be any country's, a Russian one may begin with 8.

    Raises BadInput with code ``malformed_contact``, without repeating what was typed.
    """
    written = plain(text)
    if "@" in written:
        return Contacted("mail", _checked_mail(written))
    try:
        number = phonenumbers.parse(written, "RU")
    except phonenumbers.NumberParseException:
        raise _malformed_contact() from None
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise _malformed_contact()
    return Contacted("sms", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _checked_mail(address: str) -> str:
    try:
        _mail_address(address)
        address.encode("ascii")
    except (ValidationError, UnicodeEncodeError):
        raise _malformed_contact() from None
    if len(address) > LONGEST_MAIL_ADDRESS:
        raise _malformed_contact()
    return address


def _malformed_contact() -> BadInput:
    return BadInput(
        "This is neither a mail address nor a phone number.", code="malformed_contact",
        remedy="Write an address such as name@example.org, or a number with its country code, +86 or +7 first.",
    )  # fmt: skip
