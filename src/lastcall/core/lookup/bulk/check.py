"""Check a file of numbers and days: the same rows in the same order, each with its answer or the reason why it has none.

The output grows in a file beside its place (``OUT.part``) and takes it when it is whole. How far the work has come is written
down every few seconds; after a kill the next call goes on from there, and what comes out is what one call would have made.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.errors import BadInput, Conflict
from lastcall.core.lookup.bulk import crew, parquet, progress_file
from lastcall.core.lookup.bulk.answering import Answering, Note
from lastcall.core.lookup.bulk.asking import DatabaseAsking, Reader, Resolve
from lastcall.core.lookup.bulk.csv_form import read_header
from lastcall.core.lookup.bulk.form import MOST_RECORD, Form
from lastcall.core.lookup.bulk.hashes import HashTable
from lastcall.core.lookup.bulk.meaning import ANSWERS, Meaning
from lastcall.core.lookup.bulk.ndjson_form import read_beginning
from lastcall.core.lookup.bulk.pairs import PairTable
from lastcall.core.lookup.bulk.segments import segments
from lastcall.core.lookup.coverage import known_since
from lastcall.core.lookup.days import today
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.pair import day_number
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database

FORMATS: Final = {"csv": (".csv", ".txt"), "ndjson": (".ndjson", ".jsonl"), "parquet": (".parquet", ".pq")}
_BEGINNINGS: Final = {"csv": read_header, "ndjson": read_beginning}
_CHECKPOINT_SECONDS: Final = 5.0

Progress = Callable[[int, int], None]
"""Told how much is done, of how much: bytes of text, rows of Parquet."""


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
    hash_key: bytes | None = None, hashes: HashTable | None = None, progress: Progress | None = None, resume: bool = True,
    processes: int | None = None, note: Note | None = None, checkpoint_seconds: float = _CHECKPOINT_SECONDS, durable: bool = False,
) -> Checked:  # fmt: skip
    """Answer ``source`` into ``target``.

    ``index``: None to ask the database about every row; ``hash_key``: given when numbers come as keyed hashes under it, and then
    ``hashes`` is where they are looked up; ``processes``: None for one per core; ``note``: told of the valid numbers (then one
    process does the work); ``durable``: the output is on the disk, not only with the system, when this returns.

    Raises ``BadInput`` for a file that is not of its format or has no such columns, ``Conflict`` when another process is at it.
    """
    if semantics not in ANSWERS:
        raise BadInput(
            f"there is no semantics '{semantics}'", code="bad_semantics", remedy=f"One of: {', '.join(ANSWERS)}."
        )
    now, since = _knowledge(index, database, policy)
    size, changed, head = progress_file.identity(source)
    question = progress_file.Question(
        size, changed, head, semantics, format, _key_name(hash_key), index is not None, since.isoformat()
    )
    fresh = progress_file.State(question, today().isoformat(), now.isoformat(), 0, 0, [])
    with _Unfinished.held(target, fresh, resume=resume) as unfinished:
        state = unfinished.state
        meaning = Meaning(semantics, day_number(date.fromisoformat(state.today)), day_number(since))
        resolve = DatabaseAsking(database, meaning)
        table = PairTable(index)
        work = _Work(
            source, unfinished, meaning, table, resolve, hashes, note, progress or _nobody,
            1 if note is not None else processes or len(os.sched_getaffinity(0)), checkpoint_seconds,
        )  # fmt: skip
        work.parquet() if format == "parquet" else work.text(format)
        unfinished.publish(durable=durable)
    return _checked(state, meaning, since, from_index=index is not None)


def _nobody(done: int, total: int) -> None:
    pass


def _knowledge(index: Index | None, database: Database, policy: Policy) -> tuple[datetime, date]:
    if index is not None:
        return index.as_of, index.known_since
    now = clock.now()
    return now, database.transact(lambda rows: known_since(rows, policy))


def _key_name(key: bytes | None) -> str:
    return "" if key is None else hashlib.sha256(b"lastcall bulk" + key).hexdigest()[:16]


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
class _Unfinished:
    """The output while it grows, held by one process."""

    target: Path
    state: progress_file.State
    file: int
    _kept_at: float = field(default_factory=time.monotonic)

    @property
    def part(self) -> Path:
        return _beside(self.target, ".part")

    @property
    def pieces(self) -> Path:
        return _beside(self.target, ".part.pieces")

    @property
    def notes(self) -> Path:
        return _beside(self.target, ".part.json")

    @classmethod
    @contextmanager
    def held(cls, target: Path, fresh: progress_file.State, *, resume: bool) -> Iterator[_Unfinished]:
        """Take hold of the unfinished output: of an earlier one of the same question, or a new one."""
        file = os.open(_beside(target, ".part"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock(file, target)
            made = cls(target, fresh, file)
            before = progress_file.found(made.notes, fresh.question) if resume else None
            if before is not None and os.fstat(file).st_size >= before.written:
                made.state = before
            else:
                made._clear()
            yield made
        finally:
            os.close(file)

    def _clear(self) -> None:
        self.notes.unlink(missing_ok=True)
        parquet.forget(self.pieces)
        os.ftruncate(self.file, 0)

    def write(self, content: Any) -> None:
        """Append."""
        view, done = memoryview(content), 0
        while done < len(view):
            done += os.pwrite(self.file, view[done:], self.state.written + done)
        self.state.written += done

    def counted(self, counts: Any) -> None:
        """Add to the tally."""
        before = self.state.counts or [0] * len(counts)
        self.state.counts = [int(one + more) for one, more in zip(before, counts, strict=True)]

    def keep(self, every: float) -> None:
        """Write down how far it has come, if that was not done within the last ``every`` seconds."""
        if time.monotonic() - self._kept_at < every:
            return
        os.fdatasync(self.file)
        progress_file.keep(self.notes, self.state)
        self._kept_at = time.monotonic()

    def publish(self, *, durable: bool) -> None:
        """Put the finished output in its place."""
        if self.pieces.exists():
            self.part.unlink()
            os.replace(self.pieces / "whole", self.part)
        else:
            os.ftruncate(self.file, self.state.written)
        if durable:
            _sync(self.part)
        os.replace(self.part, self.target)
        if durable:
            _sync(self.target.parent)
        self.notes.unlink(missing_ok=True)
        parquet.forget(self.pieces)


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _lock(file: int, target: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Conflict(
            f"another process is writing {target.name}", code="busy", remedy="Wait for it, or choose another output."
        ) from None


@dataclass
class _Work:
    source: Path
    unfinished: _Unfinished
    meaning: Meaning
    table: PairTable
    resolve: DatabaseAsking
    hashes: HashTable | None
    note: Note | None
    progress: Progress
    processes: int
    checkpoint: float

    def text(self, format: str) -> None:
        state, size = self.unfinished.state, self.source.stat().st_size
        with self.source.open("rb") as file:
            head = file.read(MOST_RECORD)
            form, start, header = _BEGINNINGS[format](head)
            first = head[start:].partition(b"\n")[0] + b"\n"
        if state.read == 0:
            self.unfinished.write(header)
            state.read = start
        layout = form.layout(first, hashed=self.hashes is not None)
        if layout is not None and self.table.complete:
            assert len(self.table.high) and len(self.table.low)  # made before the crew is, to be shared

        def make(resolve: Resolve) -> Answering:
            reader = Reader(self.table, self.meaning, resolve)
            return Answering(form, reader, layout, hashes=self.hashes, note=self.note)

        self._stream(form, make, size)

    def _stream(self, form: Form, make: crew.Make, size: int) -> None:
        state = self.unfinished.state
        big = size - state.read >= crew.WORTH_IT
        parts = segments(self.source, state.read, quoted=form.quoted)
        answered = crew.answered(
            self.source, parts, make=make, resolve=self.resolve, processes=self.processes if big else 1
        )
        self.progress(state.read, size)
        for segment, done in answered:
            self.unfinished.write(done.content)
            self.unfinished.counted(done.counts)
            state.read = segment.end
            self.unfinished.keep(self.checkpoint)
            self.progress(state.read, size)

    def parquet(self) -> None:
        file, state = parquet.ParquetFile.open(self.source), self.unfinished.state
        parquet.make_folder(self.unfinished.pieces)
        answering = parquet.ParquetAnswering(Reader(self.table, self.meaning, self.resolve), self.hashes, self.note)
        for table in file.pieces(state.read):
            answered, counts = answering.answer(table)
            parquet.put_piece(self.unfinished.pieces, state.read, answered)
            self.unfinished.counted(counts)
            state.read += 1
            self.unfinished.keep(self.checkpoint)
            self.progress(sum(state.counts), file.rows)
        schema = parquet.out_schema(file.file.schema_arrow)
        parquet.join(self.unfinished.pieces, schema, self.unfinished.pieces / "whole")
