"""The index as its one writer sees it. Whatever is interrupted where, the next update brings the file to rights.

The order is: pairs, checksums of their blocks, both to the disk, then the place in the log that they stand for, to the disk.
So the place never promises what is not there; what is there beyond it is written once more, to the same.
"""

from __future__ import annotations

import mmap
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lastcall.core.errors import LastcallError
from lastcall.core.lookup.index import layout
from lastcall.core.lookup.index.moments import Ints
from lastcall.core.lookup.index.tenures import Pairs


class Outdated(LastcallError):
    """The file can be brought up to date no more: it must be built anew."""

    code = "index_outdated"

    def __init__(self, message: str) -> None:
        super().__init__(message, remedy="Build it anew: lastcall index build.")


class Writer:
    """A file that is being built or updated, by the process whose turn it is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._map()

    @classmethod
    def create(cls, path: Path, header: layout.Header, *, blocks: int) -> Writer:
        """A new file with room for so many blocks, all numbers in it not covered."""
        with path.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.truncate(layout.BLOCKS_AT + blocks * layout.BLOCK_BYTES)
            file.write(header.packed())
        writer = cls(path)
        writer.directory[:] = -1
        return writer

    @classmethod
    def open(cls, path: Path) -> Writer:
        """The file as it is. Raises ``BadInput`` (``no_index``, ``bad_index``)."""
        try:
            return cls(path)
        except FileNotFoundError:
            raise layout.missing() from None

    def _map(self) -> None:
        with self._path.open("r+b") as file:
            size = os.fstat(file.fileno()).st_size
            self.header = layout.read_header(file.read(layout.PAGE), size=size)
            self._file = mmap.mmap(file.fileno(), size)
        self._raw: NDArray[np.uint8] = np.frombuffer(self._file, np.uint8)
        self.directory: NDArray[np.int32] = self._raw[layout.DIRECTORY_AT :][: 4 * layout.MOST_BLOCKS].view("<i4")
        self.checksums: NDArray[np.uint32] = self._raw[layout.CHECKSUMS_AT :][: 4 * layout.MOST_BLOCKS].view("<u4")
        self.pairs: Pairs = self._raw[layout.BLOCKS_AT :].view("<u4")
        self._live: Ints = self._raw[layout.LIVE_AT :][: 8 * layout.LIVE].view("<i8")

    @property
    def room(self) -> int:
        """How many blocks the file can hold."""
        return len(self.pairs) // layout.BLOCK

    @property
    def used(self) -> int:
        """How many it holds."""
        return int(self.directory.max()) + 1

    @property
    def applied(self) -> int:
        """The place in the log up to which events are in."""
        return int(self._live[layout.APPLIED])

    @property
    def head(self) -> int:
        """The beginning of that event's digest in the log's chain."""
        return int(self._live[layout.HEAD])

    @property
    def as_of(self) -> datetime:
        """Everything committed by then is in."""
        return layout.moment(int(self._live[layout.AS_OF]))

    @property
    def known_since(self) -> date:
        """The first day that readings may speak of."""
        return date.fromordinal(int(self._live[layout.KNOWN_SINCE]))

    @property
    def dirty(self) -> bool:
        """Whether an update was begun and not finished."""
        return bool(self._live[layout.DIRTY])

    @property
    def oldest(self) -> int:
        """The day of the oldest tenure that was ever seen, as ``date.toordinal``; 0 without one."""
        return int(self._live[layout.OLDEST])

    def resize(self, blocks: int) -> None:
        """Make room for so many blocks, or take away room that no block needs; only before others read the file."""
        self.close()
        os.truncate(self._path, layout.BLOCKS_AT + blocks * layout.BLOCK_BYTES)
        self._map()

    def places(self, msisdns: Ints, *, grow: bool = False) -> Ints:
        """Where the pairs of these numbers lie, -1 for those of another country; missing blocks are made.

        ``grow``: give the file room where it has none. Raises :class:`Outdated` without it.
        """
        national = msisdns - layout.BASE
        ours = (national >= 0) & (national < 10**layout.DIGITS)
        begins, within = np.divmod(np.where(ours, national, 0), layout.BLOCK)
        blocks = self.directory[begins].astype(np.int64)
        if (missing := ours & (blocks < 0)).any():
            self._allot(np.unique(begins[missing]), grow=grow)
            blocks = self.directory[begins].astype(np.int64)
        return np.where(ours, blocks * layout.BLOCK + within, -1)

    def _allot(self, begins: Ints, *, grow: bool) -> None:
        used = self.used
        if used + len(begins) > self.room:
            if not grow:
                raise Outdated("the index has no room for more blocks")
            self.resize(2 * (used + len(begins)))
        new = np.arange(used, used + len(begins), dtype=np.int32)
        self._live[layout.DIRTY] = 1
        self.checksums[new] = zlib.crc32(bytes(layout.BLOCK_BYTES))
        self.directory[begins] = new

    def apply(self, msisdns: Ints, pairs: Pairs) -> None:
        """Write these pairs so that they last; the place in the log stays. Raises :class:`Outdated`."""
        if not len(msisdns):
            return
        places = self.places(msisdns)
        known = places >= 0
        places, pairs = places[known], pairs[known]
        blocks = np.unique(places // layout.BLOCK)
        if not self._live[layout.DIRTY]:
            self._check(blocks)
        self._live[layout.DIRTY] = 1
        self.store(places, pairs)
        self.seal(blocks)
        self.settle()

    def _check(self, blocks: Ints) -> None:
        """A block that was altered by another hand must not get a checksum that says it is right."""
        if any(True for _ in self.damaged(blocks)):
            raise Outdated("a block of the index is damaged")

    def store(self, places: Ints, pairs: Pairs) -> None:
        """Each pair as one integer of 32 bits, which no reader sees by halves."""
        self.pairs[places] = pairs

    def seal(self, blocks: Iterable[int]) -> None:
        """Note the checksums of these blocks."""
        for block in blocks:
            self.checksums[block] = self._checksum(block)

    def settle(self) -> None:
        """All that was written so far is on the disk when this returns."""
        self._file.flush()

    def mark(self, applied: int, head: int, oldest: int) -> None:
        """From now on the file stands for the log up to this place; what it stands on was settled before."""
        self._live[layout.OLDEST] = oldest
        self._live[layout.APPLIED] = applied
        self._live[layout.HEAD] = head
        self._live[layout.DIRTY] = 0
        self._flush_header()

    def tell(self, *, as_of: datetime, known_since: date) -> None:
        """What readers are told. Not forced to the disk: after a fall of power an older moment is as true."""
        self._live[layout.KNOWN_SINCE] = known_since.toordinal()
        self._live[layout.AS_OF] = layout.micros(as_of)

    def supersede(self) -> None:
        """Tell those who have this file open that another has taken its place."""
        self._live[layout.SUPERSEDED] = 1

    def _flush_header(self) -> None:
        self._file.flush(0, layout.PAGE)

    def _checksum(self, block: int) -> int:
        at = layout.BLOCKS_AT + int(block) * layout.BLOCK_BYTES
        return zlib.crc32(self._raw.data[at : at + layout.BLOCK_BYTES])

    def damaged(self, blocks: Iterable[int]) -> Iterator[int]:
        """Those of ``blocks`` whose checksum is another."""
        return (int(block) for block in blocks if int(self.checksums[block]) != self._checksum(block))

    def close(self) -> None:
        """Let go of the file."""
        del self._raw, self.directory, self.checksums, self.pairs, self._live
        with suppress(BufferError):  # somebody has a part of it still; it is unmapped with that
            self._file.close()


@contextmanager
def opened(path: Path) -> Iterator[Writer]:
    """The file at ``path``, for the process whose turn it is."""
    writer = Writer.open(path)
    try:
        yield writer
    finally:
        writer.close()
