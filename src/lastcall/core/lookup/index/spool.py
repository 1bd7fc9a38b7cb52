"""Tenures laid aside until all of a number's have been read, in files by the numbers' places, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from lastcall.core.lookup.index.tenures import Tenures

SPAN: Final = 2_000_000
"""Places in the index that share a file."""

_ROW: Final = np.dtype([("number", "<u4"), ("code", "<i8"), ("holder", "<i8"), ("since", "<i4"), ("until", "<i4")])


class Spool:
    """Files in an empty ``folder``; numbers are places in the index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[int] = set()

    def add(self, held: Tenures) -> None:
        """Lay these aside."""
        if not len(held.number):
            return
        part = (held.number // SPAN).astype(np.uint16)
        order = np.argsort(part, kind="stable")
        parts, starts = np.unique(part[order], return_index=True)
        rows = np.empty(len(order), _ROW)
        for name in _ROW.names or ():
            rows[name] = getattr(held, name)[order]
        for number, piece in zip(parts.tolist(), np.split(rows, starts[1:]), strict=True):
            self._used.add(number)
            with self._file(number).open("ab") as file:
                piece.tofile(file)

    def take(self) -> Iterator[Tenures]:
        """Everything that was laid aside: all tenures of a number are in the same piece."""
        for number in sorted(self._used):
            rows = np.fromfile(self._file(number), _ROW)
            self._file(number).unlink()
            yield Tenures(*(rows[name].astype(np.int64) for name in ("number", "code", "holder", "since", "until")))

    def _file(self, number: int) -> Path:
        return self._folder / str(number)
