"""MSISDNs as people type them, and as they are shown.

Numbers are held as the integer of their E.164 digits: ``79161234567``. Whether a number is assigned to an operator is
decided by the numbering register, not here.
"""

from __future__ import annotations

import re

import phonenumbers

from lastcall.core.errors import BadInput
from lastcall.core.typed_text import plain

COUNTRY_CODE = 7
_NATIONAL_LENGTH = 10
_KAZAKHSTAN = ("6", "7")  # ITU-T list of E.164 codes: +7 6 and +7 7 are Kazakhstan's, the rest is Russia's
_WRITING = re.compile(r"\+?[0-9 ().\-/]+")
_MAYBE_ONE_SHORT = re.compile("[78][0-9]{9}")
_EXAMPLE = "Write it as +7 916 followed by seven digits, or with 8 in place of +7."


def parse_msisdn(text: str) -> int:
    """The Russian MSISDN in ``text`` as an integer with country code, ``79161234567``.

    Takes ``+7``, ``7``, the national ``8`` or the bare ten digits (unless these begin with 7 or 8 and so may be eleven
    less one), with spaces, dashes, dots, brackets, in digits of any script. Raises BadInput, without repeating the
    number: ``foreign_number`` for another country's, ``malformed_number`` for anything else, short and emergency
    numbers included. Source: ITU-T E.164.
    """
    number = _plain_number(text)
    if _MAYBE_ONE_SHORT.fullmatch(re.sub("[^0-9+]", "", number)):
        raise _malformed("ten digits that begin with 7 or 8 may be a number that lacks its last digit")
    digits = _parsed(number)
    if digits.country_code != COUNTRY_CODE:
        raise _foreign(f"country code +{digits.country_code}")
    national = phonenumbers.national_significant_number(digits)
    if len(national) != _NATIONAL_LENGTH:
        raise _malformed(f"it has {len(national)} digits after +7, and a number has {_NATIONAL_LENGTH}")
    if national.startswith(_KAZAKHSTAN):
        raise _foreign("+7 6 and +7 7 belong to Kazakhstan")
    return int(f"{COUNTRY_CODE}{national}")


def format_msisdn(msisdn: int) -> str:
    """The number for the eye of its holder, ``+7 916 123-45-67``; one that is not Russian as ``+`` and its digits."""
    digits = str(msisdn)
    if not _is_russian(digits):
        return f"+{digits}"
    return f"+7 {digits[1:4]} {digits[4:7]}-{digits[7:9]}-{digits[9:]}"


def mask_msisdn(msisdn: int) -> str:
    """The number for logs and messages, ``+7 916 ***-**-67``; one that is not Russian shows its last two digits."""
    digits = str(msisdn)
    if not _is_russian(digits):
        return f"+***{digits[-2:]}"
    return f"+7 {digits[1:4]} ***-**-{digits[9:]}"


def _is_russian(digits: str) -> bool:
    return len(digits) == 1 + _NATIONAL_LENGTH and digits.startswith(str(COUNTRY_CODE))


def _plain_number(text: str) -> str:
    number = plain(text)
    if not number:
        raise _malformed("it is empty")
    if not _WRITING.fullmatch(number):
        raise _malformed("it holds something other than digits, spaces, dashes, brackets and one leading +")
    return number


def _parsed(number: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(number, "RU")
    except phonenumbers.NumberParseException as trouble:
        raise _malformed(_REASONS.get(trouble.error_type, "it cannot be read as a phone number")) from None


_REASONS = {
    phonenumbers.NumberParseException.INVALID_COUNTRY_CODE: "no country has this country code",
    phonenumbers.NumberParseException.NOT_A_NUMBER: "it has too few digits",
    phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD: "it has too few digits",
    phonenumbers.NumberParseException.TOO_SHORT_NSN: "it has too few digits",
    phonenumbers.NumberParseException.TOO_LONG: "it has too many digits",
}


def _malformed(reason: str) -> BadInput:
    return BadInput(f"This is not a phone number of a line: {reason}.", code="malformed_number", remedy=_EXAMPLE)


def _foreign(reason: str) -> BadInput:
    remedy = "Give the number of the Russian line; a number abroad can only be a contact."
    return BadInput(f"This is not a Russian number: {reason}.", code="foreign_number", remedy=remedy)
