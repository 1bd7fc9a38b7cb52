"""A text as the octets of one or more short messages (3GPP TS 23.038, TS 23.040)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import Message

MOST_PARTS = 20
DEFAULT_ALPHABET, UCS2 = 0x00, 0x08  # data_coding, SMPP 3.4, 5.2.19

# TS 23.038, 6.2.1 and 6.2.1.1; place 0x1B, the way into the extension, is no sign of its own.
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE = 0x1B
_EXTENSION = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40}
_SEPTETS = {sign: bytes([place]) for place, sign in enumerate(_BASIC) if place != _ESCAPE}
_SEPTETS |= {sign: bytes([_ESCAPE, place]) for sign, place in (_EXTENSION | {"€": 0x65}).items()}

_EXTENDED = {place: sign for sign, place in (_EXTENSION | {"€": 0x65}).items()}


@dataclass(frozen=True, slots=True)
class Parts:
    """What to submit, in order. ``headed``: each begins with a user data header that says which of how many it is."""

    data_coding: int
    headed: bool
    octets: tuple[bytes, ...]


def split(message: Message) -> Parts:
    """The text in the GSM default alphabet, a septet in each octet, where it fits in there, else in UCS-2.

    No sign is cut in two: neither a surrogate pair nor an escaped septet. Raises :class:`ElementTrouble` (permanent,
    ``message_too_long``) for more than :data:`MOST_PARTS` parts.
    """
    if all(sign in _SEPTETS for sign in message.text):
        signs, data_coding, whole, part = [_SEPTETS[sign] for sign in message.text], DEFAULT_ALPHABET, 160, 152
    else:
        signs, data_coding, whole, part = [sign.encode("utf-16-be") for sign in message.text], UCS2, 140, 132
    if sum(map(len, signs)) <= whole:
        return Parts(data_coding, headed=False, octets=(b"".join(signs),))
    pieces = list(_fill(signs, part))
    if len(pieces) > MOST_PARTS:
        raise ElementTrouble(
            f"The text needs {len(pieces)} short messages; at most {MOST_PARTS} can be sent.",
            permanent=True,
            code="message_too_long",
            remedy="Make the text shorter, or write to a mail address.",
        )
    return Parts(data_coding, headed=True, octets=tuple(_headed(pieces, _reference(message))))


def default_alphabet(octets: bytes) -> str:
    """The text that is in the GSM default alphabet, a septet in each octet; what has no sign there is a space (TS 23.038,
    6.2.1)."""
    signs: list[str] = []
    escaped = False
    for octet in octets:
        if escaped:
            signs.append(_EXTENDED.get(octet) or (_BASIC[octet] if octet < len(_BASIC) else " "))
        elif octet != _ESCAPE:
            signs.append(_BASIC[octet] if octet < len(_BASIC) else " ")
        escaped = octet == _ESCAPE and not escaped
    return "".join(signs)


def _fill(signs: Iterable[bytes], most: int) -> Iterator[bytes]:
    piece = b""
    for sign in signs:
        if len(piece) + len(sign) > most:
            yield piece
            piece = b""
        piece += sign
    yield piece


def _headed(pieces: list[bytes], reference: bytes) -> Iterator[bytes]:
    # TS 23.040, 9.2.3.24.8: concatenated short messages with a reference of sixteen bits; the header has seven octets.
    for place, piece in enumerate(pieces, start=1):
        yield b"\x06\x08\x04" + reference + bytes([len(pieces), place]) + piece


def _reference(message: Message) -> bytes:
    # Not drawn but computed: when a message is submitted again, its parts fit those that have arrived already.
    told = "\0".join((message.key, message.address, message.text))
    return hashlib.sha256(told.encode()).digest()[:2]
