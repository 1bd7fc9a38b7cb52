"""How far a check has come, beside its unfinished output, so that it goes on there after its process was killed."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

_VERSION: Final = 1
_HEAD: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of which file with which knowledge: work is only taken up again when all of it is the same."""

    size: int
    changed_ns: int
    head: str
    semantics: str
    format: str
    key: str
    from_index: bool
    known_since: str


@dataclass(slots=True)
class State:
    """``read`` and ``written``: bytes (of Parquet: rows, and pieces) done; ``today``: the day that counts as the present."""

    question: Question
    today: str
    as_of: str
    read: int
    written: int
    counts: list[int]


def identity(path: Path) -> tuple[int, int, str]:
    """Size, time of the last change in nanoseconds, and SHA-256 of the file's first 64 KiB."""
    found = path.stat()
    with path.open("rb") as file:
        return found.st_size, found.st_mtime_ns, hashlib.sha256(file.read(_HEAD)).hexdigest()


def keep(path: Path, state: State) -> None:
    """Write the state, all of it or nothing."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump({"version": _VERSION} | asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def found(path: Path, question: Question) -> State | None:
    """The state of the same question, or None when there is none or it cannot be read."""
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if held.pop("version") != _VERSION or held["question"] != asdict(question):
            return None
        return State(**(held | {"question": question}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
