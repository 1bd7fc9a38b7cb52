"""The Asterisk Gateway Interface over TCP (FastAGI), from the side of the script: one command a line, one answer a line.

The peer sends ``agi_name: value`` lines up to an empty one; then each command is answered by ``200 result=…``. A digit comes as
its ASCII code, a time-out of ``GET DATA`` as an empty result with ``(timeout)``, a hang-up as ``result=-1``, a bare ``HANGUP``
line, ``511`` or the end of the stream. Source: Asterisk, ``res/res_agi.c`` and the documentation of its AGI commands.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

LONGEST_LINE: Final = 8192
_MOST_VARIABLES: Final = 300
_MOST_USAGE_LINES: Final = 60
_ANSWER: Final = re.compile(r"(?P<code>\d{3})(?: result=(?P<result>[-0-9A-D*#]*)(?P<rest>.*)|[ -].*)?")
_SIGNS: Final = frozenset("0123456789*#ABCD")


class HungUp(Exception):
    """The caller, or the whole connection, is gone."""


class BadPeer(Exception):
    """The other end does not speak AGI, or keeps us waiting too long. The message repeats nothing of what it sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command gave: ``result`` as sent, empty for a time-out without a key; ``end``: the sample at which a file stopped."""

    code: int
    result: str
    timed_out: bool
    end: int | None


@dataclass(frozen=True, slots=True)
class Variables:
    """What the peer says about the call. ``script``: the path of ``agi_network_script``, ``query`` its question mark's part."""

    channel: str
    script: str
    query: Mapping[str, str]


def command(*words: str) -> bytes:
    """A command as one line. Words with anything but plain letters are quoted. Raises ``ValueError`` for a control character."""
    # A newline in a word would be a second command.
    if any(not word.isprintable() for word in words):
        raise ValueError("a word of an AGI command holds a control character")
    return (" ".join(map(_quoted, words)) + "\n").encode()


def _quoted(word: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_./:-]+", word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def parse_answer(line: str) -> Answer:
    """One line of the peer's as an answer. Raises :class:`HungUp` for ``HANGUP`` and ``511``, :class:`BadPeer` for no answer."""
    if line == "HANGUP":
        raise HungUp
    found = _ANSWER.fullmatch(line)
    if found is None:
        raise BadPeer("a line that is no answer")
    if found["code"] == "511":
        raise HungUp
    rest = found["rest"] or ""
    end = re.search(r"endpos=(\d+)", rest)
    return Answer(int(found["code"]), found["result"] or "", "(timeout)" in rest, int(end[1]) if end else None)


class Channel:
    """One call at the voice platform. Every wait has an end: a peer that says nothing is a :class:`BadPeer`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, patience: float = 10.0) -> None:
        """``patience``: seconds granted beyond what a command itself takes."""
        self._reader = reader
        self._writer = writer
        self._patience = patience
        self.unplayed = False
        """Whether the peer said of a file that it stopped at its first sample: it cannot read it."""

    async def variables(self) -> Variables:
        """Read what the peer says first. Raises :class:`BadPeer`, :class:`HungUp`."""
        said: dict[str, str] = {}
        async with _deadline(self._patience):
            while line := await self._line():
                name, colon, value = line.partition(":")
                if not colon or not name.startswith("agi_") or len(said) >= _MOST_VARIABLES:
                    raise BadPeer("a line that is no agi_ variable")
                said[name] = value.strip()
        parts = urlsplit(said.get("agi_network_script", ""))
        return Variables(said.get("agi_uniqueid", ""), parts.path.strip("/"), dict(parse_qsl(parts.query)))

    async def stream(self, file: str, *, until: str, seconds: float) -> str:
        """Play a file (without its ending); the key among ``until`` that was pressed meanwhile, or empty."""
        answer = await self._ask("STREAM", "FILE", file, until, seconds=seconds)
        self.unplayed = self.unplayed or (answer.result == "0" and answer.end == 0)
        return _key(answer.result)

    async def digits(self, file: str, *, wait: float, most: int) -> tuple[str, bool]:
        """Play a file, take up to ``most`` keys, ended by ``#`` or ``wait`` seconds of silence; and whether it was silence."""
        answer = await self._ask(
            "GET", "DATA", file, str(int(wait * 1000)), str(most), seconds=wait * (most + 1) + self._patience
        )
        if not set(answer.result) <= _SIGNS:
            raise BadPeer("digits that are none")
        return answer.result, answer.timed_out

    async def set(self, name: str, value: str) -> None:
        """Set a variable of the channel, for the dialplan."""
        await self._ask("SET", "VARIABLE", name, value, seconds=0)

    async def _ask(self, *words: str, seconds: float) -> Answer:
        async with _deadline(self._patience + seconds):
            await self._send(command(*words))
            answer = parse_answer(await self._line())
            if answer.code == 520:
                await self._skip_usage()
        if answer.code != 200:
            raise BadPeer(f"answered {answer.code} to {words[0]} {words[1]}")
        if answer.result == "-1":
            raise HungUp
        return answer

    async def _send(self, line: bytes) -> None:
        try:
            self._writer.write(line)
            await self._writer.drain()
        except ConnectionError:
            raise HungUp from None

    async def _skip_usage(self) -> None:
        for _ in range(_MOST_USAGE_LINES):
            if (await self._line()).startswith("520 "):
                return

    async def _line(self) -> str:
        try:
            raw = await self._reader.readline()
        except ConnectionError:
            raise HungUp from None
        except ValueError:
            raise BadPeer("a line that does not end") from None
        if not raw.endswith(b"\n"):
            raise HungUp  # the end of the stream; half a line is none
        try:
            return raw.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise BadPeer("a line that is no text") from None


def _key(result: str) -> str:
    """The key behind an ASCII code. Raises :class:`BadPeer` for a code that is no key."""
    if result in {"", "0"}:
        return ""
    if not result.isascii() or not result.isdigit() or len(result) > 3 or chr(int(result)) not in _SIGNS:
        raise BadPeer("a key that is none")
    return chr(int(result))


@asynccontextmanager
async def _deadline(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise BadPeer("no answer in time") from None
