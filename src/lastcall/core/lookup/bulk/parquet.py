"""Parquet in, Parquet out: batches of a bounded number of rows, a piece of the output at a time, so that it can be resumed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lastcall.core.errors import BadInput
from lastcall.core.lookup.bulk.answering import Note
from lastcall.core.lookup.bulk.asking import Numbers, Reader, ReadNumber, read_day_number, read_number
from lastcall.core.lookup.bulk.grid import decimal
from lastcall.core.lookup.bulk.hashes import NOBODYS, Hashes
from lastcall.core.lookup.bulk.meaning import BEFORE_ALL, NO_DAY, Codes, Days
from lastcall.core.lookup.pair import COMPLEX, FIRST_DAY, ORIGIN

BATCH: Final = 16_384
PIECE: Final = 16
"""Batches in a piece of the output, which is also one row group of it."""
_READ_AHEAD: Final = 1 << 20
_BAD: Final = -2
_MISSING: Final = -3
_EPOCH: Final = (np.datetime64(ORIGIN) - np.datetime64("1970-01-01")).astype(int).item()
_REMEDY: Final = "It must be a Parquet file with the columns number (text or integer) and date (text or date)."


@dataclass(frozen=True, slots=True)
class ParquetAnswering:
    """Answers tables of rows."""

    reader: Reader
    hashes: Hashes | None = None
    note: Note | None = None
    read_number: ReadNumber = read_number

    def answer(self, table: pa.Table) -> tuple[pa.Table, NDArray[np.int64]]:
        """The rows with their answers and reasons, and how many have each code."""
        numbers, days = self._numbers(table.column("number")), _days(table.column("date"))
        codes = np.full(len(table), self._code("missing_field"), np.uint8)
        given = (numbers != _MISSING) & (days != _MISSING)
        codes[given & (days == _BAD)] = self._code("bad_date")
        codes[given & (numbers == _BAD)] = self._code("bad_number")
        good = np.flatnonzero((numbers >= NOBODYS) & (days > 0))
        codes[good] = self._good(numbers[good], days[good].astype(np.uint16))
        words, answers = self.reader.meaning.words, len(self.reader.meaning.answers)
        said = pa.array([*words[:answers], *[None] * (len(words) - answers)], pa.string())
        why = pa.array([*[None] * answers, *words[answers:]], pa.string())
        places = pa.array(codes)
        table = table.append_column("answer", said.take(places)).append_column("reason", why.take(places))
        return table, np.bincount(codes, minlength=len(words)).astype(np.int64)

    def _code(self, word: str) -> int:
        return self.reader.meaning.code(word)

    def _good(self, numbers: Numbers, days: Days) -> Codes:
        if self.note is not None:
            self.note(self.reader.ours(numbers))
        return self.reader.codes(numbers, days)

    def _numbers(self, column: pa.ChunkedArray) -> Numbers:
        """Whole numbers, or why there is none."""
        texts = _texts(column)
        if self.hashes is None and self.read_number is read_number and (matrix := _matrix(texts, 11, 12)) is not None:
            lead = matrix.shape[1] - 11
            bad = (matrix[:, lead + 1 :] - ord("0") > 9).any(axis=1) | (matrix[:, lead] != ord("7"))
            bad |= matrix[:, 0] != ord("+") if lead else False
            return np.where(bad, _BAD, decimal(matrix[:, lead + 1 :], b"7"))
        found = [_MISSING if not text else self._number(text) for text in texts.to_pylist()]
        if self.hashes is None:
            return np.array(found, np.int64)
        made = np.array([_BAD if isinstance(one, bytes) else one for one in found], np.int64)
        hashed = [(place, one) for place, one in enumerate(found) if isinstance(one, bytes)]
        made[[place for place, _ in hashed]] = self.hashes.numbers([one for _, one in hashed])
        return made

    def _number(self, text: str) -> int | bytes:
        found = self.read_number(text) if self.hashes is None else self.hashes.read(text)
        return _BAD if found is None else found


def _texts(column: pa.ChunkedArray) -> pa.Array:
    one = column.combine_chunks()
    if isinstance(one, pa.ChunkedArray):
        one = one.chunk(0) if one.num_chunks else pa.array([], pa.string())
    return pc.cast(one, pa.string())


def _matrix(texts: pa.Array, *widths: int) -> NDArray[np.uint8] | None:
    """Texts of one and the same width (one of ``widths``) as rows of bytes; None when they are not."""
    if not len(texts) or texts.null_count:
        return None
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(offsets)
    width = int(lengths[0])
    if width not in widths or (lengths != width).any():
        return None
    data: NDArray[np.uint8] = np.frombuffer(texts.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    return data.reshape(-1, width)


def _days(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Day numbers, or why there is none."""
    if pa.types.is_temporal(column.type):
        days = pc.cast(pc.cast(column, pa.date32(), safe=False), pa.int32()).to_numpy(zero_copy_only=False)
        missing = pc.is_null(column).to_numpy(zero_copy_only=False)
        numbers = np.where(missing, 0, days).astype(np.int64) - _EPOCH
        within = np.where(numbers < FIRST_DAY, BEFORE_ALL, np.minimum(numbers, COMPLEX - 1))
        return np.where(missing, _MISSING, within)
    texts = _texts(column)
    words = pc.unique(texts)  # days repeat
    known = np.array([_MISSING if not text else read_day_number(text) or _BAD for text in words.to_pylist()], np.int64)
    assert NO_DAY not in known
    places: NDArray[np.int64] = pc.index_in(texts, value_set=words).to_numpy(zero_copy_only=False).astype(np.int64)
    return known[places]


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """The input: its rows by piece."""

    file: pq.ParquetFile

    @classmethod
    def open(cls, path: Path) -> ParquetFile:
        """Raises ``BadInput`` (``bad_file``, ``missing_column``, ``column_taken``)."""
        try:
            file = pq.ParquetFile(path, buffer_size=_READ_AHEAD, pre_buffer=False)
        except (pa.ArrowInvalid, OSError) as trouble:
            raise BadInput(f"{path.name} is no Parquet file", code="bad_file", remedy=_REMEDY) from trouble
        names = file.schema_arrow.names
        for wanted in ("number", "date"):
            if names.count(wanted) != 1:
                raise BadInput(f"the file has no column '{wanted}'", code="missing_column", remedy=_REMEDY)
        if taken := {"answer", "reason"} & set(names):
            raise BadInput(f"the column {sorted(taken)[0]} is there already", code="column_taken", remedy="Rename it.")
        _check_types(file.schema_arrow)
        return cls(file)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return int(self.file.metadata.num_rows)

    def pieces(self, first: int) -> Iterator[pa.Table]:
        """The pieces from number ``first`` on."""
        batches = self.file.iter_batches(batch_size=BATCH, use_threads=False)
        for _ in islice(batches, first * PIECE):
            pass
        while held := list(islice(batches, PIECE)):
            yield pa.Table.from_batches(held)


def _check_types(schema: pa.Schema) -> None:
    number, day = _plain(schema.field("number").type), _plain(schema.field("date").type)
    text = pa.types.is_string, pa.types.is_large_string, pa.types.is_null
    good = any(is_it(number) for is_it in (*text, pa.types.is_integer))
    good &= any(is_it(day) for is_it in (*text, pa.types.is_date, pa.types.is_timestamp))
    if not good:
        raise BadInput(f"number is {number} and date is {day}", code="bad_file", remedy=_REMEDY)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def put_piece(folder: Path, number: int, table: pa.Table) -> None:
    """Keep one answered piece, all of it or nothing."""
    beside = folder / f"{number:08d}.new"
    pq.write_table(table, beside)
    beside.replace(folder / f"{number:08d}.parquet")


def join(folder: Path, schema: pa.Schema, target: Path) -> None:
    """Write the pieces in their order as one file."""
    with pq.ParquetWriter(target, schema) as writer:
        for number in count():
            path = folder / f"{number:08d}.parquet"
            if not path.exists():
                break
            writer.write_table(pq.read_table(path, schema=schema))


def out_schema(schema: pa.Schema) -> pa.Schema:
    """The schema of the output."""
    for name in ("answer", "reason"):
        schema = schema.append(pa.field(name, pa.string()))
    return schema


def forget(folder: Path) -> None:
    """Remove the pieces."""
    shutil.rmtree(folder, ignore_errors=True)


def make_folder(folder: Path) -> None:
    """A folder for pieces that only its owner may look into."""
    os.makedirs(folder, mode=0o700, exist_ok=True)


Answer = Callable[[pa.Table], tuple[pa.Table, NDArray[np.int64]]]
