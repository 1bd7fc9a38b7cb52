"""How the index stands: how old, how far behind, how large, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np

from lastcall.core import clock
from lastcall.core.lookup.index import layout, reading
from lastcall.core.lookup.index.turns import updating
from lastcall.core.lookup.index.writer import Writer, opened
from lastcall.core.store import Database, Store

_TOGETHER = 1_000


@dataclass(frozen=True, slots=True)
class Status:
    """``as_of``: everything committed by then is in, ``age_seconds`` ago; ``applied``: the place in the log; ``behind``: events
    that are not in; ``numbers``: covered ones; ``bytes``: of the file, ``on_disk`` those that take place; ``sound``: header,
    directory and every block's checksum are right.
    """

    built_at: datetime
    as_of: datetime
    age_seconds: float
    applied: int
    behind: int
    numbers: int
    blocks: int
    bytes: int
    on_disk: int
    known_since: date
    version: int
    sound: bool


def status(database: Database, *, path: Path) -> Status:
    """Reads the whole file. Raises ``BadInput`` (``no_index``, ``bad_index``)."""
    with opened(path) as writer:
        sound = _sound(path, writer)
        linked, waiting = reading.at_one_moment(database, lambda rows, _: _log(rows))
        as_of = writer.as_of
        file = path.stat()
        return Status(
            built_at=writer.header.built_at, as_of=as_of, age_seconds=max((clock.now() - as_of).total_seconds(), 0.0),
            applied=writer.applied, behind=max(linked - writer.applied, 0) + waiting, numbers=_covered(writer),
            blocks=writer.used, bytes=file.st_size, on_disk=file.st_blocks * 512, known_since=writer.known_since,
            version=layout.VERSION, sound=sound and linked >= writer.applied,
        )  # fmt: skip


def _log(rows: Store) -> tuple[int, int]:
    return reading.last_place(rows), reading.unlinked(rows)


def _sound(path: Path, writer: Writer) -> bool:
    places = np.sort(writer.directory[writer.directory >= 0])
    if len(places) > writer.room or not np.array_equal(places, np.arange(len(places))):
        return False
    doubtful = list(writer.damaged(range(writer.used)))
    if not doubtful:
        return True
    with updating(path):  # an update may have been under way in these blocks
        return not any(True for _ in writer.damaged(doubtful))


def _covered(writer: Writer) -> int:
    step = _TOGETHER * layout.BLOCK
    return sum(int(np.count_nonzero(writer.pairs[at : at + step])) for at in range(0, writer.used * layout.BLOCK, step))
