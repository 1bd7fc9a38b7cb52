"""A kit as its page shows it: every letter that is printed, block by block, its columns beside each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from lastcall.core.closing.letters import Letter, in_language
from lastcall.core.kit.kit import Kit
from lastcall.core.kit.labels import REASONS, SITUATIONS
from lastcall.doors.screens.reader import TAGS


@dataclass(frozen=True, slots=True)
class Said:
    """Texts of one block in one language; ``first``: of the column on the left, where boxes are ticked."""

    tag: str
    told: Any
    first: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, item or line to write on, in every column. ``id``: of its field; ``label``: where a line has none of its own, what
    stands above it."""

    id: str
    said: tuple[Said, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One block: ``kind`` is the name of its dataclass; ``entries`` of a list, ``said`` of a text."""

    id: str
    kind: str
    said: tuple[Said, ...]
    entries: tuple[Entry, ...]

    @property
    def told(self) -> Any:
        """What does not depend on the language: a tone, a mark."""
        return self.said[0].told


@dataclass(frozen=True, slots=True)
class Part:
    """One letter. ``title``: in the reader's language, for links to it."""

    id: str
    title: str
    titles: tuple[Said, ...]
    blocks: tuple[Shown, ...]
    notes: tuple[tuple[Said, ...], ...]
    large: bool


@dataclass(frozen=True, slots=True)
class KitPage:
    """All that the page shows."""

    title: str
    reason: str
    situation: str
    day: str
    parts: tuple[Part, ...]


_LISTS: Final = {"Rows": "rows", "Items": "items", "Blanks": "blanks"}
_GAP: Final = re.compile("_{6,}")


def kit_page(kit: Kit) -> KitPage:
    """``kit`` in its language, which must be the one in force."""
    head = kit.letters[0]
    return KitPage(
        title=head.brand.shown(),
        reason=str(REASONS[kit.reason]),
        situation=str(SITUATIONS[kit.situation]),
        day=head.day.shown(),
        parts=tuple(_part(f"part-{place}", letter) for place, letter in enumerate(kit.letters, start=1)),
    )


def _part(id: str, letter: Letter) -> Part:
    columns = [(TAGS[language], in_language(letter, language)) for language in letter.languages]
    title, blocks, notes = columns[-1][1]["title"], [], range(len(letter.notes))
    above = title
    for place in range(len(letter.blocks)):
        blocks.append(_block(f"{id}-{place}", [(tag, column["blocks"][place]) for tag, column in columns], above))
        above = _last_words(blocks[-1]) or above
    return Part(
        id=id,
        title=title,
        titles=_said([(tag, column["title"]) for tag, column in columns]),
        blocks=tuple(blocks),
        notes=tuple(_said([(tag, column["notes"][place]) for tag, column in columns]) for place in notes),
        large=letter.large,
    )


def _block(id: str, columns: list[tuple[str, Any]], above: str) -> Shown:
    kind = columns[0][1]["is"]
    if kind == "Paragraph":
        columns = [(tag, told | {"pieces": _GAP.split(told["text"])}) for tag, told in columns]
    entries: list[Entry] = []
    if inner := _LISTS.get(kind):
        for place in range(len(columns[0][1][inner])):
            said = _said([(tag, column[inner][place]) for tag, column in columns])
            entries.append(Entry(f"{id}-{place}", tuple(each for each in said if each.told.get("label") != ""), above))
    return Shown(id, kind, _said(columns), tuple(entries))


def _last_words(block: Shown) -> str:
    """What stands directly above the next block, in the reader's language."""
    if block.kind in {"Heading", "Paragraph"}:
        return str(block.said[-1].told["text"])
    return str(block.entries[-1].said[-1].told["text"]) if block.kind == "Items" else ""


def _said(columns: list[tuple[str, Any]]) -> tuple[Said, ...]:
    return tuple(Said(tag, told, first=place == 0) for place, (tag, told) in enumerate(columns))
