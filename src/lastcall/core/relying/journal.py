"""The journal of who asked: fixed records in a mapped file, so that a question costs no statement and a kill loses none.

A record is in the file as soon as it is noted (a process that is killed leaves it there), and on the disk at the next
:meth:`Journal.flush`, a few times a second. Each has a checksum: one that was cut short is no record. The process that writes
a file holds a lock on it; whoever gathers takes files that nobody holds.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from lastcall.core import clock

RECORD: Final = struct.Struct("<qqI16sI")
"""Consumer, number, day (proleptic ordinal), reading, CRC-32 of what comes before."""
_BODY: Final = struct.Struct("<qqI16s")
RECORDS: Final = 16_384
"""In one file; the room is taken when it is made, so that a full disk is met then and not in the middle."""
SUFFIX: Final = ".asked"
_MOST_WAITING: Final = 4


class Entry(NamedTuple):
    """One question: ``day`` as ``date.toordinal`` has it."""

    consumer_id: int
    msisdn: int
    day: int
    reading: str


class _File:
    """One file of the journal, open and locked."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / f"{clock.new_id()}-{os.getpid()}{SUFFIX}"
        making = self.path.with_suffix(".making")
        self._descriptor = os.open(making, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        os.posix_fallocate(self._descriptor, 0, RECORDS * RECORD.size)
        self.map = mmap.mmap(self._descriptor, RECORDS * RECORD.size)
        self.count = 0
        os.rename(making, self.path)  # only now can it be found, and it is locked

    def duplicate(self) -> int:
        """Another descriptor of the same file, for who syncs it while others write."""
        return os.dup(self._descriptor)

    def close(self) -> None:
        """Free to be gathered."""
        self.map.close()
        os.close(self._descriptor)


class Journal:
    """The journal of this process in one folder. Safe to be used by several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: _File | None = None
        self._full: list[_File] = []
        self._flushed = 0
        os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        """After a fork: the open files stay the parent's, which alone holds their locks from now on."""
        for file in (*self._full, *filter(None, [self._file])):
            file.close()
        self._lock, self._file, self._full = threading.Lock(), None, []

    def note(self, consumer_id: int, msisdn: int, day: int, reading: bytes) -> None:
        """Write one record. Raises ``OSError`` when there is no room for another file."""
        body = _BODY.pack(consumer_id, msisdn, day, reading)
        record = body + zlib.crc32(body).to_bytes(4, "little")
        with self._lock:
            file = self._file
            if file is None or file.count == RECORDS:
                file = self._next()
            start = file.count * RECORD.size
            file.map[start : start + RECORD.size] = record
            file.count += 1

    def _next(self) -> _File:
        """Called with the lock held. The full file waits for :meth:`flush`, unless too many wait already."""
        if self._file is not None:
            self._full.append(self._file)
            self._file = None
        while len(self._full) > _MOST_WAITING:
            _sync(self._full[0].duplicate())
            self._full.pop(0).close()
        self._file, self._flushed = _File(self._folder), 0
        return self._file

    def flush(self) -> None:
        """Put on the disk what was noted so far, and let full files be gathered. Nobody who notes meanwhile waits for it."""
        with self._lock:
            full, self._full = self._full, []
            current = None
            if self._file is not None and self._file.count > self._flushed:
                self._flushed, current = self._file.count, self._file.duplicate()
        for file in full:
            _sync(file.duplicate())
            file.close()
        if current is not None:
            _sync(current)

    def hand_over(self) -> None:
        """Close the present file, so that it can be gathered; the next note begins another."""
        with self._lock:
            if self._file is not None and self._file.count:
                self._full.append(self._file)
                self._file = None
        self.flush()


def _sync(descriptor: int) -> None:
    """What was written through the map counts, too: on Linux both are the same pages. Unlike msync this lets others run."""
    try:
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def files_to_gather(folder: Path) -> Iterator[tuple[Path, int]]:
    """The files that no process writes, oldest first, each locked while it is at hand, with its descriptor."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDWR)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if path.exists():
                    yield path, descriptor
            except BlockingIOError:
                pass
            finally:
                os.close(descriptor)


def entries(content: bytes) -> Iterator[Entry]:
    """The whole records in a file, in order; a record that was cut short is left out."""
    empty = bytes(RECORD.size)
    for start in range(0, len(content) - RECORD.size + 1, RECORD.size):
        raw = content[start : start + RECORD.size]
        if raw == empty:
            return
        consumer_id, msisdn, day, reading, checksum = RECORD.unpack(raw)
        if zlib.crc32(raw[:-4]) == checksum:
            yield Entry(consumer_id, msisdn, day, reading.rstrip(b"\0").decode("ascii"))
