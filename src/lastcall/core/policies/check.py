"""Checking packs: schema, the bounds a jurisdiction sets, floors, gaps, what has run out and what is not confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from lastcall.core.errors import BadInput
from lastcall.core.policies import schema, sources
from lastcall.core.policies.document import Document, Problem, out_of_bounds, shown
from lastcall.core.policies.pack import in_force
from lastcall.core.policies.schema import Entry
from lastcall.core.policies.sources import Source

Values = Mapping[str, Any]

RELATIONS: Final[tuple[tuple[tuple[str, ...], Callable[[Values], bool], str], ...]] = (
    (
        ("quarantine.days", "quarantine.floor_days"),
        lambda it: it["quarantine.days"] >= it["quarantine.floor_days"],
        "quarantine.days must not be below quarantine.floor_days",
    ),
    (
        ("reactivation.window_days", "quarantine.days"),
        lambda it: it["reactivation.window_days"] <= it["quarantine.days"],
        "reactivation.window_days must not be above quarantine.days",
    ),
    (
        ("hold.hours_remote", "hold.hours_default"),
        lambda it: it["hold.hours_remote"] >= it["hold.hours_default"],
        "hold.hours_remote must not be below hold.hours_default",
    ),
    (
        ("identity.code_sends_per_day", "identity.code_sends_per_10_minutes"),
        lambda it: it["identity.code_sends_per_day"] >= it["identity.code_sends_per_10_minutes"],
        "identity.code_sends_per_day must not be below identity.code_sends_per_10_minutes",
    ),
    (
        ("identity.valid_days", "hold.days_after_change"),
        lambda it: it["identity.valid_days"] >= it["hold.days_after_change"],
        "identity.valid_days must not be below hold.days_after_change, or no identity outlives the hold",
    ),
    (
        ("termination.act_doors", "termination.intake_doors"),
        lambda it: not set(it["termination.act_doors"]) & set(it["termination.intake_doors"]),
        "a door must not be in both termination.act_doors and termination.intake_doors",
    ),
    (
        ("notice.before_release_days", "quarantine.floor_days"),
        lambda it: it["notice.before_release_days"] < it["quarantine.floor_days"],
        "notice.before_release_days must be below quarantine.floor_days, or a number comes to rest after its notice was due",
    ),
)
"""Rules between values: the keys (the first one is blamed), what must hold, and the same in words."""


def check_packs(paths: Sequence[Path], *, on: date) -> list[Problem]:
    """What is wrong with these packs (files or folders of them; none given: all that are shipped) on the day ``on``.

    An operator's pack is checked on top of its jurisdiction: one among ``paths``, else the shipped one. Errors and
    warnings, in the order of files and lines.
    """
    given, problems = _given(paths) if paths else (_all_shipped(), [])
    read = [(source, *sources.document(source)) for source in given]
    problems += [problem for _, _, found in read for problem in found]
    documents = [(source, document) for source, document, _ in read if document is not None]
    jurisdictions = _jurisdictions(document for _, document in documents)
    for source, document in documents:
        problems += check_document(document, jurisdictions, on=on)
        problems += _misnamed(source, document)
    problems += _twice([*_other_shipped(given), *(document for _, document in documents)])
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.key))


def check_document(document: Document, jurisdictions: Mapping[str, Document], *, on: date) -> list[Problem]:
    """What is wrong with a pack that could be read, on the day ``on``."""
    problems = [*overlapping(document), *missing(document), *_run_out(document, on), *_not_confirmed(document, on)]
    if not document.is_operator:
        return [*problems, *unrelated(document, document, on)]
    base = jurisdictions.get(document.header.jurisdiction or "")
    if base is None:
        return [*problems, _no_jurisdiction(document, jurisdictions)]
    return [*problems, *overrides(document, base), *unrelated(document, base, on)]


def overlapping(document: Document) -> Iterator[Problem]:
    """Keys with two values for one day."""
    for key, versions in document.entries.items():
        for later in range(1, len(versions)):
            if any(versions[later].overlaps(earlier) for earlier in versions[:later]):
                remedy = "let valid_to of the one end before valid_from of the other"
                yield _problem(document, key, "has two values for the same day", remedy, item=later)


def missing(document: Document) -> Iterator[Problem]:
    """Keys without which the pack cannot be used."""
    needed = schema.OPERATOR_NEEDED if document.is_operator else schema.NEEDED
    for key in sorted(needed - document.written):
        remedy = f"add [{key}] with value, source, source_date and confidence"
        yield _problem(document, key, "missing", remedy)


def overrides(own: Document, base: Document) -> Iterator[Problem]:
    """Where an operator leaves the room that the jurisdiction gives; both files are named."""
    for key, versions in own.entries.items():
        for item, entry in enumerate(versions):
            for place, law in enumerate(base.entries.get(key, ())):
                if law.overlaps(entry) and (complaint := _beyond(entry, law)):
                    there = f"{base.label}:{base.line(key, place)}"
                    what = f"{shown(entry.value)} is outside the bounds of {there}: {complaint}"
                    yield _problem(own, key, what, "choose a value within these bounds or remove it", item=item)


def _beyond(entry: Entry, law: Entry) -> str:
    return out_of_bounds(entry.value, law) if law.is_bounded else "the law leaves operators no room here"


def unrelated(own: Document, base: Document, on: date) -> Iterator[Problem]:
    """Values that contradict one another once the operator's stand on top of the jurisdiction's."""
    mine = in_force(own, on)
    both = {**in_force(base, on), **mine}
    for keys, holds, words in RELATIONS:
        if all(key in both for key in keys) and not holds({key: both[key].value for key in keys}):
            blamed = next((key for key in keys if key in mine), keys[0])
            where = ", ".join(f"{key} = {shown(both[key].value)} ({both[key].file}:{both[key].line})" for key in keys)
            yield _problem(own, blamed, f"{words}: {where}", "change one of them")


def _run_out(document: Document, on: date) -> Iterator[Problem]:
    for key, versions in document.entries.items():
        ends = [entry.valid_to for entry in versions if entry.valid_to]
        if len(ends) == len(versions) and (last := max(ends)) < on:
            remedy = f"add the value that follows as [[{key}]] with a valid_from"
            yield _problem(document, key, f"ran out on {last}", remedy, item=ends.index(last))
        elif key in schema.RULES and not document.is_operator and not any(entry.holds_on(on) for entry in versions):
            yield _problem(document, key, f"has no value on {on}", f"add [[{key}]] with a value valid on that day")


def _not_confirmed(document: Document, on: date) -> Iterator[Problem]:
    words = {"conflict": "sources disagree", "unconfirmed": "not confirmed by a source"}
    for entry in in_force(document, on).values():
        if not entry.is_confirmed:
            remedy = "screens say so; confirm it with the operator or the act itself and name the source"
            message = words[entry.confidence]
            yield Problem(document.label, entry.line, entry.key, message, remedy, severity="warning")


def _misnamed(source: Source, document: Document) -> Iterator[Problem]:
    if source.name != document.header.name:
        what = f"the pack calls itself '{document.header.name}', the file '{source.name}'"
        yield _problem(document, "pack.name", what, "give both the same name")


def _twice(documents: Sequence[Document]) -> Iterator[Problem]:
    """Operators with a name or an ИНН that an earlier pack already has."""
    seen: dict[tuple[str, str], str] = {}
    for document in documents:
        for key, value in _identities(document):
            first = seen.setdefault((key, value), document.label)
            if first != document.label:
                yield _problem(document, key, f"'{value}' is also in {first}", "keep one of the two packs")


def _identities(document: Document) -> Iterator[tuple[str, str]]:
    yield "pack.name", document.header.name
    for entry in document.entries.get("operator.inn", ()):
        yield "operator.inn", entry.value


def _no_jurisdiction(document: Document, jurisdictions: Mapping[str, Document]) -> Problem:
    what = f"no jurisdiction pack is called '{document.header.jurisdiction}'"
    return _problem(document, "pack.jurisdiction", what, f"use one of {', '.join(sorted(jurisdictions))}")


def _problem(document: Document, key: str, message: str, remedy: str, *, item: int | None = None) -> Problem:
    return Problem(document.label, document.line(key, item), key, message, remedy)


def _jurisdictions(given: Iterable[Document]) -> dict[str, Document]:
    """Jurisdictions by name: the given ones before the shipped ones."""
    shipped = (sources.document(source)[0] for source in sources.shipped_jurisdictions())
    known = [document for document in (*shipped, *given) if document is not None and not document.is_operator]
    return {document.header.name: document for document in known}


def _other_shipped(given: Sequence[Source]) -> Iterator[Document]:
    """The shipped operators that are not among the given files."""
    texts = {source.text for source in given}
    for source in sources.shipped_operators():
        document, _ = sources.document(source)
        if document is not None and source.text not in texts:
            yield document


def _all_shipped() -> list[Source]:
    return [*sources.shipped_jurisdictions(), *sources.shipped_operators()]


def _given(paths: Sequence[Path]) -> tuple[list[Source], list[Problem]]:
    found: list[Source] = []
    problems: list[Problem] = []
    for path in _files(paths):
        try:
            found.append(sources.from_file(path))
        except BadInput as error:
            what = error.message.removeprefix(f"{path}: ").rstrip(".")
            problems.append(Problem(str(path), 1, "-", what, error.remedy))
    return found, problems


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.toml"))
        else:
            yield path
