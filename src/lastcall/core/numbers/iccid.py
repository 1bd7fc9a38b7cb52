"""SIM identities as people type them: the ICCID printed on the card and the IMSI."""

from __future__ import annotations

import re

from stdnum import luhn

from lastcall.core.errors import BadInput
from lastcall.core.typed_text import plain

_ICCID_LENGTHS = (19, 20)
_HELD_LENGTHS = (18, 19, 20)
_IMSI_LENGTHS = range(6, 16)
_MCC = re.compile(r"001|[2-7][0-9]{2}|90[12]|99[0-9]")
_SEPARATORS = re.compile(r"[ \-]")
_NOT_DIGIT = re.compile(r"[^0-9]")
_NOT_HEXADECIMAL = re.compile(r"[^0-9A-F]")


def parse_iccid(text: str) -> str:
    """The ICCID in ``text`` as 19 or 20 digits.

    Spaces and dashes may stand between the digits, filler ``F`` after them. Raises BadInput with code
    ``malformed_iccid``, naming what is wrong. Sources: ITU-T E.118 (89, control digit by Luhn), 3GPP TS 31.102, 4.2.2
    (filler).
    """
    iccid = _SEPARATORS.sub("", plain(text)).upper().rstrip("F")
    if _NOT_DIGIT.search(iccid):
        raise _bad_iccid("it holds something other than digits", "Type only the digits printed on the card.")
    if len(iccid) not in _ICCID_LENGTHS:
        raise _bad_iccid(f"it has {len(iccid)} digits, and a card number has 19 or 20", "Type all digits on the card.")
    if not iccid.startswith("89"):
        raise _bad_iccid("it does not start with 89", "Take the long number on the card, not that on its box.")
    if not luhn.is_valid(iccid):
        raise _bad_iccid("its control digit does not fit, so a digit is mistyped", "Type it again from the card.")
    return iccid


def same_card(on_file: str, on_card: str) -> bool:
    """Whether the ICCID that a card holds is the one ``on_file``, as :func:`parse_iccid` left it.

    EF_ICCID holds up to 20 digits, shorter ones filled with ``F`` (ETSI TS 102.221, 13.2): the whole number, or, as many cards
    have it, all but the control digit that is printed at its end. Nothing else is the same: an issuer's numbers all have one
    length (ITU-T E.118), so a digit more on the card, or two less, is another card; and so is one with letters (A to F), as
    some cards of machines have them. Raises BadInput (``malformed_iccid``) for what is no card number at all.
    """
    read = _SEPARATORS.sub("", plain(on_card)).upper().rstrip("F")
    if _NOT_HEXADECIMAL.search(read) or len(read) not in _HELD_LENGTHS:
        raise _bad_iccid("a card holds 18 to 20 digits", "Read the card again.")
    return read == on_file or (read == on_file[:-1] and luhn.is_valid(on_file))


def parse_imsi(text: str) -> str:
    """The IMSI in ``text`` as 6 to 15 digits that start with a mobile country code.

    Raises BadInput with code ``malformed_imsi``, naming what is wrong. Sources: 3GPP TS 23.003, 2.2 (length); ITU-T
    E.212 (country codes: 2xx to 7xx, 901 and 902 shared, 99x internal, 001 for tests).
    """
    imsi = _SEPARATORS.sub("", plain(text))
    if _NOT_DIGIT.search(imsi):
        raise _bad_imsi("it holds something other than digits")
    if len(imsi) not in _IMSI_LENGTHS:
        raise _bad_imsi(f"it has {len(imsi)} digits, and an IMSI has 6 to 15")
    if not _MCC.match(imsi):
        raise _bad_imsi(f"{imsi[:3]} is no mobile country code")
    return imsi


def _bad_iccid(reason: str, remedy: str) -> BadInput:
    return BadInput(f"This is not a SIM card number (ICCID): {reason}.", code="malformed_iccid", remedy=remedy)


def _bad_imsi(reason: str) -> BadInput:
    remedy = "Copy it from the HLR or the card's record; a Russian IMSI starts with 250."
    return BadInput(f"This is not an IMSI: {reason}.", code="malformed_imsi", remedy=remedy)
