"""What a leaver fills into the statement; it stays on the machine on which the kit is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Details:
    """Texts as they stand in the papers, empty where a line to write on is wanted; ``msisdn``: the number, E.164 without the plus.

    ``document``: kind, number, issued by and when. ``contact``: a phone or mail that goes on working. ``account``: where the money
    shall go. Nothing of it is in its ``repr``.
    """

    name: str = ""
    msisdn: int | None = None
    document: str = ""
    born: str = ""
    address: str = ""
    contact: str = ""
    account: str = ""

    def __repr__(self) -> str:
        return "Details(…)"
