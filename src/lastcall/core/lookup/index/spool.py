"""Tenures laid aside until all of a number's have been read, in files by the numbers' places, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lastcall.core.lookup.index.tenures import Tenures

SPAN: Final = 250_000
"""Places in the index that share a file: few enough for what is folded of them to lie in a processor's cache."""
ROOM: Final = 1_000_000
"""So many rows are gathered before they are written."""

_ROW: Final = np.dtype([("number", "<u4"), ("code", "<i8"), ("holder", "<i8"), ("since", "<i4"), ("until", "<i4")])
_NAMES: Final = ("number", "code", "holder", "since", "until")

Rows = NDArray[np.void]


class Spool:
    """Files in an empty ``folder``; numbers are places in the index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[int] = set()
        self._gathered: list[Rows] = []
        self._count = 0

    def add(self, held: Tenures) -> None:
        """Lay these aside."""
        rows = np.empty(len(held.number), _ROW)
        for name in _NAMES:
            rows[name] = getattr(held, name)
        self._gathered.append(rows)
        self._count += len(rows)
        if self._count >= ROOM:
            self._write()

    def _write(self) -> None:
        rows, self._gathered, self._count = np.concatenate([np.empty(0, _ROW), *self._gathered]), [], 0
        if not len(rows):
            return
        part = (rows["number"] // SPAN).astype(np.uint16)
        order = np.argsort(part, kind="stable")
        parts, starts = np.unique(part[order], return_index=True)
        for number, piece in zip(parts.tolist(), np.split(rows[order], starts[1:]), strict=True):
            self._used.add(number)
            with self._file(number).open("ab") as file:
                piece.tofile(file)

    def take(self) -> Iterator[Tenures]:
        """Everything that was laid aside: all tenures of a number are in the same piece."""
        self._write()
        for number in sorted(self._used):
            rows = np.fromfile(self._file(number), _ROW)
            self._file(number).unlink()
            yield Tenures(*(rows[name].astype(np.int64) for name in _NAMES))

    def _file(self, number: int) -> Path:
        return self._folder / str(number)
