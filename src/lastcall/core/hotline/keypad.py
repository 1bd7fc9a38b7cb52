"""What can be said with the keys of a telephone: the last signs of a document's number, and a case's spoken reference."""

from __future__ import annotations

from typing import Final

from lastcall.core import keyed

REFERENCE_DIGITS: Final = 8
_KEYS: Final = {
    letter: key
    for key, letters in {
        "2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ",
    }.items()
    for letter in letters
}  # fmt: skip


def as_keys(signs: str) -> str:
    """``signs`` as pressed on a keypad: digits as they are, Latin letters by the key they stand on (ITU-T E.161, option A).

    Empty when one of them stands on no key: then nothing that is pressed agrees with it.
    """
    pressed = [sign if sign in "0123456789" else _KEYS.get(sign.upper(), "") for sign in signs]
    return "".join(pressed) if all(pressed) else ""


def same_keys(signs: str, pressed: str) -> bool:
    """Whether ``pressed`` are the keys of ``signs``, compared in constant time; what has no keys agrees with nothing."""
    keys = as_keys(signs)
    return keyed.same(keys or "-", pressed) and bool(keys)


def spoken_reference(declaration_key: str) -> str:
    """The eight digits that stand for a case's reference on the phone, told and taken only together with the number.

    Derived again from the declaration, as the reference itself is, and kept nowhere.
    """
    value = int(keyed.keyed_hash("call.reference", declaration_key), 16) % 10**REFERENCE_DIGITS
    return str(value).zfill(REFERENCE_DIGITS)
