"""The FastAGI server: takes calls from the voice platform, a bounded number at once, and leaves each in a clean state."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from django.db import connections

from lastcall.core.hotline import calls
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Billing
from lastcall.core.store import Database
from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline.acts import Caller
from lastcall.doors.hotline.agi import LONGEST_LINE, BadPeer, Channel, HungUp, Variables
from lastcall.doors.hotline.conversation import Conversation, Prompts

log = logging.getLogger("lastcall.hotline")

GONE: Final = "gone"
"""The script that a dialplan asks for when a caller hangs up in the queue: ``agi://host/gone?call=${LASTCALL_CALL}``."""
_LANGUAGES: Final = {"zh": "zh-hans", "zh-hans": "zh-hans", "cmn": "zh-hans", "ru": "ru", "en": "en"}
_SWEEP_SECONDS: Final = 600

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """``calls`` at once; as many again are told that all lines are busy, and more are closed without a word. Seconds else."""

    calls: int = 60
    threads: int = 8
    patience: float = 10.0
    longest_call: float = 900.0


class Hotline:
    """The server of one process. ``policy``: asked anew for every call."""

    def __init__(
        self, *, database: Database, billing: Billing, prompts: Prompts, policy: Callable[[], Policy],
        limits: Limits | None = None,
    ) -> None:  # fmt: skip
        self._database = database
        self._billing = billing
        self._prompts = prompts
        self._policy = policy
        self._limits = limits or Limits()
        self._tasks: set[asyncio.Task[None]] = set()
        self._talking = 0
        self._stopping = False
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._threads = ThreadPoolExecutor(self._limits.threads, thread_name_prefix="hotline")

    async def start(self, host: str, port: int) -> int:
        """Listen there; returns the port. Calls that a server before has left in the menu are ended."""
        await self._aside(lambda: calls.end_abandoned(self._database))
        self._server = await asyncio.start_server(self._came, host, port, limit=LONGEST_LINE)
        self._sweeper = asyncio.create_task(self._sweep())
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no more calls, end those that are in the menu, and wait until their rows say so."""
        self._stopping = True
        if self._server is not None:
            self._server.close()
        standing = [*self._tasks, *([self._sweeper] if self._sweeper else [])]
        for task in standing:
            task.cancel()
        await asyncio.gather(*standing, return_exceptions=True)
        self._threads.shutdown()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            try:
                await self._aside(lambda: calls.end_abandoned(self._database))
            except Exception as trouble:  # the database is away: the next round finds the same calls
                log.warning("abandoned calls could not be ended: %s", type(trouble).__name__)

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._stopping or len(self._tasks) >= 2 * self._limits.calls:
            writer.close()
            return
        self._tasks.add(task)
        try:
            await self._serve(Channel(reader, writer, patience=self._limits.patience))
        except HungUp:
            pass
        except BadPeer as trouble:
            log.warning("a call was dropped: %s", trouble)
        except asyncio.CancelledError:
            log.info("a call was ended by the stop of the server")
        except Exception as trouble:
            log.error("a call failed: %s", type(trouble).__name__)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, channel: Channel) -> None:
        said = await channel.variables()
        if said.script == GONE:
            await self._gone(said)
        elif self._talking >= self._limits.calls:
            await self._busy(channel, said)
        else:
            self._talking += 1
            try:
                async with asyncio.timeout(self._limits.longest_call):
                    await self._talk(channel, said)
            except TimeoutError:
                raise BadPeer("a call that did not end") from None
            finally:
                self._talking -= 1

    async def _gone(self, said: Variables) -> None:
        call = said.query.get("call", "")
        if not call.isascii() or not call.isdigit() or len(call) > 19:
            raise BadPeer("no call is named")
        await self._aside(lambda: calls.hang_up(self._database, call_id=int(call)))

    async def _busy(self, channel: Channel, said: Variables) -> None:
        chosen = _LANGUAGES.get(said.query.get("lang", ""))
        for language in (chosen,) if chosen else LANGUAGES:
            lasts = self._prompts.seconds(language, "busy")
            await channel.stream(self._prompts.file(language, "busy"), until="", seconds=lasts)
        await channel.set("LASTCALL_RESULT", "busy")

    async def _talk(self, channel: Channel, said: Variables) -> None:
        if not said.channel:
            raise BadPeer("no agi_uniqueid was given")
        language = _LANGUAGES.get(said.query.get("lang", ""), "")
        call = await self._aside(
            lambda: calls.begin(self._database, channel=said.channel, language=language),
            undo=lambda begun: calls.hang_up(self._database, call_id=begun.id, outcome="stopped"),
        )
        outcome = "failed"
        try:
            caller = Caller(self._database, self._billing, self._policy(), call.id, call.language)
            await channel.set("LASTCALL_CALL", str(call.id))
            result = await Conversation(channel, self._prompts, caller, self._aside).run()
            await channel.set("LASTCALL_LANGUAGE", caller.language)
            await channel.set("LASTCALL_RESULT", result)
            outcome = ""
        except HungUp:
            outcome = "hung_up"
            raise
        except asyncio.CancelledError:
            outcome = "stopped"
            raise
        finally:
            if channel.unplayed:
                log.error("the voice platform played nothing of a prompt: can it read the folder of the prompts?")
            if outcome:
                await self._ended(call.id, outcome)

    async def _ended(self, call_id: int, outcome: str) -> None:
        """Write that the caller has gone, whatever is cancelled meanwhile."""
        await asyncio.shield(self._aside(lambda: calls.hang_up(self._database, call_id=call_id, outcome=outcome)))

    async def _aside(self, work: Callable[[], T], *, undo: Callable[[T], object] | None = None) -> T:
        """Run ``work`` in a thread. When the call is cancelled meanwhile it is still waited for, and its result undone."""
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(self._threads, _with_own_connection, work)
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            await asyncio.wait([asked])
            if undo is not None and asked.exception() is None:
                undoing = partial(undo, asked.result())
                await asyncio.wait([loop.run_in_executor(self._threads, _with_own_connection, undoing)])
            raise


def _with_own_connection(work: Callable[[], T]) -> Any:
    try:
        return work()
    finally:
        connections.close_all()
