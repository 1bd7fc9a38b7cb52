"""Mail into a folder, for trials and for servers that fetch files."""

from __future__ import annotations

from pathlib import Path

from lastcall.core.ports import Message
from lastcall.elements.mail import letter
from lastcall.elements.outbox import FolderOutbox


class FileMail:
    """One ``.eml`` file per message in ``folder``, from ``sender`` (an address)."""

    name = "file"

    def __init__(self, folder: Path, *, sender: str) -> None:
        letter.check_address("sender", sender)
        self._sender = sender
        self._outbox = FolderOutbox(folder, suffix=".eml")

    def send(self, message: Message) -> None:
        """Write the mail. Raises :class:`BadInput`; :class:`ElementTrouble` when the folder cannot be written."""
        letter.check(message)
        self._outbox.put(message.key, letter.build(message, sender=self._sender))

    def messages(self) -> list[Message]:
        """What was written, in order."""
        return [letter.read(content) for content in self._outbox.contents()]
