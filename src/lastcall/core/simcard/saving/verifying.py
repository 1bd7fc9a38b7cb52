"""A saved card checked against its manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lastcall.core.errors import BadInput, NotFound
from lastcall.core.simcard.saving import manifest


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
    if not path.is_file():
        raise NotFound(f"{path} is not there", code="no_manifest", remedy="Name the folder that a card was saved to.")
    try:
        return _read(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput(
            f"{path} is no manifest of ours", code="bad_manifest", remedy="Save the card once more."
        ) from None


def _read(text: str) -> list[dict[str, Any]]:
    document = json.loads(text)
    listed: list[dict[str, Any]] = document["files"]
    if (document["format"], document["version"]) != (manifest.FORMAT, manifest.VERSION) or not all(
        map(_is_plain, listed)
    ):
        raise ValueError(manifest.FORMAT)
    return listed


def _is_plain(entry: dict[str, Any]) -> bool:
    name = entry["name"]
    plain = Path(name).name == name and name.isprintable()
    return plain and isinstance(entry["size"], int) and isinstance(entry["sha256"], str)


def _problems(path: Path, entry: dict[str, Any]) -> Iterator[str]:
    try:
        content = path.read_bytes()
    except OSError as trouble:
        yield f"{path.name}: {trouble.strerror}"
        return
    if len(content) != entry["size"]:
        yield f"{path.name}: {len(content)} octets instead of {entry['size']}"
    elif hashlib.sha256(content).hexdigest() != entry["sha256"]:
        yield f"{path.name}: its content is not what was saved"
