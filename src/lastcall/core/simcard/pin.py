"""The PIN of a card: how many tries are left, and when we stop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lastcall.core.errors import BadInput, Refused

ACTS: Final = ("verify", "disable", "enable", "change", "unblock")
_PIN: Final = re.compile("[0-9]{4,8}", re.ASCII)
_PUK: Final = re.compile("[0-9]{8}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinState:
    """``enabled``: whether the card asks for it; None where the card does not say. ``tries``: wrong tries left before it blocks;
    ``puk_tries``: wrong PUKs left before the card is lost for good; None where the card does not say."""

    enabled: bool | None
    tries: int | None
    puk_tries: int | None

    @property
    def blocked(self) -> bool:
        """Only the PUK helps."""
        return self.tries == 0

    @property
    def dead(self) -> bool:
        """Not even the PUK helps any more."""
        return self.puk_tries == 0


def check_pin(text: str) -> str:
    """A PIN of four to eight digits (3GPP TS 51.011, 11.3.1). Raises ``BadInput`` (``bad_pin``), without the PIN."""
    if not _PIN.fullmatch(text):
        raise BadInput("this is no PIN", code="bad_pin", remedy="Give four to eight digits.")
    return text


def check_puk(text: str) -> str:
    """A PUK of eight digits. Raises ``BadInput`` (``bad_puk``), without the PUK."""
    if not _PUK.fullmatch(text):
        raise BadInput("this is no PUK", code="bad_puk", remedy="Give the eight digits printed beside the card.")
    return text


def refuse_last_try(state: PinState, *, act: str, last_try: bool) -> None:
    """Stop before a wrong word could block the card, or lose it.

    ``last_try``: the person knows and wants it. Raises ``Refused``: ``pin_blocked`` and ``puk_blocked`` (whatever is wanted),
    ``last_try``, ``tries_unknown`` (the card does not say how many are left).
    """
    unblocking = act == "unblock"
    if state.dead:
        raise Refused("the PUK is blocked too", code="puk_blocked", remedy="Only the operator can give a new card.")
    if state.blocked and not unblocking:
        raise Refused("the PIN is blocked", code="pin_blocked", remedy="Unblock it with the PUK first.")
    left, word = (state.puk_tries, "PUK") if unblocking else (state.tries, "PIN")
    if last_try or (left is not None and left > 1):
        return
    if left is None:
        raise Refused(
            f"the card does not say how many tries of the {word} are left", code="tries_unknown",
            remedy="Say that you want to try all the same.",
        )  # fmt: skip
    raise Refused(
        f"this is the last try of the {word}", code="last_try", remedy=f"Look the {word} up before you try again."
    )
