"""Ways to send an SMS."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from lastcall.core.errors import BadInput
from lastcall.core.ports import Messenger
from lastcall.elements.sms.console import ConsoleSms
from lastcall.elements.sms.file import FileSms


def make_sms(name: str, *, folder: Path, out: TextIO) -> Messenger:
    """The adapter called ``name``: ``file`` writes into ``folder``, ``console`` onto ``out``. Raises BadInput."""
    match name:
        case "file":
            return FileSms(folder)
        case "console":
            return ConsoleSms(out)
    raise BadInput(f"sms: '{name}' is no adapter; choose file or console.")
