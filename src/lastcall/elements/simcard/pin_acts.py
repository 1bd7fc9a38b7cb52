"""The commands on the PIN, and what a card's refusal of one means (3GPP TS 51.011, 9.2.9 to 9.2.13; ETSI TS 102.221, 11.1.9)."""

from __future__ import annotations

from typing import Final

from lastcall.core.errors import ElementTrouble, LastcallError, Refused
from lastcall.core.simcard.pin import PinState, check_pin, check_puk

from .channel import CHANGE, DISABLE, ENABLE, UNBLOCK, VERIFY, Answer
from .speech import Speech
from .status import Meaning

_LENGTH: Final = 8
_SWITCHES: Final = (DISABLE, ENABLE)
_TECHNICAL: Final = (0x64, 0x65, 0x6F, 0x92)
"""First bytes of the words that tell of worn memory and the like, and of no will of the card's (TS 51.011, 9.4.3 and 9.4.6)."""


def verify(speech: Speech, pin: str) -> None:
    """These five raise :class:`~lastcall.core.errors.BadInput` (``bad_pin``, ``bad_puk``) before anything is sent, and what
    :class:`lastcall.core.ports.SimCard` names."""
    _act(speech, VERIFY, _padded(check_pin(pin)))


def disable(speech: Speech, pin: str) -> None:
    """Switch it off."""
    _act(speech, DISABLE, _padded(check_pin(pin)))


def enable(speech: Speech, pin: str) -> None:
    """Switch it on."""
    _act(speech, ENABLE, _padded(check_pin(pin)))


def change(speech: Speech, pin: str, new: str) -> None:
    """Set another one."""
    _act(speech, CHANGE, _padded(check_pin(pin)) + _padded(check_pin(new)))


def unblock(speech: Speech, puk: str, new: str) -> None:
    """Set another one with the PUK."""
    _act(speech, UNBLOCK, _padded(check_puk(puk)) + _padded(check_pin(new)))


def _padded(digits: str) -> bytes:
    return digits.encode("ascii").ljust(_LENGTH, b"\xff")


def _act(speech: Speech, ins: int, data: bytes) -> None:
    answer = speech.act(ins, data)
    if not answer.done:
        raise _refusal(speech, ins, answer)


def _refusal(speech: Speech, ins: int, answer: Answer) -> LastcallError:
    meaning = answer.meaning
    if meaning is Meaning.BLOCKED:
        return _blocked(ins)
    if meaning is Meaning.WRONG:
        return _wrong(ins)
    fixed = ins in _SWITCHES and answer.sw >> 8 not in _TECHNICAL
    return _against(ins, speech.pin(), meaning) or (_fixed() if fixed else _failed(answer.sw))


def _against(ins: int, state: PinState, meaning: Meaning) -> Refused | None:
    """The refusal that follows from how the PIN stands; None where none does.

    A card that does not say beforehand whether it asks for its PIN says so when it is given one.
    """
    if (state.puk_tries == 0) if ins == UNBLOCK else state.blocked:
        return _blocked(ins)
    off = state.enabled is False or (state.enabled is None and meaning is Meaning.AGAINST_STATE and ins != DISABLE)
    if ins in (VERIFY, CHANGE, DISABLE) and off:
        return Refused("the card does not ask for a PIN", code="pin_is_off", remedy="Nothing is closed by it.")
    if ins == ENABLE and state.enabled:
        return Refused("the card asks for its PIN already", code="pin_is_on", remedy="Nothing has to be done.")
    return None


def _fixed() -> Refused:
    return Refused(
        "this card does not let its PIN be switched on or off", code="pin_fixed",
        remedy="Hand the PIN over with the card, or ask the operator.",
    )  # fmt: skip


def _blocked(ins: int) -> Refused:
    if ins == UNBLOCK:
        return Refused("the PUK is blocked", code="puk_blocked", remedy="Only the operator can give a new card.")
    return Refused("the PIN is blocked", code="pin_blocked", remedy="Unblock it with the PUK.")


def _wrong(ins: int) -> Refused:
    code, word = ("wrong_puk", "PUK") if ins == UNBLOCK else ("wrong_pin", "PIN")
    return Refused(f"that is not the {word}", code=code, remedy="See how many tries are left before the next one.")


def _failed(sw: int) -> ElementTrouble:
    return ElementTrouble(
        f"the card refused with {sw:04X}", permanent=True, code="card_failed",
        remedy="Try the card in another reader; if it refuses there too, ask the operator.",
    )  # fmt: skip
