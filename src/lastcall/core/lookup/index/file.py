"""The index as readers see it: mapped into memory, so that an answer is two reads of memory and no call of anything."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lastcall.core.lookup.index import layout
from lastcall.core.lookup.pair import COMPLEX, NOBODY, NOT_COVERED

_BASE: Final = layout.BASE
_BLOCK: Final = layout.BLOCK
_BLOCKS: Final = layout.MOST_BLOCKS


class Index:
    """An index in use. Another process may change it meanwhile: each pair is written, and seen, whole.

    ``prefix`` and ``digits``: the numbers it speaks of; ``directory``: for the first digits of a national number its block, or
    -1; ``entries``: the pairs, ten thousand a block; ``built_at``: when the file was made; ``zone``: whose days it counts.
    """

    prefix = layout.PREFIX
    digits = layout.DIGITS

    def __init__(self, raw: np.memmap[Any, np.dtype[np.uint8]], inode: int) -> None:
        header = layout.read_header(raw[: layout.PAGE].tobytes(), size=len(raw))
        self.built_at, self.zone, self.ranges = header.built_at, header.zone, header.ranges
        self.bytes, self._inode = len(raw), inode
        self.directory: NDArray[np.int32] = np.asarray(raw[layout.DIRECTORY_AT :][: 4 * layout.MOST_BLOCKS]).view("<i4")
        self.entries = raw[layout.BLOCKS_AT :].view("<u2").reshape(-1, 2)
        whole = raw.data
        self._live = whole[layout.LIVE_AT :][: 8 * layout.LIVE].cast("q")
        self._blocks_of = whole[layout.DIRECTORY_AT :][: 4 * layout.MOST_BLOCKS].cast("i")
        self._pairs = whole[layout.BLOCKS_AT :].cast("I")

    @classmethod
    def open(cls, path: Path) -> Index:
        """Map the file. Raises ``BadInput``: ``no_index``, or ``bad_index`` for one that is damaged or of another version."""
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                layout.read_header(file.read(layout.PAGE), size=size)
                raw = np.memmap(file, dtype=np.uint8, mode="r", shape=(size,))
                return cls(raw, os.fstat(file.fileno()).st_ino)
        except FileNotFoundError:
            raise layout.missing() from None

    def find(self, msisdn: int) -> tuple[int, int]:
        """The pair of a number: disconnect and activation day; complex for numbers of another country.

        Read :attr:`as_of` before, not after: then the pair is at least as new.
        """
        begin, within = divmod(msisdn - _BASE, _BLOCK)
        if not 0 <= begin < _BLOCKS:
            return COMPLEX, COMPLEX
        block = self._blocks_of[begin]
        if block < 0:
            return NOT_COVERED, NOBODY
        try:
            both = self._pairs[block * _BLOCK + within]
        except IndexError:  # room that was made after the file was opened
            return COMPLEX, COMPLEX
        return both & 0xFFFF, both >> 16

    @property
    def applied(self) -> int:
        """The place in the event log up to which events are in; read live."""
        return self._live[layout.APPLIED]

    @property
    def as_of(self) -> datetime:
        """Everything committed by then is in; read live."""
        return layout.moment(self._live[layout.AS_OF])

    @property
    def known_since(self) -> date:
        """The first day that readings may speak of; read live."""
        return date.fromordinal(self._live[layout.KNOWN_SINCE])

    @property
    def superseded(self) -> bool:
        """Whether another file has taken this one's place: open that one. Cheap enough to be asked before every answer."""
        return bool(self._live[layout.SUPERSEDED])

    @property
    def unfinished(self) -> bool:
        """Whether an update is under way, or was broken off and waits for the next one."""
        return bool(self._live[layout.DIRTY])

    def is_at(self, path: Path) -> bool:
        """Whether this is still the file at ``path``; one call of the system. For whoever finds :attr:`as_of` too old."""
        try:
            return path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def close(self) -> None:
        """Let go of the file; it is unmapped as soon as nobody holds its arrays."""
        for view in (self._live, self._blocks_of, self._pairs):
            view.release()
        del self.directory, self.entries
