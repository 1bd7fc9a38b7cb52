"""Numbers as SMS needs them: E.164 (ITU-T E.164, 6.2.1: at most fifteen digits) with ``+``."""

from __future__ import annotations

import re

from lastcall.core.errors import BadInput
from lastcall.core.ports import Message
from lastcall.elements.outbox import check_message

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def check(message: Message) -> None:
    """Raises :class:`BadInput`, without the number, when the message cannot go out by SMS."""
    check_message(message)
    if not _E164.fullmatch(message.address):
        raise BadInput("address: not a number in E.164: + and 7 to 15 digits, the first not 0.")


def masked(number: str) -> str:
    """The first digit and the last two, the rest hidden: ``+7********67``."""
    return number[:2] + "*" * (len(number) - 4) + number[-2:]
