"""SMS on the screen, for a demonstration."""

from __future__ import annotations

from typing import TextIO

from lastcall.core.ports import Message
from lastcall.elements.outbox import ScreenOutbox
from lastcall.elements.sms import number


class ConsoleSms:
    """Shows each text with its language and the number masked."""

    name = "console"

    def __init__(self, out: TextIO) -> None:
        self._outbox = ScreenOutbox(out)

    def send(self, message: Message) -> None:
        """Show the message. Raises :class:`BadInput`; :class:`ElementTrouble` when the stream is gone."""
        number.check(message)
        self._outbox.put(message.key, f"SMS to {number.masked(message.address)} [{message.language}]: {message.text}")
