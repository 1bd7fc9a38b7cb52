"""One secret code of a card, with its counters, and what it does when it is presented."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

FULL: Final = 3
"""Tries of a PIN (3GPP TS 51.011, 9.3)."""
PUK_FULL: Final = 10


class Outcome(Enum):
    """What became of presenting a code."""

    DONE = "done"
    WRONG = "wrong"
    BLOCKED = "blocked"
    IS_OFF = "is off"
    IS_ON = "is on"
    FIXED = "fixed"


@dataclass(slots=True)
class Pin:
    """A PIN and its PUK. ``tries`` and ``puk_tries``: what is left; ``fixed``: this card lets nobody switch it off;
    ``open``: verified since the last reset; ``replaced``: switched off, with the universal PIN standing in for it
    (ETSI TS 102.221, 9.5.1)."""

    code: str = "1234"
    enabled: bool = True
    tries: int = FULL
    puk: str = "12345678"
    puk_tries: int = PUK_FULL
    fixed: bool = False
    open: bool = field(default=False, init=False)
    replaced: bool = field(default=False, init=False)

    def close(self) -> None:
        """As by a reset."""
        self.open = False

    def verify(self, given: bytes) -> Outcome:
        """Present it."""
        if self.tries == 0:
            return Outcome.BLOCKED
        if not self.enabled:
            return Outcome.IS_OFF
        return self._present(given)

    def change(self, given: bytes, new: bytes) -> Outcome:
        """Set another one."""
        if (outcome := self.verify(given)) is Outcome.DONE:
            self.code = readable(new)
        return outcome

    def disable(self, given: bytes, *, replace: bool = False) -> Outcome:
        """Switch it off; ``replace``: the universal PIN is asked for instead."""
        if self.tries and self.enabled and self.fixed:
            return Outcome.FIXED
        if (outcome := self.verify(given)) is Outcome.DONE:
            self.enabled, self.replaced = False, replace
        return outcome

    def enable(self, given: bytes) -> Outcome:
        """Switch it on."""
        if self.tries == 0:
            return Outcome.BLOCKED
        if self.enabled:
            return Outcome.IS_ON
        if (outcome := self._present(given)) is Outcome.DONE:
            self.enabled, self.replaced = True, False
        return outcome

    def unblock(self, puk: bytes, new: bytes) -> Outcome:
        """Set another one with the PUK, switched on (TS 51.011, 9.2.13)."""
        if self.puk_tries == 0:
            return Outcome.BLOCKED
        if puk != padded(self.puk):
            self.puk_tries -= 1
            return Outcome.WRONG
        self.code, self.tries, self.puk_tries = readable(new), FULL, PUK_FULL
        self.enabled = self.open = True
        self.replaced = False
        return Outcome.DONE

    def state(self) -> tuple[str, bool, int, int, bool]:
        """What lasts beyond a reset."""
        return self.code, self.enabled, self.tries, self.puk_tries, self.replaced

    def _present(self, given: bytes) -> Outcome:
        if given != padded(self.code):
            self.tries -= 1
            self.open = False
            return Outcome.WRONG
        self.tries, self.open = FULL, True
        return Outcome.DONE


def padded(code: str) -> bytes:
    """As it goes over the wire: eight bytes, ``FF`` behind the digits (TS 51.011, 9.3)."""
    return code.encode("ascii").ljust(8, b"\xff")


def readable(given: bytes) -> str:
    """The digits of a padded code, as they were given."""
    return given.rstrip(b"\xff").decode("latin-1")
