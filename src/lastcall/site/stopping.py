"""Being told to stop: as Ctrl-C does it, so that nothing half done is left behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

_TOLD: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Ctrl-C, what a system says that shuts down, and a terminal that is closed (on Unix, on Windows)."""


@contextmanager
def ends_like_ctrl_c() -> Iterator[None]:
    """In the block SIGTERM and a terminal that is closed end the program as Ctrl-C does: with ``KeyboardInterrupt``, once, so that
    what is cleaned up then is not interrupted. A program that was started to outlive its terminal (``nohup``) does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told = [getattr(signal, name) for name in _TOLD if hasattr(signal, name)]
    before = {each: signal.getsignal(each) for each in told if signal.getsignal(each) is not signal.SIG_IGN}

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in before:
        signal.signal(each, stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
