"""Ways to send a mail."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from lastcall.core.errors import BadInput
from lastcall.core.ports import Messenger
from lastcall.elements.mail.console import ConsoleMail
from lastcall.elements.mail.file import FileMail


def make_mail(name: str, *, folder: Path, out: TextIO, sender: str = "lastcall@localhost") -> Messenger:
    """The adapter called ``name``: ``file`` writes into ``folder``, ``console`` onto ``out``. Raises BadInput."""
    match name:
        case "file":
            return FileMail(folder, sender=sender)
        case "console":
            return ConsoleMail(out)
    raise BadInput(f"mail: '{name}' is no adapter; choose file or console.")
