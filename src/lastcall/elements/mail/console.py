"""Mail on the screen, for a demonstration."""

from __future__ import annotations

from typing import TextIO

from lastcall.core.ports import Message
from lastcall.elements.mail import letter
from lastcall.elements.outbox import ScreenOutbox


class ConsoleMail:
    """Shows each mail with its language and the address masked."""

    name = "console"

    def __init__(self, out: TextIO) -> None:
        self._outbox = ScreenOutbox(out)

    def send(self, message: Message) -> None:
        """Show the mail. Raises :class:`BadInput`; :class:`ElementTrouble` when the stream is gone."""
        letter.check(message)
        head = f"Mail to {letter.masked(message.address)} [{message.language}]: {message.subject}"
        files = (f"\n[attached: {each.name}, {len(each.content)} octets]" for each in message.attachments)
        self._outbox.put(message.key, f"{head}\n{message.text}{''.join(files)}")
