"""What SMS and mail share: a folder or a screen that takes each message once, and the lines no message may break."""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Message

KEY_LENGTH = 200
SUBJECT_LENGTH = 255
ORDER_FILE = "order"


class FolderOutbox:
    """A folder with one file per key, readable by its owner only, and their order in the file ``order``.

    Threads and processes may write at once; a file is either whole or not there.
    """

    def __init__(self, folder: Path, *, suffix: str) -> None:
        self._folder = folder
        self._suffix = suffix

    def put(self, key: str, content: bytes) -> None:
        """Keep ``content`` under ``key``; a key that is kept already is left as it is.

        Raises :class:`ElementTrouble` (temporary, ``outbox_unwritable``) when the folder cannot be written.
        """
        name = hashlib.sha256(key.encode()).hexdigest() + self._suffix
        with _writable(), self._locked() as order:
            if (self._folder / name).exists():
                return
            # The order first: a crash between the two leaves a name without a file, which the reader skips.
            os.write(order, f"{name}\n".encode())
            self._write(name, content)

    def contents(self) -> list[bytes]:
        """All files, in the order in which they were put."""
        order = self._folder / ORDER_FILE
        names = order.read_text(encoding="ascii").split() if order.exists() else []
        paths = (self._folder / name for name in dict.fromkeys(names))
        return [path.read_bytes() for path in paths if path.exists()]

    @contextmanager
    def _locked(self) -> Iterator[int]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder / ORDER_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _write(self, name: str, content: bytes) -> None:
        part = self._folder / f".{name}.part"
        part.unlink(missing_ok=True)  # left by a crash: whoever writes holds the lock
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        part.rename(self._folder / name)


class ScreenOutbox:
    """A stream that shows each key once for as long as this object lives."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._shown: set[str] = set()
        self._lock = threading.Lock()

    def put(self, key: str, text: str) -> None:
        """Show ``text``, with control characters other than line breaks replaced, unless ``key`` was shown.

        Raises :class:`ElementTrouble` (temporary, ``outbox_unwritable``) when the stream cannot be written.
        """
        with self._lock, _writable():
            if key in self._shown:
                return
            self._out.write("".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text) + "\n")
            self._out.flush()
            self._shown.add(key)


def check_line(field: str, value: str, *, longest: int) -> None:
    """Raises :class:`BadInput`, naming the field and never its value, unless it is one line of text that fits."""
    if len(value) > longest:
        raise BadInput(f"{field}: {len(value)} characters; at most {longest} can be sent.")
    if any(ord(sign) < 32 or ord(sign) == 127 or sign in "\x85\u2028\u2029" for sign in value):
        raise BadInput(f"{field}: holds a line break or another control character; give one line of text.")


def check_message(message: Message) -> None:
    """Raises :class:`BadInput` when what every channel needs is missing or cannot be written as UTF-8."""
    check_line("key", message.key, longest=KEY_LENGTH)
    check_line("subject", message.subject, longest=SUBJECT_LENGTH)
    for field, value in (("key", message.key), ("text", message.text)):
        if not value.strip():
            raise BadInput(f"{field}: is empty; a message needs one.")
    if not (message.language.isascii() and message.language.replace("-", "").isalnum()):
        raise BadInput("language: not a language tag such as zh-hans, ru or en.")
    if any("\ud800" <= sign <= "\udfff" for sign in message.key + message.subject + message.text):
        raise BadInput("text: holds half of a surrogate pair, which UTF-8 cannot write.")


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ElementTrouble(
            f"The outbox cannot be written: {error.strerror or 'the stream is gone'}.",
            permanent=False,
            code="outbox_unwritable",
            remedy="Free the disk, or give Lastcall's user the right to write there.",
        ) from None
