"""A worker that is killed: ``python -m tests.doors.text.dying URL FOLDER PORT NOW MOMENT``.

It does what is due and dies at its first submission: ``submitted``: the SMSC has taken the message, nothing is noted yet;
``remembered``: the memory of messages sent has it, the text's own row has not. Or, ``received``: it listens, and a text came in
and was stored, and the SMSC has not heard so.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import django


def die() -> None:
    """End here and now, like a power cut for this process."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)  # the signal may take a moment to arrive; nothing may happen in it


def then_die(act: Callable[..., Any]) -> Callable[..., Any]:
    """``act``, but the process dies when it is done and has not yet returned."""

    def dying(*args: Any, **kwargs: Any) -> None:
        act(*args, **kwargs)
        die()

    return dying


def run(url: str, folder: Path, port: str, now: datetime, moment: str) -> None:
    """Set up as an installation with SMPP, and work."""
    from django.test import override_settings

    from lastcall.core import clock
    from lastcall.core.clock import ManualClock
    from lastcall.elements.sms.smpp import SmppSms
    from lastcall.site import channels
    from lastcall.site.wiring import make_elements, make_worker
    from tests.databases import opened
    from tests.doors.text.settings import by_smpp

    patched: Any = SmppSms
    site: Any = channels
    if moment == "submitted":
        patched._submit = then_die(SmppSms._submit)
    if moment == "remembered":
        site.note_taken = lambda *_, **__: die()
    if moment == "received":
        site.take = then_die(site.take)
    with clock.use(ManualClock(now)), opened(url) as base, override_settings(**by_smpp(int(port))):
        elements = make_elements(hlr="simulated", folder=folder)
        if moment == "received":
            channels.start_listening(elements.messengers, threading.Event())
            time.sleep(30)
        make_worker(elements, base=base).run_until_idle()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lastcall.site.settings"
    django.setup()
    run(sys.argv[1], Path(sys.argv[2]), sys.argv[3], datetime.fromisoformat(sys.argv[4]), sys.argv[5])
