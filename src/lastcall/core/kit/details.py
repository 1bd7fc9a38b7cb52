"""What a leaver fills into the statement; it stays on the machine on which the kit is made."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

_LINE: Final = b"lastcall kit line"


@dataclass(frozen=True, slots=True, repr=False)
class Details:
    """Texts as they stand in the papers, empty where a line to write on is wanted; ``msisdn``: the number, E.164 without the plus.

    ``document``: kind, number, issued by and when. ``contact``: a phone or mail that goes on working. ``account``: where the money
    shall go. ``operator``: its name where no pack has it. Nothing of it is in its ``repr``.
    """

    name: str = ""
    msisdn: int | None = None
    document: str = ""
    born: str = ""
    address: str = ""
    contact: str = ""
    account: str = ""
    operator: str = ""

    def __repr__(self) -> str:
        return "Details(…)"


def line_of(given: Details) -> str:
    """Signs that tell one's own few lines apart; empty where neither number nor operator is given.

    Thousands of numbers have the same: it tells nobody which one is meant, whatever is tried.
    """
    if given.msisdn is None and not given.operator:
        return ""
    told = f"{given.msisdn} {given.operator}".encode()
    return hmac.new(_LINE, told, hashlib.sha256).digest()[:2].hex()
