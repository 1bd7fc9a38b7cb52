"""Check a file of numbers and days: the same rows in the same order, each with its answer or the reason why it has none.

The output grows in a file beside its place (``OUT.part``) and takes it when it is whole. How far the work has come is written
down every few seconds; after a kill the next call goes on from there, and what comes out is what one call would have made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.lookup import sandbox
from lastcall.core.lookup.bulk import crew, hashes, parquet, progress_file
from lastcall.core.lookup.bulk.answering import Answering, Note
from lastcall.core.lookup.bulk.asking import DatabaseAsking, Reader, Resolve, read_number
from lastcall.core.lookup.bulk.csv_form import read_header
from lastcall.core.lookup.bulk.form import MOST_RECORD, Form
from lastcall.core.lookup.bulk.hashes import Hashes
from lastcall.core.lookup.bulk.meaning import ANSWERS, Counts, Meaning
from lastcall.core.lookup.bulk.ndjson_form import read_beginning
from lastcall.core.lookup.bulk.pairs import PairTable
from lastcall.core.lookup.bulk.playing import PlayedHashes, SandboxAsking, read_sandbox_number
from lastcall.core.lookup.bulk.segments import segments
from lastcall.core.lookup.bulk.unfinished import Unfinished
from lastcall.core.lookup.coverage import known_since
from lastcall.core.lookup.days import today
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.pair import day_number
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database

FORMATS: Final = {"csv": (".csv", ".txt"), "ndjson": (".ndjson", ".jsonl"), "parquet": (".parquet", ".pq")}
_BEGINNINGS: Final[Mapping[str, Callable[[bytes], tuple[Form, int, bytes]]]] = {
    "csv": read_header,
    "ndjson": read_beginning,
}

Progress = Callable[[int, int], None]
"""Told how much is done, of how much: bytes of text, rows of Parquet."""


class TurnIsOver(Exception):
    """The caller's time is over before the file is; what was done is kept."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a check is done. ``processes``: None for one per core; ``note``: told of the numbers (then one process does the work).

    ``keep_seconds``: how often it is written down how far the work has come, ``before_keeping``: called before that;
    ``durable``: when all is done the output is on the disk, not only with the system; ``turn_is_over``: whether to stop for
    now; ``sandbox``: made-up numbers alone are answered.
    """

    processes: int | None = None
    note: Note | None = None
    keep_seconds: float = 5.0
    before_keeping: Callable[[], None] | None = None
    durable: bool = False
    turn_is_over: Callable[[], bool] | None = None
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a file. ``as_of``: everything committed by then is in every answer; ``known_since``: the first day that
    answers speak of; ``from_index``: False when the database had to be asked about every row; ``answers``: without the bad rows."""

    rows: int
    bad: int
    answers: dict[str, int]
    as_of: datetime
    known_since: date
    semantics: str
    from_index: bool
    reasons: dict[str, int] = field(default_factory=dict)


def format_of(path: Path) -> str:
    """The format that a file's name ends in. Raises ``BadInput`` (``unknown_format``)."""
    for name, endings in FORMATS.items():
        if path.suffix.lower() in endings:
            return name
    raise BadInput(
        f"{path.name} does not say by its ending what format it has", code="unknown_format",
        remedy=f"Name one: {', '.join(FORMATS)}.",
    )  # fmt: skip


def check(
    source: Path, target: Path, *, semantics: str, format: str, index: Index | None, database: Database, policy: Policy,
    hash_key: bytes | None = None, progress: Progress | None = None, resume: bool = True, manner: Manner | None = None,
) -> Checked:  # fmt: skip
    """Answer ``source`` into ``target``.

    ``index``: None to ask the database about every row; ``hash_key``: given when numbers come as keyed hashes under it;
    ``resume``: go on where an earlier call for the same question was broken off.

    Raises ``BadInput`` for a file that is not of its format or has no such columns, ``Conflict`` when another process is at it,
    :class:`TurnIsOver`.
    """
    if semantics not in ANSWERS:
        remedy = f"One of: {', '.join(ANSWERS)}."
        raise BadInput(f"there is no semantics '{semantics}'", code="bad_semantics", remedy=remedy)
    manner = manner or Manner()
    index = None if manner.sandbox else index
    as_of, since = _knowledge(index, database, policy, manner)
    size, changed, head = progress_file.identity(source)
    question = progress_file.Question(
        size, changed, head, semantics, format, hashes.key_name(hash_key) if hash_key is not None else "",
        index is not None, since.isoformat(),
    )  # fmt: skip
    fresh = progress_file.State(question, today().isoformat(), as_of.isoformat(), 0, 0, [])
    with Unfinished.held(target, fresh, resume=resume) as unfinished:
        state, unfinished.before_keeping = unfinished.state, manner.before_keeping
        meaning = Meaning(semantics, day_number(date.fromisoformat(state.today)), day_number(since))
        table = _hash_table(hash_key, index, database, manner)
        work = _Work(source, unfinished, meaning, PairTable(index), _resolve(database, meaning, manner), table,
                     progress or _nobody, manner)  # fmt: skip
        work.parquet() if format == "parquet" else work.text(format)
        unfinished.publish(durable=manner.durable)
    return _checked(state, meaning, since, from_index=index is not None)


def _nobody(done: int, total: int) -> None:
    pass


def _knowledge(index: Index | None, database: Database, policy: Policy, manner: Manner) -> tuple[datetime, date]:
    if index is not None:
        return index.as_of, index.known_since
    now = clock.now()
    return now, sandbox.KNOWN_SINCE if manner.sandbox else database.transact(lambda rows: known_since(rows, policy))


def _hash_table(key: bytes | None, index: Index | None, database: Database, manner: Manner) -> Hashes | None:
    if key is None:
        return None
    if manner.sandbox:
        return PlayedHashes(key)
    return hashes.opened(hashes.folder(), key, index=index, database=database)


def _resolve(database: Database, meaning: Meaning, manner: Manner) -> Resolve:
    return SandboxAsking(meaning) if manner.sandbox else DatabaseAsking(database, meaning)


def _checked(state: progress_file.State, meaning: Meaning, since: date, *, from_index: bool) -> Checked:
    by_word = dict(zip(meaning.words, state.counts, strict=True)) if state.counts else {}
    reasons = {word: count for word, count in by_word.items() if word not in meaning.answers and count}
    answers = {word: by_word.get(word, 0) for word in meaning.answers}
    bad = sum(reasons.values())
    return Checked(
        sum(answers.values()) + bad,
        bad,
        answers,
        datetime.fromisoformat(state.as_of),
        since,
        meaning.semantics,
        from_index,
        reasons,
    )


@dataclass
class _Work:
    source: Path
    unfinished: Unfinished
    meaning: Meaning
    table: PairTable
    resolve: Resolve
    hashes: Hashes | None
    progress: Progress
    manner: Manner

    def text(self, format: str) -> None:
        """CSV or NDJSON, segment by segment."""
        state = self.unfinished.state
        with self.source.open("rb") as file:
            head = file.read(MOST_RECORD)
        form, start, header = _BEGINNINGS[format](head)
        first = head[start:].partition(b"\n")[0] + b"\n"
        if state.read == 0:
            self.unfinished.write(header)
            state.read = start
        plain = self.hashes is None and not self.manner.sandbox
        layout = form.layout(first) if plain else None
        if layout is not None and self.table.complete:
            self.table.prepare()  # before the crew is made, so that it is shared

        def make(resolve: Resolve) -> Answering:
            reader = Reader(self.table, self.meaning, resolve)
            return Answering(
                form, reader, layout, hashes=self.hashes, note=self.manner.note, read_number=self._read_number
            )

        self._stream(form, make)

    @property
    def _read_number(self) -> Callable[[str], int | None]:
        return read_sandbox_number if self.manner.sandbox else read_number

    def _stream(self, form: Form, make: crew.Make) -> None:
        state, size = self.unfinished.state, self.source.stat().st_size
        alone = self.manner.note is not None or size - state.read < crew.WORTH_IT
        processes = 1 if alone else self.manner.processes or len(os.sched_getaffinity(0))
        parts = segments(self.source, state.read, quoted=form.quoted)
        self.progress(state.read, size)
        answered = crew.answered(self.source, parts, make=make, resolve=self.resolve, processes=processes)
        with closing(answered):  # so that no process is left when this ends early
            for segment, done in answered:
                self.unfinished.write(done.content)
                self._advance(segment.end, done.counts)
                self.progress(state.read, size)

    def _advance(self, read: int, counts: Counts) -> None:
        self.unfinished.counted(counts)
        self.unfinished.state.read = read
        over = self.manner.turn_is_over is not None and self.manner.turn_is_over()
        self.unfinished.keep(0 if over else self.manner.keep_seconds)
        if over:
            raise TurnIsOver

    def parquet(self) -> None:
        """Parquet, piece by piece; joined when all are there."""
        file, state, pieces = parquet.ParquetFile.open(self.source), self.unfinished.state, self.unfinished.pieces
        parquet.make_folder(pieces)
        reader = Reader(self.table, self.meaning, self.resolve)
        answering = parquet.ParquetAnswering(reader, self.hashes, self.manner.note, self._read_number)
        for table in file.pieces(state.read):
            answered, counts = answering.answer(table)
            parquet.put_piece(pieces, state.read, answered)
            self._advance(state.read + 1, counts)
            self.progress(sum(state.counts), file.rows)
        parquet.join(pieces, parquet.out_schema(file.file.schema_arrow), pieces / "whole")
