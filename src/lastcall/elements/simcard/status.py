"""Status words: how a card says what became of a command (3GPP TS 51.011, 9.4; ETSI TS 102.221, 10.2)."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Meaning(Enum):
    """What follows from a status word; the words of both classes that ask for the same are one member."""

    DONE = "done"
    ABSENT = "is not there"
    CLOSED = "is closed"
    BLOCKED = "is blocked"
    WRONG = "was wrong"
    AGAINST_STATE = "goes against how the PIN stands"
    INACTIVE = "is switched off"
    NO_RECORD = "has no such record"
    WRONG_LENGTH = "was asked with a wrong length"
    UNKNOWN_KEY = "knows no such PIN"
    UNKNOWN_COMMAND = "knows no such command"
    FAILED = "failed"


_WORDS: Final = {
    0x9404: Meaning.ABSENT, 0x6A82: Meaning.ABSENT,
    0x6982: Meaning.CLOSED,
    0x6983: Meaning.BLOCKED, 0x9840: Meaning.BLOCKED,
    0x9804: Meaning.WRONG, 0x6300: Meaning.WRONG,
    0x9808: Meaning.AGAINST_STATE, 0x9802: Meaning.AGAINST_STATE, 0x6984: Meaning.AGAINST_STATE,
    0x6985: Meaning.AGAINST_STATE,
    0x9810: Meaning.INACTIVE,
    0x9402: Meaning.NO_RECORD, 0x6A83: Meaning.NO_RECORD,
    0x6A88: Meaning.UNKNOWN_KEY,
    0x6D00: Meaning.UNKNOWN_COMMAND, 0x6E00: Meaning.UNKNOWN_COMMAND,
}  # fmt: skip
_MORE: Final = (0x61, 0x9F)
_LENGTHS: Final = (0x6C, 0x67)
_DONE: Final = (0x90, 0x91, 0x92, 0x62, 0x9E, *_MORE)  # 91: a toolkit command waits; 92: after retries; 62: a warning


def meaning(sw: int) -> Meaning:
    """``sw``: 16 bits. Words that nothing follows from are ``FAILED``."""
    if (known := _WORDS.get(sw)) is not None:
        return known
    if tries_in(sw) is not None:
        return Meaning.WRONG if sw & 0x0F else Meaning.BLOCKED
    high = sw >> 8
    if high in _DONE and sw != 0x9240:  # memory problem
        return Meaning.DONE
    return Meaning.WRONG_LENGTH if high in _LENGTHS else Meaning.FAILED


def tries_in(sw: int) -> int | None:
    """How many tries a ``63Cx`` says are left; None for every other word."""
    return sw & 0x0F if sw & 0xFFF0 == 0x63C0 else None


def waiting(sw: int) -> int | None:
    """How many bytes wait to be fetched with GET RESPONSE (0: 256); None when none do."""
    return sw & 0xFF if sw >> 8 in _MORE else None


def right_length(sw: int) -> int | None:
    """The length that the card would have liked to be asked for; None when it does not say."""
    return sw & 0xFF if sw >> 8 in _LENGTHS and sw & 0xFF else None
