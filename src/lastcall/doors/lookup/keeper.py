"""What is kept up beside the requests: the roll of consumers, leases that nobody uses, and the journal on the disk."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final

from django.db import close_old_connections, connections

from lastcall.core.database import database
from lastcall.core.relying import asked, quotas
from lastcall.core.relying.roll import roll_of

logger = logging.getLogger(__name__)

_TICK: Final = 0.2
"""Seconds after which what was noted is on the disk."""
_TICKS_A_ROUND: Final = 4
_ROUNDS_A_HAND_OVER: Final = 6


class Keeper:
    """A thread that keeps up until it is stopped."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lookup-keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, with everything handed over and given back."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        tick = 0
        while not self._stop.wait(_TICK):
            tick += 1
            _quietly(asked.flush)
            if tick % _TICKS_A_ROUND == 0:
                _quietly(_keep_up)
            if tick % (_TICKS_A_ROUND * _ROUNDS_A_HAND_OVER) == 0:
                _quietly(asked.hand_over)
        _quietly(asked.hand_over)
        _quietly(lambda: quotas.give_back(database(), idle_seconds=0))
        connections.close_all()


def _keep_up() -> None:
    close_old_connections()
    roll_of(database()).refresh(database())
    quotas.give_back(database())


def _quietly(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as trouble:  # the database is away; the next round tries again
        logger.warning("the look-up could not keep up: %s", type(trouble).__name__)


async def lifespan(
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]], send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    """ASGI's lifespan: the keeper runs from the start of the server to its end."""
    keeper = Keeper()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            keeper.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            with suppress(RuntimeError):
                await asyncio.to_thread(keeper.stop)
            await send({"type": "lifespan.shutdown.complete"})
            return
