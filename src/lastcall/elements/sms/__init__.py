"""Ways to send an SMS."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from lastcall.core.errors import BadInput
from lastcall.core.ports import Messenger
from lastcall.elements.sms.console import ConsoleSms
from lastcall.elements.sms.file import FileSms
from lastcall.elements.sms.kannel import KannelAccount, KannelSms
from lastcall.elements.sms.smpp import SmppAccount, SmppSms


def make_sms(
    name: str,
    *,
    folder: Path,
    out: TextIO,
    smpp: SmppAccount | None = None,
    kannel: KannelAccount | None = None,
) -> Messenger:
    """The adapter called ``name``; nothing is connected yet.

    ``file`` writes into ``folder``, ``console`` onto ``out``, ``smpp`` to the SMSC and ``kannel`` to the Kannel of that account;
    these keep in ``folder``/handed-over which messages they took. Raises :class:`BadInput` for another name, and for one without
    account.
    """
    match name:
        case "file":
            return FileSms(folder)
        case "console":
            return ConsoleSms(out)
        case "smpp" if smpp is not None:
            return SmppSms(smpp, memory=folder / "handed-over")
        case "kannel" if kannel is not None:
            return KannelSms(kannel, memory=folder / "handed-over")
        case "smpp" | "kannel":
            raise BadInput(f"sms: {name} needs an account.")
    raise BadInput(f"sms: '{name}' is no adapter; choose file, console or one of smpp and kannel.")
