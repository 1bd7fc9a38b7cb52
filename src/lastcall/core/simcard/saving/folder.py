"""Files put into a folder: all of them or none, and for their owner's eyes only."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from lastcall.core.errors import Refused

_NO_ROOM: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_SHOWN: Final = 40
"""Characters of the folder's name in that of the one that becomes it: a name has room for 255 octets."""


def refuse_used(folder: Path) -> None:
    """Raises ``Refused`` (``folder_used``) where ``folder`` is a file, or holds anything: nothing is ever written over."""
    if not os.path.lexists(folder):
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise Refused(
            f"{folder} exists and is no empty folder", code="folder_used",
            remedy="Name a folder that does not exist yet.",
        )  # fmt: skip


def refuse_unfit(folder: Path) -> None:
    """What can be known of ``folder`` before anything is asked or made: raises ``Refused`` (``folder_used``, and ``cannot_save``
    where it cannot be made or written to)."""
    try:
        with suppress(FileNotFoundError):
            folder.lstat()  # tells a name that is too long, or a place below a file
        refuse_used(folder)
    except OSError as trouble:
        raise cannot_save(folder, trouble) from trouble
    ground = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    if not os.access(ground, os.W_OK | os.X_OK):
        raise cannot_save(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def cannot_save(folder: Path, trouble: OSError) -> Refused:
    """``Refused`` (``cannot_save``) that says what to do about ``trouble``."""
    full = trouble.errno in _NO_ROOM
    remedy = "Make room there, or name a folder on another disk." if full else "Name a folder that you may write to."
    return Refused(
        f"{folder}: nothing could be saved there ({trouble.strerror or type(trouble).__name__})",
        code="cannot_save", remedy=remedy,
    )  # fmt: skip


def save(files: Mapping[str, bytes], folder: Path) -> None:
    """Write ``files`` into ``folder``, which is made (0700) or empty; the files can be read by their owner only (0600).

    Whatever ends it early (a full disk, Ctrl-C) leaves nothing behind. Raises ``Refused`` (``folder_used``), ``OSError``.
    """
    refuse_used(folder)
    if folder.exists():
        _fill(files, folder)
    else:
        _make(files, folder)


def save_or_refuse(files: Mapping[str, bytes], folder: Path) -> None:
    """:func:`save`, which raises ``Refused`` (``cannot_save``) instead of ``OSError``."""
    try:
        save(files, folder)
    except OSError as trouble:
        raise cannot_save(folder, trouble) from trouble


def _make(files: Mapping[str, bytes], folder: Path) -> None:
    missing = [parent for parent in folder.absolute().parents if not parent.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _make_beside(files, folder)
    except BaseException:
        for parent in missing:
            with suppress(OSError):  # another has put something there meanwhile
                parent.rmdir()
        raise


def _make_beside(files: Mapping[str, bytes], folder: Path) -> None:
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name[:_SHOWN]}.", suffix=".part", dir=folder.parent))
    try:
        _write_all(files, part, [])
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _fill(files: Mapping[str, bytes], folder: Path) -> None:
    # A folder that is there already may be another disk: its files cannot be moved into place from beside it.
    with suppress(OSError):  # a stick without owners and modes
        folder.chmod(0o700)
    made: list[Path] = []
    try:
        _write_all(files, folder, made)
    except BaseException:
        for path in made:  # not what somebody else has put there meanwhile
            path.unlink(missing_ok=True)
        raise


def _write_all(files: Mapping[str, bytes], folder: Path, made: list[Path]) -> None:
    """``made`` grows with each file that is begun."""
    for name, content in files.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        made.append(folder / name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
