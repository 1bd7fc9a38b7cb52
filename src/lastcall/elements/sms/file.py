"""SMS into a folder, for trials and for gateways that fetch files."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from lastcall.core.ports import Message
from lastcall.elements.outbox import FolderOutbox
from lastcall.elements.sms import number


class FileSms:
    """One JSON file per message in ``folder``, UTF-8, with the fields of :class:`Message`."""

    name = "file"

    def __init__(self, folder: Path) -> None:
        self._outbox = FolderOutbox(folder, suffix=".json")

    def send(self, message: Message) -> None:
        """Write the message. Raises :class:`BadInput`; :class:`ElementTrouble` when the folder cannot be written."""
        number.check(message)
        self._outbox.put(message.key, json.dumps(asdict(message), ensure_ascii=False, indent=2).encode())

    def messages(self) -> list[Message]:
        """What was written, in order."""
        return [Message(**json.loads(content)) for content in self._outbox.contents()]
