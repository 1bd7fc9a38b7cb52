"""Ways to send an SMS."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from lastcall.core.errors import BadInput
from lastcall.core.ports import Messenger
from lastcall.elements.sms.console import ConsoleSms
from lastcall.elements.sms.file import FileSms
from lastcall.elements.sms.smpp import SmppAccount, SmppSms


def make_sms(name: str, *, folder: Path, out: TextIO, smpp: SmppAccount | None = None) -> Messenger:
    """The adapter called ``name``; nothing is connected yet.

    ``file`` writes into ``folder``, ``console`` onto ``out``, ``smpp`` to the SMSC of that account and keeps in
    ``folder``/handed-over which messages it took. Raises :class:`BadInput` for another name, and for ``smpp`` without account.
    """
    match name:
        case "file":
            return FileSms(folder)
        case "console":
            return ConsoleSms(out)
        case "smpp" if smpp is not None:
            return SmppSms(smpp, memory=folder / "handed-over")
        case "smpp":
            raise BadInput("sms: smpp needs an account on an SMSC.")
    raise BadInput(f"sms: '{name}' is no adapter; choose file, console or smpp.")
