"""Playing many histories on all cores, until the first one that breaks something.

History ``i`` of a run with seed ``S`` is history ``S + i``: a failing history is played again alone by its own seed.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Final

from lastcall.core.audit.invariants import INVARIANTS
from lastcall.core.simulator.history import History, play
from lastcall.core.simulator.memo import memoised

OWN_CHECKS: Final = (
    "receipt", "lost", "papers", "code", "callbacks", "hold_length", "refund_is_money", "books_balance", "unexpected_error",
    "transfer", "told_before_release",
)  # fmt: skip
"""What the simulator checks beside the invariants: answers, the length of holds, the books, errors that are no answers."""

_for_life: Final = ExitStack()
"""What stays in force for as long as a process of the pool lives."""
_CHUNK: Final = 50
_BEFORE_COLLECTING: Final = 100_000


@dataclass(frozen=True, slots=True)
class Found:
    """The first violation: which history, what it broke, and the steps that led there, one line each."""

    seed: int
    invariant: str
    text: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``closed_share``: the part of the histories in which at least one case was closed; ``failing_seed``: None when all held."""

    histories: int
    steps: int
    invariants: int
    violations: int
    closed_share: float
    failing_seed: int | None
    found: Found | None


@dataclass(frozen=True, slots=True)
class _Part:
    histories: int
    steps: int
    closed: int
    violations: int
    found: Found | None


def run(
    histories: int,
    seed: int,
    *,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    stop_at_first: bool = True,
) -> Report:
    """Play ``histories`` histories from ``seed`` on. ``processes``: None for one per core; ``progress``: (done, of how many).

    The same arguments give the same report, however many processes there are.
    """
    chunks = [(at, min(_CHUNK, histories - at)) for at in range(0, histories, _CHUNK)]
    count = min(processes or len(os.sched_getaffinity(0)), max(len(chunks), 1))
    play_chunk = partial(_play_chunk, seed, stop_at_first)
    parts: list[_Part] = []
    for part in _parts(play_chunk, chunks, count):
        parts.append(part)
        if progress is not None:
            progress(sum(part.histories for part in parts), histories)
        if part.found is not None and stop_at_first:
            break
    return _report(parts)


_Chunk = tuple[int, int]


def _parts(play_chunk: Callable[[_Chunk], _Part], chunks: list[_Chunk], processes: int) -> Iterator[_Part]:
    if processes == 1:
        with memoised():
            yield from map(play_chunk, chunks)
        return
    with multiprocessing.get_context("spawn").Pool(processes, initializer=_begin_process) as pool:
        yield from pool.imap(play_chunk, chunks)


def _begin_process() -> None:
    import django

    django.setup()
    _for_life.enter_context(memoised())
    gc.freeze()
    gc.set_threshold(_BEFORE_COLLECTING)


def _play_chunk(seed: int, stop_at_first: bool, chunk: _Chunk) -> _Part:
    at, count = chunk
    played: list[History] = []
    for number in range(at, at + count):
        played.append(play(seed + number))
        if played[-1].violation is not None and stop_at_first:
            break
    broken = [history for history in played if history.violation is not None]
    return _Part(
        len(played), sum(len(history.steps) for history in played), sum(history.closed > 0 for history in played),
        len(broken), found_in(broken[0]) if broken else None,
    )  # fmt: skip


def found_in(history: History) -> Found | None:
    """The violation of a history, in words; None when there was none."""
    if history.violation is None:
        return None
    steps = tuple(f"{place}. {step}: {outcome}" for place, (step, outcome) in enumerate(history.steps, start=1))
    return Found(history.seed, history.violation.invariant, history.violation.text, steps)


def _report(parts: list[_Part]) -> Report:
    histories = sum(part.histories for part in parts)
    found = next((part.found for part in parts if part.found is not None), None)
    return Report(
        histories=histories, steps=sum(part.steps for part in parts), invariants=len(INVARIANTS) + len(OWN_CHECKS),
        violations=sum(part.violations for part in parts),
        closed_share=round(sum(part.closed for part in parts) / histories, 4) if histories else 0.0,
        failing_seed=found.seed if found is not None else None, found=found,
    )  # fmt: skip
