"""A card's files of records, each selected when it is first needed, each record read once."""

from __future__ import annotations

from collections.abc import Iterable

from .files import Path
from .linear import RecordReader, Records
from .progress import Progress
from .tree import Tree, Unreadable


class Shelf:
    """One file of records. Its methods raise :class:`~.tree.Unreadable` where the file cannot be selected."""

    def __init__(self, tree: Tree, path: Path, progress: Progress) -> None:
        self._tree = tree
        self._progress = progress
        self._reader: RecordReader | None = None
        self._trouble: Unreadable | None = None
        self.path = path

    def layout(self) -> tuple[int, int]:
        """Length and number of its records, as the card announces them."""
        return self._opened().announced

    def read(self, wanted: Iterable[int] | None = None) -> Records:
        """Those records, or all. Gives all that were read so far."""
        reader = self._opened()
        if wanted is not None and reader.has(wanted := set(wanted)):
            return reader.records
        if self._tree.current != self.path:
            self._tree.open(self.path)
        return reader.read(wanted)

    def _opened(self) -> RecordReader:
        if self._trouble is not None:
            raise self._trouble
        if self._reader is None:
            try:
                self._reader = RecordReader(self._tree, self._tree.open(self.path), self._progress)
            except Unreadable as trouble:
                self._trouble = trouble
                raise
        return self._reader


class Shelves:
    """All of them, by their places."""

    def __init__(self, tree: Tree, progress: Progress) -> None:
        self._tree = tree
        self._progress = progress
        self._known: dict[Path, Shelf] = {}

    def at(self, path: Path) -> Shelf:
        """Nothing is asked of the card yet."""
        return self._known.setdefault(path, Shelf(self._tree, path, self._progress))
