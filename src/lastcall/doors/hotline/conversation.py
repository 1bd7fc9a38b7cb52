"""One caller's way through the menu's table, spoken over one channel."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline import spoken
from lastcall.doors.hotline.acts import ACTS, Caller
from lastcall.doors.hotline.agi import BadPeer, Channel, HungUp
from lastcall.doors.hotline.menu import AFTER_LANGUAGE, BY_NAME, END, KEY, NOTHING, START, Edge, Step
from lastcall.doors.hotline.prompts import COMPLETING
from lastcall.doors.hotline.recordings import seconds

log = logging.getLogger("lastcall.hotline")

ALL_KEYS: Final = "0123456789*#"
_AGENT: Final = "0"
_MOST_KEYS: Final = 20
_MOST_STEPS: Final = 200
_NUMBER_GROUPS: Final = (1, 3, 3, 2)
_REFERENCE_GROUPS: Final = (4,)

Aside = Callable[[Callable[[], str]], Awaitable[str]]
"""Runs work that may wait for the database, elsewhere than on the event loop."""


class Prompts:
    """The sound files, as this process reads them (``folder``) and as the voice platform does (``there``)."""

    def __init__(self, folder: Path, there: str = "") -> None:
        self._folder = folder
        self._there = (there or str(folder.absolute())).rstrip("/")
        self._seconds: dict[str, float] = {}

    def file(self, language: str, key: str) -> str:
        """The file as the platform is told it, without its ending; the pause is the same in every language."""
        return f"{self._there}/{self._place(language, key)}"

    def seconds(self, language: str, key: str) -> float:
        """How long it plays."""
        place = self._place(language, key)
        if place not in self._seconds:
            self._seconds[place] = seconds(self._folder / f"{place}.wav")
        return self._seconds[place]

    def _place(self, language: str, key: str) -> str:
        return key if key == spoken.PAUSE else f"{language}/{key}"


class Conversation:
    """The menu for one caller. ``aside`` does what touches the database."""

    def __init__(self, channel: Channel, prompts: Prompts, caller: Caller, aside: Aside) -> None:
        self._channel = channel
        self._prompts = prompts
        self._caller = caller
        self._aside = aside
        self._wrong: Counter[tuple[str, str]] = Counter()

    async def run(self) -> str:
        """From the first step to the end: ``agent`` or ``done``, for the dialplan. Raises ``HungUp``, ``BadPeer``."""
        step, last = AFTER_LANGUAGE if self._caller.language else START, ""
        for _ in range(_MOST_STEPS):
            if step == END:
                return "agent" if last == "agent" else "done"
            step, last = await self._guarded(step), step
        raise BadPeer("a caller who goes in circles")

    async def _guarded(self, name: str) -> str:
        """One step; when something breaks on our side the caller is told so, and an agent helps."""
        try:
            return await self._step(BY_NAME[name])
        except (HungUp, BadPeer):
            raise
        except Exception as trouble:
            if name == "agent":
                raise
            # The kind alone: what an error says may hold what was keyed in.
            log.error("a step of the menu failed: %s, %s", name, type(trouble).__name__)
            await self._say(("trouble",), until="")
            return "agent"

    async def _step(self, step: Step) -> str:
        if step.name != "agent":
            self._caller.stage = step.name
        if step.asks == NOTHING:
            return await self._alone(step)
        for _ in range(self._caller.policy.hotline_silences):
            keys, silent = await self._asked(step)
            if keys == _AGENT:
                return "agent"
            if not silent:
                return await self._go(step, await self._outcome(step, keys))
            if step.silent:
                return step.silent
        return self._after_silence()

    async def _alone(self, step: Step) -> str:
        """A step without a question: what it says can be cut short for an agent, except on the way out."""
        leaving = step.edges[0].to == END
        if await self._say(step.says, until="" if leaving else _AGENT):
            return "agent"
        return await self._go(step, await self._outcome(step, ""))

    async def _asked(self, step: Step) -> tuple[str, bool]:
        """The keys that answer the step, without ``#``; and whether there was only silence."""
        first = await self._say(step.says, until=ALL_KEYS)
        if first == "#" or (first and step.asks == KEY):
            return (first if step.asks == KEY else ""), False
        most = 1 if step.asks == KEY else _MOST_KEYS - len(first)
        pause, wait = self._prompts.file("", spoken.PAUSE), self._caller.policy.hotline_wait_seconds
        more, timed_out = await self._channel.digits(pause, wait=wait, most=most)
        keys = first + more
        if not keys and not timed_out and step.asks == KEY:
            keys = "#"
        return keys, timed_out and not keys

    async def _outcome(self, step: Step, keys: str) -> str:
        if not step.act:
            return keys
        return await self._aside(lambda: ACTS[step.act](self._caller, keys))

    async def _go(self, step: Step, outcome: str) -> str:
        edge = _edge(step, outcome)
        if edge.counted:
            self._wrong[step.name, edge.on] += 1
        if await self._say(edge.says, until=_AGENT):
            return "agent"
        if edge.counted and self._wrong[step.name, edge.on] >= self._caller.policy.hotline_tries:
            return edge.spent
        return step.name if edge.to == "=" else edge.to

    def _after_silence(self) -> str:
        if self._caller.policy.hotline_after_silence == "agent":
            return "agent"
        self._caller.outcome = "silent" if self._caller.outcome == "nothing" else self._caller.outcome
        return "goodbye"

    async def _say(self, says: tuple[str, ...], *, until: str) -> str:
        """Play prompts one after the other; the key that cut them short, or empty."""
        for language in (self._caller.language,) if self._caller.language else LANGUAGES:
            for key in self._pieces(says, language):
                file, lasts = self._prompts.file(language, key), self._prompts.seconds(language, key)
                if pressed := await self._channel.stream(file, until=until, seconds=lasts):
                    return pressed
        return ""

    def _pieces(self, says: tuple[str, ...], language: str) -> tuple[str, ...]:
        return tuple(piece for word in says for piece in self._part(word, language))

    def _part(self, word: str, language: str) -> tuple[str, ...]:
        caller, registered = self._caller, self._caller.registered
        match word:
            case "<number>":
                return spoken.digits(str(caller.msisdn), groups=_NUMBER_GROUPS)
            case "<state>":
                return (f"state_{caller.state}",)
            case "<amount>" if caller.account is not None:
                return spoken.amount(caller.account.balance, language)
            case "<time>" if registered is not None:
                return spoken.time_of_day(registered.received_at, language)
            case "<reference>" if registered is not None:
                return spoken.digits(registered.reference, groups=_REFERENCE_GROUPS)
            case "<next>" if registered is not None:
                return self._next(complete=registered.complete)
            case _:
                return (word,)

    def _next(self, *, complete: bool) -> tuple[str, ...]:
        """What is to be done now (policies ``termination.act_doors``, ``termination.intake_doors``)."""
        if complete:
            return ("next_complete", "next_proof")
        ways = [f"next_{door}" for door in COMPLETING if door in self._caller.policy.termination_act_doors]
        return ("next_intake", *ways, "next_proof")


def _edge(step: Step, outcome: str) -> Edge:
    found = next((edge for edge in step.edges if edge.on == outcome), None)
    return found or next(edge for edge in step.edges if edge.on == "other")
