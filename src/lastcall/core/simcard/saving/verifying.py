"""A saved card checked against its manifest."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lastcall.core.errors import BadInput, NotFound
from lastcall.core.simcard.saving import manifest

_MOST: Final = 1024 * 1024
"""Octets of a manifest: many times a real one."""
_PIECE: Final = 1024 * 1024
_CAREFULLY: Final = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)
"""No link is followed out of the folder, and nothing that is no file is waited for."""


class _NoFile(OSError):
    """It is a link, a pipe, a device or a folder."""


def verify(folder: Path) -> tuple[str, ...]:
    """What is not as it was saved, one line each; nothing when all is.

    Raises ``NotFound`` (``no_manifest``) and ``BadInput`` (``bad_manifest``: not ours, or of a later version).
    """
    listed = {entry["name"]: entry for entry in _listed(folder)}
    return tuple(problem for name, entry in listed.items() for problem in _problems(folder / name, entry)) + tuple(
        f"{path.name}: not in the manifest"
        for path in sorted(folder.iterdir())
        if path.name not in listed and path.name != manifest.NAME
    )


def _listed(folder: Path) -> list[dict[str, Any]]:
    path = folder / manifest.NAME
    try:
        return _read(_content(path, most=_MOST).decode())
    except (FileNotFoundError, NotADirectoryError, _NoFile):
        raise NotFound(
            f"{path} is not there", code="no_manifest", remedy="Name the folder that a card was saved to."
        ) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput(
            f"{path} is no manifest of ours", code="bad_manifest", remedy="Save the card once more."
        ) from None


def _read(text: str) -> list[dict[str, Any]]:
    document = json.loads(text)
    listed: list[dict[str, Any]] = document["files"]
    ours = (document["format"], document["version"]) == (manifest.FORMAT, manifest.VERSION)
    if not ours or not listed or not all(map(_is_plain, listed)):
        raise ValueError(manifest.FORMAT)
    return listed


def _is_plain(entry: dict[str, Any]) -> bool:
    """It names a file in the folder itself."""
    name, size = entry["name"], entry["size"]
    plain = Path(name).name == name and name not in ("", ".", "..", manifest.NAME) and name.isprintable()
    return (
        plain
        and not set(name) & set("/\\:")
        and isinstance(size, int)
        and size >= 0
        and isinstance(entry["sha256"], str)
    )


def _problems(path: Path, entry: dict[str, Any]) -> Iterator[str]:
    try:
        size, digest = _digest(path, most=entry["size"])
    except OSError as trouble:
        yield f"{path.name}: {trouble.strerror}"
        return
    if size != entry["size"]:
        yield f"{path.name}: {size} octets instead of {entry['size']}"
    elif digest != entry["sha256"]:
        yield f"{path.name}: its content is not what was saved"


def _opened(path: Path) -> int:
    """A descriptor of a regular file. Raises ``OSError``."""
    try:
        descriptor = os.open(path, _CAREFULLY)
    except OSError:
        if path.is_symlink():
            raise _NoFile(0, "it is a link") from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _NoFile(0, "it is no file")
    return descriptor


def _content(path: Path, *, most: int) -> bytes:
    with os.fdopen(_opened(path), "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(path.name)
    return content


def _digest(path: Path, *, most: int) -> tuple[int, str]:
    """Size and SHA-256; of a file that is longer than ``most`` the size alone, unread."""
    with os.fdopen(_opened(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size != most:
            return size, ""
        found, left = hashlib.sha256(), most
        while left and (piece := file.read(min(left, _PIECE))):
            found.update(piece)
            left -= len(piece)
    return size, found.hexdigest()
