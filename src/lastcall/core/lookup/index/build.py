"""Building the index from the tenures, beside the one in use, and putting it in its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np
from django.conf import settings

from lastcall.core import clock
from lastcall.core.audit.sequencer import sequence
from lastcall.core.errors import LastcallError
from lastcall.core.lookup.files import synced
from lastcall.core.lookup.index import layout, reading
from lastcall.core.lookup.index.advance import advance, known_since
from lastcall.core.lookup.index.moments import OPEN, Calendar, calendar
from lastcall.core.lookup.index.reading import Columns, Piece
from lastcall.core.lookup.index.recompute import of_corrected, place_absent
from lastcall.core.lookup.index.spool import Spool
from lastcall.core.lookup.index.status import Status, status
from lastcall.core.lookup.index.tenures import Tenures, fold, never_closed
from lastcall.core.lookup.index.turns import building, updating
from lastcall.core.lookup.index.writer import Outdated, Writer
from lastcall.core.lookup.pair import NEVER, ORIGIN
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store

Progress = Callable[[int, int], None]
"""Called with how much is done, and of how much."""

_SHARES: Final = 1000
_TRIES: Final = 3


def build(database: Database, *, path: Path, policy: Policy, progress: Progress | None = None) -> Status:
    """Make the index anew from all tenures and put it at ``path``; one that is there serves, and is updated, until then.

    Needs some hundred MB of memory whatever the size, and beside the index room for its closed tenures (28 bytes each).
    ``progress`` is told thousandths. A build that is broken off leaves the old index as it was.
    """
    with building(path), _folder(path) as folder:
        for _ in range(_TRIES - 1):
            try:
                _build(database, path, policy, progress or _silent, folder)
                break
            except Outdated:
                continue  # a register was read, or blocks came, while it was built
        else:
            _build(database, path, policy, progress or _silent, folder)
    return status(database, path=path)


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """An empty folder beside ``path``; what a build that was killed left in it is taken away."""
    folder = path.with_name(f"{path.name}.new")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _build(database: Database, path: Path, policy: Policy, progress: Progress, folder: Path) -> None:
    new = folder / "index"
    sequence(database)
    as_of = clock.now()
    made = reading.at_one_moment(database, lambda rows, columns: _Build(new, rows, columns, progress, folder).run())
    with closing(made.writer) as writer:
        writer.tell(as_of=as_of, known_since=known_since(policy, made.oldest))
        writer.settle()
        writer.mark(made.applied, made.head, made.oldest)
        with updating(path):
            advance(database, writer, policy=policy)
            _replace(path, new)


def _silent(done: int, total: int) -> None:
    return None


def _replace(path: Path, new: Path) -> None:
    """Put ``new`` in place of ``path`` so that it lasts, and tell those who have the old one open."""
    try:
        old: Writer | None = Writer.open(path)
    except LastcallError:
        old = None
    synced(new)
    os.replace(new, path)
    synced(path.parent)
    if old is not None:
        old.supersede()
        old.close()


@dataclass(frozen=True, slots=True)
class _Made:
    writer: Writer
    applied: int
    head: int
    oldest: int


class _Build:
    """One reading of everything, as of one moment."""

    def __init__(self, path: Path, rows: Store, columns: Columns, progress: Progress, folder: Path) -> None:
        self._rows, self._columns, self._progress = rows, columns, progress
        self._ranges = reading.our_ranges(rows)
        self._calendar: Calendar = calendar(settings.TIME_ZONE)
        header = layout.Header(settings.TIME_ZONE, reading.digest(self._ranges), clock.now())
        self._writer = Writer.create(path, header, blocks=_blocks(self._ranges))
        self._spool = Spool(folder)
        self._oldest = OPEN

    def run(self) -> _Made:
        applied = reading.last_place(self._rows)
        self._cover()
        for piece in self._columns.whole(self._calendar):
            self._take(piece)
            self._progress(int(piece.share * 0.9 * _SHARES), _SHARES)
        for held in self._spool.take():
            self._close(held)
        self._settle_apart()
        self._writer.resize(_with_spare(self._writer.used))
        self._writer.seal(range(self._writer.used))
        self._progress(_SHARES, _SHARES)
        return _Made(self._writer, applied, reading.head(self._rows, applied), self._day_of_oldest())

    def _day_of_oldest(self) -> int:
        return 0 if self._oldest == OPEN else max((ORIGIN + timedelta(days=self._oldest)).toordinal(), 1)

    def _cover(self) -> None:
        """Every number of our ranges: covered, and never held."""
        for first, last in self._ranges:
            begins = np.arange(first - first % layout.BLOCK, last + 1, layout.BLOCK)
            places = self._writer.places(begins, grow=True)
            for begin, place in zip(begins[places >= 0].tolist(), places[places >= 0].tolist(), strict=True):
                low, high = max(first - begin, 0), min(last - begin + 1, layout.BLOCK)
                self._writer.pairs[place + low : place + high] = NEVER

    def _take(self, piece: Piece) -> None:
        for since in (piece.since, piece.others.since):
            if len(since):
                self._oldest = min(self._oldest, int(since.min()))
        places = self._writer.places(piece.number, grow=True)
        known = places >= 0
        self._writer.pairs[places[known]] = never_closed(piece.since[known])
        others = piece.others
        places = self._writer.places(others.number, grow=True)
        known = places >= 0
        self._spool.add(
            Tenures(places[known], *(getattr(others, name)[known] for name in ("code", "holder", "since", "until")))
        )

    def _close(self, held: Tenures) -> None:
        """All tenures of some numbers, but for those that are first and last still."""
        places, pairs = fold(held)
        self._writer.pairs[places] = pairs

    def _settle_apart(self) -> None:
        absent = self._writer.places(reading.absent(self._columns), grow=True)
        place_absent(self._writer.pairs, np.unique(absent[absent >= 0]))
        for msisdn, pair in of_corrected(self._rows, reading.corrected(self._columns)).items():
            self._writer.pairs[self._writer.places(np.array([msisdn]), grow=True)] = pair


def _blocks(ranges: Sequence[tuple[int, int]]) -> int:
    return _with_spare(sum(last // layout.BLOCK - first // layout.BLOCK + 1 for first, last in ranges))


def _with_spare(blocks: int) -> int:
    """Room for numbers that are ported in later, from ranges of others; until it is used it takes no place on the disk."""
    return blocks + blocks // 8 + 256
