"""Segments answered by several processes, given back in their order.

Processes, not threads: the work is many short array operations, between which the interpreter's lock would be fought for. They
are forked, so that the tables are shared; they touch no database, but ask the process that forked them.
"""

from __future__ import annotations

import mmap
import os
import signal
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from lastcall.core.errors import LastcallError
from lastcall.core.lookup.bulk.answering import SLACK, Answered, Answering
from lastcall.core.lookup.bulk.asking import Numbers, Resolve
from lastcall.core.lookup.bulk.grid import Bytes
from lastcall.core.lookup.bulk.meaning import Codes, Days
from lastcall.core.lookup.bulk.segments import SIZE, Segment

Make = Callable[[Resolve], Answering]
"""Makes what answers, given what asks the database."""
WORTH_IT: Final = 8 * SIZE
"""From so many bytes on, several processes."""
_SLOTS: Final = 3
_SLOT: Final = 2 * SIZE
_LOOK_AROUND: Final = 1.0


class Hand:
    """Reads a segment and answers it."""

    def __init__(self, path: Path, answering: Answering) -> None:
        self._file = os.open(path, os.O_RDONLY)
        self._answering = answering
        self._buffer: Bytes = np.zeros(SIZE + SLACK, np.uint8)

    def answer(self, segment: Segment) -> Answered:
        """What goes out for the segment; good until the next."""
        if segment.too_long:
            return self._answering.lost("too_long")
        length, done = segment.end - segment.begin, 0
        while done < length:
            more = os.preadv(self._file, [self._buffer[done:length].data], segment.begin + done)
            if not more:
                raise LastcallError(
                    "the file became shorter while it was read", code="file_changed", remedy="Begin again."
                )
            done += more
        return self._answering.answer(self._buffer, length)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def answered(
    path: Path, segments: Iterator[Segment], *, make: Make, resolve: Resolve, processes: int
) -> Generator[tuple[Segment, Answered], None, None]:
    """Each segment with what goes out for it, in order; that is good until the next is asked for."""
    if processes > 1:
        yield from _by_crew(path, segments, make, resolve, processes)
        return
    hand = Hand(path, make(resolve))
    try:
        for segment in segments:
            yield segment, hand.answer(segment)
    finally:
        hand.close()


@dataclass
class _Member:
    """One process. ``work``: segments go there and answers come back; ``asks``: its questions to the database."""

    pid: int
    work: Connection
    asks: Connection
    memory: mmap.mmap
    free: list[int] = field(default_factory=lambda: list(range(_SLOTS)))


_Done = tuple[int, int, int | bytes, NDArray[np.int64]]


def _by_crew(
    path: Path, segments: Iterator[Segment], make: Make, resolve: Resolve, processes: int
) -> Iterator[tuple[Segment, Answered]]:
    crew = [_begin(path, make) for _ in range(processes)]
    try:
        yield from _Foreman(crew, segments, resolve).run()
    finally:
        for member in crew:
            _end(member)


class _Foreman:
    def __init__(self, crew: list[_Member], segments: Iterator[Segment], resolve: Resolve) -> None:
        self._crew, self._segments, self._resolve = crew, enumerate(segments), resolve
        self._given: dict[int, tuple[Segment, _Member]] = {}
        self._done: dict[int, _Done] = {}

    def run(self) -> Iterator[tuple[Segment, Answered]]:
        for _ in range(_SLOTS):
            for member in self._crew:
                self._give(member)
        place = 0
        while place in self._given:
            while place not in self._done:
                self._listen()
            segment, member = self._given.pop(place)
            _, slot, content, counts = self._done.pop(place)
            view = memoryview(content) if isinstance(content, bytes) else _slot(member, slot)[:content]
            try:
                yield segment, Answered(view, counts)
            finally:
                view.release()
            member.free.append(slot)
            self._give(member)
            place += 1

    def _give(self, member: _Member) -> None:
        following = next(self._segments, None)
        if following is not None:
            place, segment = following
            self._given[place] = segment, member
            member.work.send((place, member.free.pop(), segment))

    def _listen(self) -> None:
        ears: dict[Connection[Any, Any], _Member] = {}
        for member in self._crew:
            ears[member.work] = ears[member.asks] = member
        for ear in cast("list[Connection[Any, Any]]", wait(list(ears))):
            try:
                heard = ear.recv()
            except (EOFError, ConnectionError) as trouble:
                raise LastcallError(
                    "a process that answered rows has ended", code="worker_lost", remedy="Run it again: it goes on where it was.",
                ) from trouble  # fmt: skip
            if isinstance(heard, BaseException):
                raise heard
            if ear is ears[ear].asks:
                ears[ear].asks.send(self._resolve(*heard))
            else:
                self._done[heard[0]] = heard


def _slot(member: _Member, slot: int) -> memoryview:
    return memoryview(member.memory)[slot * _SLOT : (slot + 1) * _SLOT]


def _begin(path: Path, make: Make) -> _Member:
    work, their_work = Pipe()
    asks, their_asks = Pipe()
    memory = mmap.mmap(-1, _SLOTS * _SLOT)
    parent = os.getpid()
    with warnings.catch_warnings():
        # Other threads may exist; the child uses none of what they could hold, and leaves without cleaning up.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        their_work.close()
        their_asks.close()
        return _Member(pid, work, asks, memory)
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _let_go({their_work.fileno(), their_asks.fileno()})
        _serve(path, make, _Member(parent, their_work, their_asks, memory))
    finally:
        os._exit(0)


def _let_go(keep: set[int]) -> None:
    """Close what was inherited: connections to the database, and the lock on the output, which must end with the parent."""
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor > 2 and descriptor not in keep:
            with suppress(OSError):  # the one by which the folder was read
                os.close(descriptor)


def _serve(path: Path, make: Make, home: _Member) -> None:
    def ask(numbers: Numbers, days: Days) -> Codes:
        home.asks.send((numbers, days))
        codes: Codes = _heard(home.asks, home.pid)
        return codes

    try:
        hand = Hand(path, make(ask))
        while True:
            place, slot, segment = _heard(home.work, home.pid)
            done = hand.answer(segment)
            length = len(done.content)
            if length <= _SLOT:
                with _slot(home, slot) as view:
                    view[:length] = done.content
                home.work.send((place, slot, length, done.counts))
            else:
                home.work.send((place, slot, bytes(done.content), done.counts))
    except (EOFError, ConnectionError):
        return
    except BaseException as trouble:  # the parent tells of it
        home.work.send(trouble)


def _heard(ear: Connection, parent: int) -> Any:
    while not ear.poll(_LOOK_AROUND):
        if os.getppid() != parent:  # it was killed, and other children may keep the pipe open
            os._exit(0)
    return ear.recv()


def _end(member: _Member) -> None:
    member.work.close()
    member.asks.close()
    os.kill(member.pid, signal.SIGKILL)
    os.waitpid(member.pid, 0)
    member.memory.close()
