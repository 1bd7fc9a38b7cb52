"""From a stretch of whole records to the same records with their answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lastcall.core.lookup.bulk.asking import Numbers, Reader, ReadNumber, read_day_number, read_number
from lastcall.core.lookup.bulk.csv_form import RECORD
from lastcall.core.lookup.bulk.form import MOST_RECORD, Fields, Form, parted
from lastcall.core.lookup.bulk.grid import ROWS, Bytes, Grid, Layout
from lastcall.core.lookup.bulk.hashes import Hashes
from lastcall.core.lookup.bulk.meaning import ODD, Codes

SLACK: Final = 64
"""Bytes behind a buffer's last row that may be read or written, and mean nothing."""
_SHORT: Final = 8
_BLANK: Final = 253
_MIXED: Final = ROWS * 24
_ANY: Final = re.compile(rb"[^\n]*+(?:\n|\Z)")

Note = Callable[[Numbers], None]
"""Told of the numbers that were asked about and are, or may be, known to us."""


@dataclass(frozen=True, slots=True)
class Answered:
    """``content``: what goes out; ``counts``: how many rows have each code of the meaning's words."""

    content: memoryview
    counts: NDArray[np.int64]


class _Suffixes:
    """What follows a row of the layout, by code: how long it is, and its bytes for one assignment."""

    def __init__(self, form: Form, words: tuple[str, ...], answers: int, keep: int, tail: bytes) -> None:
        texts = [form.suffix(word, "") if code < answers else form.suffix("", word) for code, word in enumerate(words)]
        texts = [text + tail for text in texts]
        self.lengths = np.array([len(text) + keep for text in texts], np.int64)
        self.width = 1 << (max(map(len, texts)) - 1).bit_length()
        self.wide = np.array([text.ljust(self.width, b"\0") for text in texts], f"V{self.width}")
        self.short = next((code for code, text in enumerate(texts) if len(text) > _SHORT), len(texts))
        self.words = np.array([int.from_bytes(text[:_SHORT].ljust(_SHORT, b"\0"), "little") for text in texts], "<u8")


class Answering:
    """Answers stretch after stretch, each of whole records; what it gives is good until the next.

    ``hashes``: where numbers come as keyed hashes; ``note``: is told of every valid number.
    """

    def __init__(
        self,
        form: Form,
        reader: Reader,
        layout: Layout | None,
        *,
        hashes: Hashes | None = None,
        note: Note | None = None,
        read_number: ReadNumber = read_number,
    ) -> None:
        self._read_number = read_number
        self._form, self._reader, self._hashes, self._note = form, reader, hashes, note
        self._words = reader.meaning.words
        self._layout = layout
        self._out: Bytes = np.empty(0, np.uint8)
        self._end = 0
        self._counts = np.zeros(256, np.int64)
        if layout is not None:
            self._grid = Grid(layout, reader.table)
            self._suffixes = _Suffixes(form, self._words, len(reader.meaning.answers), layout.keep, layout.tail)

    def answer(self, base: Bytes, length: int) -> Answered:
        """Answer ``base[:length]``; behind it at least :data:`SLACK` bytes may be read."""
        self._end = 0
        self._counts[:] = 0
        at = 0
        while at < length:
            taken = self._by_grid(base, at, length) if self._layout is not None else 0
            at += taken or self._one_by_one(base, at, length)
        return Answered(self._out[: self._end].data, self._counts[: len(self._words)].copy())

    def lost(self, reason: str) -> Answered:
        """What stands for a record that is too long to be read."""
        self._end = 0
        self._counts[:] = 0
        self._counts[self._reader.meaning.code(reason)] = 1
        self._put(self._form.lost(reason))
        return Answered(self._out[: self._end].data, self._counts[: len(self._words)].copy())

    def _by_grid(self, base: Bytes, at: int, length: int) -> int:
        """Answer as many rows of the layout as fit, if all are as it says; returns the bytes taken."""
        assert self._layout is not None
        width = self._layout.width
        count = min(ROWS, (length - at) // width)
        if count == 0:
            return 0
        self._grid.read(base, at, count)
        if self._grid.odd is not None:
            return 0
        codes = self._settle(base, at)
        self._reserve(count * (width + self._suffixes.width))
        self._end = self._lay(base, at, codes, self._end + self._offsets(codes))
        self._tally(codes)
        return count * width

    def _settle(self, base: Bytes, at: int) -> Codes:
        grid = self._grid
        if self._note is not None:
            ours = grid.pairs != 0 if grid.odd is None else (grid.pairs != 0) & ~grid.odd
            self._note(grid.numbers(base, at, np.flatnonzero(ours)))
        if grid.odd is None:
            return self._reader.settle(grid.pairs, grid.days, lambda rows: grid.numbers(base, at, rows))
        codes = np.full(len(grid.days), ODD, np.uint8)
        good = np.flatnonzero(~grid.odd)
        codes[good] = self._reader.settle(
            grid.pairs[good], grid.days[good], lambda rows: grid.numbers(base, at, good[rows])
        )
        return codes

    def _offsets(self, codes: Codes) -> NDArray[np.int64]:
        """Where each row of the layout begins in the output, counted from the first; one more for the end."""
        ends = np.empty(len(codes) + 1, np.int64)
        ends[0] = 0
        np.cumsum(self._suffixes.lengths.take(codes), out=ends[1:])
        return ends

    def _lay(self, base: Bytes, at: int, codes: Codes, offsets: NDArray[np.int64]) -> int:
        """Write the rows from ``base[at]`` on to their offsets; returns where they end.

        Suffixes go first, each as one item of the widest one's size: what it has too much lies where the next row then goes.
        """
        assert self._layout is not None
        keep, width = self._layout.keep, self._layout.width
        begins, suffixes = offsets[:-1], self._suffixes
        if codes.max() < suffixes.short:
            self._items(_SHORT, "<u8")[begins + keep] = suffixes.words.take(codes)
        else:
            self._items(suffixes.width)[begins + keep] = suffixes.wide.take(codes)
        rows: NDArray[Any] = np.ndarray((len(codes),), f"V{keep}", base, at, (width,))
        self._items(keep)[begins] = rows
        return int(offsets[-1])

    def _items(self, size: int, kind: str = "") -> NDArray[Any]:
        """The output as items of ``size`` bytes that begin at every byte."""
        made: NDArray[Any] = np.ndarray((len(self._out) - size + 1,), kind or f"V{size}", self._out, 0, (1,))
        return made

    def _one_by_one(self, base: Bytes, at: int, length: int) -> int:
        """Answer a part whose records are not all of the layout; returns the bytes taken."""
        block = base[at : min(at + _MIXED, length)].tobytes()
        if at + len(block) < length:
            if self._form.quoted and b'"' in block:
                block = base[at:length].tobytes()
            else:
                block = block[: block.rfind(b"\n") + 1] or base[at:length].tobytes()
        if self._form.quoted and b'"' in block:
            ends = np.fromiter(_record_ends(block), np.int64)
        else:
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n")) + 1
            if not len(ends) or ends[-1] != len(block):
                ends = np.append(ends, len(block))
        self._records(block, np.concatenate(([0], ends[:-1])), ends)
        return len(block)

    def _records(self, block: bytes, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        codes = np.full(len(begins), ODD, np.uint8)
        regular: NDArray[np.intp] = np.empty(0, np.intp)
        if self._layout is not None:
            regular = np.flatnonzero(ends - begins == self._layout.width)
            rows = self._gathered(block, begins[regular])
            for first in range(0, len(regular), ROWS):
                part = regular[first : first + ROWS]
                at = first * self._layout.width
                self._grid.read(rows, at, len(part))
                codes[part] = self._settle(rows, at)
        odd = np.flatnonzero(codes == ODD)
        records = [block[begin:end] for begin, end in zip(begins[odd].tolist(), ends[odd].tolist(), strict=True)]
        codes[odd] = self._read(records)
        written = [self._written(record, code) for record, code in zip(records, codes[odd].tolist(), strict=True)]
        self._tally(codes)
        if self._layout is None:
            self._put(b"".join(written))
            return
        self._interleave(rows, codes, odd, written, regular)

    def _gathered(self, block: bytes, begins: NDArray[np.int64]) -> Bytes:
        assert self._layout is not None
        width = self._layout.width
        if not len(begins):
            return np.empty(0, np.uint8)
        items: NDArray[Any] = np.ndarray((len(block) - width + 1,), f"V{width}", block, 0, (1,))
        return items[begins].view(np.uint8)

    def _interleave(
        self, rows: Bytes, codes: Codes, odd: NDArray[np.intp], written: list[bytes], regular: NDArray[np.intp]
    ) -> None:
        assert self._layout is not None
        is_odd = np.zeros(len(codes), np.bool_)
        is_odd[odd] = True
        lengths = self._suffixes.lengths.take(np.where(is_odd, 0, codes))
        lengths[odd] = [len(text) for text in written]
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        self._reserve(int(offsets[-1]))
        offsets += self._end
        whole = np.flatnonzero(~is_odd[regular])
        if len(whole):
            begins = np.append(offsets[regular[whole]], 0)
            if len(whole) < len(regular):
                rows = np.ascontiguousarray(rows.reshape(-1, self._layout.width)[whole]).reshape(-1)
            self._lay(rows, 0, codes[regular[whole]], begins)
        for place, text in zip(odd.tolist(), written, strict=True):
            self._out[offsets[place] : offsets[place + 1]] = np.frombuffer(text, np.uint8)
        self._end = int(offsets[-1])

    def _read(self, records: list[bytes]) -> list[int]:
        """The codes of records, each read by itself."""
        codes, numbers, days, rows = [_BLANK] * len(records), [], [], []
        for place, record in enumerate(records):
            fields = self._form.read(parted(record)[0]) if len(record) <= MOST_RECORD else Fields(reason="too_long")
            if fields is None:
                continue
            number, day, reason = self._meant(fields)
            if reason:
                codes[place] = self._reader.meaning.code(reason)
            else:
                numbers.append(number)
                days.append(day)
                rows.append(place)
        for place, code in zip(rows, self._codes(numbers, days), strict=True):
            codes[place] = code
        return codes

    def _codes(self, numbers: list[int | bytes], days: list[int]) -> list[int]:
        if not numbers:
            return []
        known = self._hashes.numbers(numbers) if self._hashes is not None else np.array(numbers, np.int64)  # type: ignore[arg-type]
        if self._note is not None:
            self._note(self._reader.ours(known))
        codes: list[int] = self._reader.codes(known, np.array(days, np.uint16)).tolist()
        return codes

    def _meant(self, fields: Fields) -> tuple[int | bytes, int, str]:
        if fields.reason:
            return 0, 0, fields.reason
        number = self._read_number(fields.number) if self._hashes is None else self._hashes.read(fields.number)
        day = read_day_number(fields.day)
        if number is None or day is None:
            return 0, 0, "bad_number" if number is None else "bad_date"
        return number, day, ""

    def _written(self, record: bytes, code: int) -> bytes:
        if code == _BLANK:
            return record
        content, ending = parted(record)
        word = self._words[code]
        if word == "too_long":
            return self._form.lost(word)
        is_answer = code < len(self._reader.meaning.answers)
        return self._form.written(content, word if is_answer else "", "" if is_answer else word) + (ending or b"\n")

    def _put(self, text: bytes) -> None:
        self._reserve(len(text))
        self._out[self._end : self._end + len(text)] = np.frombuffer(text, np.uint8)
        self._end += len(text)

    def _reserve(self, more: int) -> None:
        needed = self._end + more + SLACK
        if needed > len(self._out):
            grown = np.empty(max(needed, 2 * len(self._out)), np.uint8)
            grown[: self._end] = self._out[: self._end]
            self._out = grown

    def _tally(self, codes: Codes) -> None:
        self._counts += np.bincount(codes, minlength=256)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Code -> word, as the counts are ordered."""
        return self._words


def _record_ends(block: bytes) -> Iterator[int]:
    at = 0
    while at < len(block):
        found = RECORD.match(block, at) or _ANY.match(block, at)
        assert found is not None
        at = found.end()
        yield at
