"""Commands as tests say them to a card."""

from __future__ import annotations

from typing import Protocol

from lastcall.elements.simcard.simulated import SimulatedCard

ADF_USIM = "A0000000871002"


class Sender(Protocol):
    def transmit(self, apdu: bytes) -> tuple[bytes, int]: ...


class InHand:
    """A card that is spoken to without a reader, powered on."""

    def __init__(self, card: SimulatedCard) -> None:
        self.card = card
        card.power_on()

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        answer = self.card.transmit(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")


def say(card: Sender, command: str) -> tuple[str, str]:
    """A command in hexadecimal digits, spaces allowed; the data and the status word of the answer, too."""
    data, word = card.transmit(bytes.fromhex(command))
    return data.hex().upper(), f"{word:04X}"


def word(card: Sender, command: str) -> str:
    """The status word alone."""
    return say(card, command)[1]


def padded(code: str) -> str:
    """A PIN as it goes over the wire, in hexadecimal digits."""
    return code.encode().ljust(8, b"\xff").hex()


def gsm_select(card: Sender, *fids: str) -> str:
    """Go down a path with class A0; the header of the last file."""
    header = ""
    for fid in fids:
        answered = word(card, f"A0 A4 0000 02 {fid}")
        assert answered.startswith("9F"), answered
        header, done = say(card, f"A0 C0 0000 {answered[2:]}")
        assert done == "9000"
    return header


def gsm_verify(card: Sender, code: str = "1234") -> str:
    return word(card, f"A0 20 0001 08 {padded(code)}")


def uicc_select(card: Sender, *fids: str) -> str:
    """Go down a path with class 00, an AID first where it starts with ``A0``; the FCP template of the last file."""
    template = ""
    for fid in fids:
        way = "04" if fid.startswith("A0") else "00"
        answered = word(card, f"00 A4 {way} 04 {len(fid) // 2:02X} {fid}")
        assert answered.startswith("61"), answered
        template, done = say(card, f"00 C0 0000 {answered[2:]}")
        assert done == "9000"
    return template


def uicc_verify(card: Sender, code: str = "1234", *, key: str = "01") -> str:
    return word(card, f"00 20 00 {key} 08 {padded(code)}")
