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

    def close(self) -> None:
        """On the disk, and free to be gathered."""
        self.map.flush()
        self.map.close()
        os.close(self._descriptor)


class Journal:
    """The journal of this process in one folder. Safe to be used by several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: _File | None = None
        self._flushed = 0
        self._pid = os.getpid()

    def note(self, consumer_id: int, msisdn: int, day: int, reading: bytes) -> None:
        """Write one record. Raises ``OSError`` when there is no room for another file."""
        body = _BODY.pack(consumer_id, msisdn, day, reading)
        record = body + zlib.crc32(body).to_bytes(4, "little")
        with self._lock:
            file = self._file
            if file is None or file.count == RECORDS or self._pid != os.getpid():
                file = self._next()
            start = file.count * RECORD.size
            file.map[start : start + RECORD.size] = record
            file.count += 1

    def _next(self) -> _File:
        """Called with the lock held. A file that came by fork stays its parent's."""
        if self._file is not None and self._pid == os.getpid():
            self._file.close()
        self._file = None
        self._file, self._pid, self._flushed = _File(self._folder), os.getpid(), 0
        return self._file

    def flush(self) -> None:
        """Put on the disk what was noted so far."""
        with self._lock:
            if self._file is not None and self._file.count > self._flushed and self._pid == os.getpid():
                self._flushed = self._file.count
                self._file.map.flush()

    def hand_over(self) -> None:
        """Close the present file, so that it can be gathered; the next note begins another."""
        with self._lock:
            if self._file is not None and self._file.count and self._pid == os.getpid():
                self._file.close()
                self._file = None


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
