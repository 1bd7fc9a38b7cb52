"""Ways to send a mail."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from lastcall.core.errors import BadInput
from lastcall.core.ports import Messenger
from lastcall.elements.mail.console import ConsoleMail
from lastcall.elements.mail.file import FileMail
from lastcall.elements.mail.smtp import SmtpAccount, SmtpMail

DEFAULT_SENDER = "lastcall@localhost"


def make_mail(
    name: str, *, folder: Path, out: TextIO, sender: str = DEFAULT_SENDER, smtp: SmtpAccount | None = None
) -> Messenger:
    """The adapter called ``name``, which writes from ``sender`` (an address); nothing is connected yet.

    ``file`` writes into ``folder``, ``console`` onto ``out``, ``smtp`` to the mail server of that account and keeps in
    ``folder``/handed-over which mails it took. Raises :class:`BadInput` for another name, and for ``smtp`` without account.
    """
    match name:
        case "file":
            return FileMail(folder, sender=sender)
        case "console":
            return ConsoleMail(out)
        case "smtp" if smtp is not None:
            return SmtpMail(smtp, sender=sender, memory=folder / "handed-over")
        case "smtp":
            raise BadInput("mail: smtp needs an account on a mail server.")
    raise BadInput(f"mail: '{name}' is no adapter; choose file, console or smtp.")
