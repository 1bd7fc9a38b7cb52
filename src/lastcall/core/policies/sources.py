"""Where pack files are: shipped with the package, in a folder of the operator's own, or named one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from lastcall.core.errors import BadInput
from lastcall.core.policies.document import Document, Problem, read


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text. ``name``: the file's name without ``.toml``; ``label``: how messages call the file."""

    name: str
    label: str
    text: str


@cache
def shipped_jurisdictions() -> tuple[Source, ...]:
    """The jurisdictions that come with Lastcall."""
    return tuple(_shipped("packs"))


@cache
def shipped_operators() -> tuple[Source, ...]:
    """The operators that come with Lastcall."""
    return tuple(_shipped("packs/operators"))


def _shipped(folder: str) -> Iterator[Source]:
    for file in sorted(files(__package__).joinpath(folder).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield Source(file.name.removesuffix(".toml"), f"{folder}/{file.name}", file.read_text(encoding="utf-8"))


def operators_in(folder: Path) -> tuple[Source, ...]:
    """The packs in an operator's own folder. Raises :class:`BadInput` when there is no such folder or file."""
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder.", remedy="Give the folder that holds the operator packs (*.toml).")
    return tuple(from_file(path) for path in sorted(folder.glob("*.toml")))


def from_file(path: Path) -> Source:
    """One file. Raises :class:`BadInput` when it cannot be read or is not UTF-8."""
    try:
        return Source(path.stem, str(path), path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}.", remedy="Give a pack file that can be read.") from error
    except UnicodeDecodeError as error:
        complaint = f"{path}: not UTF-8 (byte {error.start + 1})."
        raise BadInput(complaint, remedy="Save the file as UTF-8.") from error


@lru_cache(maxsize=128)
def document(source: Source) -> tuple[Document | None, tuple[Problem, ...]]:
    """The pack in a file and what is wrong with it, read once per text."""
    found, problems = read(source.text, source.label)
    return found, tuple(problems)
