"""A memory of what was handed to a server that has none: each key's message goes out once, whoever asks how often."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lastcall.core.errors import ElementTrouble

_INTENDED, _SENT = b"i", b"s"


class Handover:
    """A folder with one file of one octet per key: ``i`` before the message is handed over, ``s`` once the server took it.

    The name of a file is the key's SHA-256, and nothing of the message is in it. Threads and processes that share the folder
    wait for one another, key by key; machines that do not share it do not know of each other.

    *At least once*: an intent that was not confirmed (a crash, a time-out) is handed over again. What goes out here are notices
    and one-time codes: one that comes twice is harmless, one that never comes is not. The intent decides nothing then; it is
    written all the same, so that a folder that cannot be written is found before the message is gone and not after.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def once(self, key: str) -> Iterator[bool]:
        """False when ``key`` was handed over before; else True, and it is noted as handed over unless the block raises.

        Raises :class:`ElementTrouble` (temporary, ``memory_unwritable``).
        """
        with _writable():
            file = self._open(key)
        try:
            with _writable():
                fcntl.flock(file, fcntl.LOCK_EX)
                fresh = os.pread(file, 1, 0) != _SENT
                if fresh:
                    _write(file, _INTENDED)
            yield fresh
            if fresh:
                with _writable():
                    _write(file, _SENT)
        finally:
            os.close(file)

    def _open(self, key: str) -> int:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = hashlib.sha256(key.encode()).hexdigest()
        return os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)


def _write(file: int, mark: bytes) -> None:
    os.pwrite(file, mark, 0)
    os.fsync(file)


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ElementTrouble(
            f"The memory of messages sent cannot be written: {error.strerror or type(error).__name__}.",
            permanent=False,
            code="memory_unwritable",
            remedy="Free the disk, or give Lastcall's user the right to write there.",
        ) from None
