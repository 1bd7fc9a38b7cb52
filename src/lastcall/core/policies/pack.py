"""A pack in force on one day: a jurisdiction's values with one operator's on top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from lastcall.core.errors import BadInput, NotFound
from lastcall.core.policies import schema
from lastcall.core.policies.document import Document
from lastcall.core.policies.policy import Policy
from lastcall.core.policies.schema import Entry


@dataclass(frozen=True, slots=True)
class PackEntry:
    """One value in force, for display: what, where from, how sure. ``file`` and ``line``: where it is written.

    ``source_date``: the source's own date, or ``undated``. ``readings``: what the sources say where they disagree.
    """

    key: str
    value: Any
    source: str
    source_date: date | str
    confidence: str
    file: str
    line: int
    valid_from: date | None
    valid_to: date | None
    note: str
    readings: tuple[Mapping[str, Any], ...]

    @property
    def is_confirmed(self) -> bool:
        """False when screens must say that the value is not confirmed."""
        return self.confidence not in schema.NOT_SURE


@dataclass(frozen=True)
class Pack:
    """The values in force on ``on``. Made by :func:`lastcall.core.policies.load.load`."""

    jurisdiction: Document
    own: Document
    on: date

    @property
    def name(self) -> str:
        """The jurisdiction's name."""
        return self.jurisdiction.header.name

    @property
    def operator(self) -> str:
        return self.own.header.name

    def not_found(self, prefix: str = "") -> tuple[str, ...]:
        """What was looked for and is absent because no good source was found, sorted; for the table of ``prefix``."""
        both = {*self.jurisdiction.header.not_confirmed, *self.own.header.not_confirmed}
        return tuple(sorted(note for note in both if note.startswith(prefix.partition(".")[0])))

    @cached_property
    def _in_force(self) -> dict[str, PackEntry]:
        return {**in_force(self.jurisdiction, self.on), **in_force(self.own, self.on)}

    def entries(self, prefix: str = "") -> tuple[PackEntry, ...]:
        """The values in force whose key begins with ``prefix``, sorted; the operator's instead of the law's."""
        return tuple(entry for key, entry in sorted(self._in_force.items()) if key.startswith(prefix))

    def entry(self, key: str) -> PackEntry:
        """The value of ``key`` in force. Raises :class:`NotFound`."""
        if found := self._in_force.get(key):
            return found
        raise NotFound(
            f"{self.jurisdiction.label} and {self.own.label}: '{key}' has no value on {self.on}.",
            remedy=f"Add [[{key}]] with a value that is valid on {self.on}, or ask for another day.",
        )

    def facts(self, table: str) -> Mapping[str, PackEntry]:
        """The values of one table in force by their key within it, in the order of the file.

        Raises :class:`BadInput` for a table that no pack has; a known table without values is empty.
        """
        if table not in schema.tables(operator=True):
            known = ", ".join(schema.tables(operator=True))
            raise BadInput(f"No pack has a table '{table}'.", remedy=f"Ask for one of {known}.")
        split = ((key.partition("."), entry) for key, entry in self._in_force.items())
        return {name: entry for (head, _, name), entry in split if head == table}

    def policy(self) -> Policy:
        """What rules read. Raises :class:`NotFound` naming the key that has no value on the day."""
        values = {key.replace(".", "_"): self.entry(key).value for key in schema.RULES}
        return Policy.from_json({"pack": self.name, "operator": self.operator, **values})


def in_force(document: Document, on: date) -> dict[str, PackEntry]:
    """The values of one document valid on ``on``, in the order of the file."""
    return {entry.key: entry for entry in _all_in_force(document, on)}


def _all_in_force(document: Document, on: date) -> Iterator[PackEntry]:
    for key, versions in document.entries.items():
        for item, entry in enumerate(versions):
            if entry.holds_on(on):
                yield _shown(document, key, entry, document.line(key, item))


def _shown(document: Document, key: str, entry: Entry, line: int) -> PackEntry:
    return PackEntry(
        key=key,
        value=entry.value,
        source=entry.source,
        source_date=entry.source_date,
        confidence=entry.confidence,
        file=document.label,
        line=line,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        note=entry.note,
        readings=tuple(reading.model_dump() for reading in entry.readings),
    )
