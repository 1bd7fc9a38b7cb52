"""Files put into a folder: all of them or none, and for their owner's eyes only."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from lastcall.core.errors import Refused


def refuse_used(folder: Path) -> None:
    """Raises ``Refused`` (``folder_used``) where ``folder`` is a file, or holds anything: nothing is ever written over."""
    if not os.path.lexists(folder):
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise Refused(
            f"{folder} exists and is no empty folder", code="folder_used",
            remedy="Name a folder that does not exist yet.",
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


def _make(files: Mapping[str, bytes], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
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
