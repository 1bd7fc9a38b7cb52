"""Who sent a text, as the SMSC vouches for it, in the many ways in which SMSCs write a number."""

from __future__ import annotations

import re
from typing import Final

from lastcall.core.errors import BadInput
from lastcall.core.numbers.msisdn import parse_msisdn

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_WITHOUT_PLUS: Final = re.compile(r"[1-9][0-9]{10,14}")


def read_sender(address: str) -> str:
    """The sender in E.164 with ``+``; empty for one that nobody answers: a short code, a name, a hidden number.

    An address without ``+`` is a number of ours where it can be one, else an international one of 11 to 15 digits
    (ITU-T E.164, 6.2.1).
    """
    written = address.strip()
    if _E164.fullmatch(written):
        return written
    if not written.isascii() or not written.isdecimal():
        return ""
    try:
        return f"+{parse_msisdn(written)}"
    except BadInput:
        return f"+{written}" if _WITHOUT_PLUS.fullmatch(written) else ""
