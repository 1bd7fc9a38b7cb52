"""SMS into a folder, for trials and for gateways that fetch files."""

from __future__ import annotations

import json
from pathlib import Path

from lastcall.core.ports import Message
from lastcall.elements.outbox import FolderOutbox
from lastcall.elements.sms import number

_FIELDS = ("key", "address", "subject", "text", "language")


class FileSms:
    """One JSON file per message in ``folder``, UTF-8, with the fields of :class:`Message` except attachments, ``sender`` only where
    it has one."""

    name = "file"

    def __init__(self, folder: Path) -> None:
        self._outbox = FolderOutbox(folder, suffix=".json")

    def send(self, message: Message) -> None:
        """Write the message. Raises :class:`BadInput`; :class:`ElementTrouble` when the folder cannot be written."""
        number.check(message)
        told = {name: getattr(message, name) for name in _FIELDS}
        if message.sender:
            told["sender"] = message.sender
        self._outbox.put(message.key, json.dumps(told, ensure_ascii=False, indent=2).encode())

    def messages(self) -> list[Message]:
        """What was written, in order."""
        return [Message(**json.loads(content)) for content in self._outbox.contents()]
