"""Finding and loading packs: the shipped ones and those in an operator's own folder."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from lastcall.core.errors import BadInput
from lastcall.core.policies import check, sources
from lastcall.core.policies.document import Document, Problem
from lastcall.core.policies.pack import Pack
from lastcall.core.policies.sources import Source


def load(operator: str, *, on: date, extra: Path | None = None) -> Pack:
    """The pack of ``operator`` as it is in force on ``on``.

    ``extra``: a folder with more operator packs. Raises :class:`BadInput` when no pack has that name, or when the pack
    or its jurisdiction is wrong; the message names file, line and key.
    """
    known = _by_name(extra)
    if operator not in known:
        raise BadInput(f"No operator pack is called '{operator}'.", remedy=f"Known: {', '.join(known)}.")
    return _loaded(known[operator], on)


def operators(*, extra: Path | None = None) -> tuple[str, ...]:
    """The names of all operators that have a pack, sorted."""
    return tuple(_by_name(extra))


def operator_by_inn(inn: str, *, extra: Path | None = None) -> str | None:
    """The operator with this ИНН, or None: most holders of number ranges have no pack."""
    for name, source in _by_name(extra).items():
        document, _ = sources.document(source)
        if document and any(entry.value == inn for entry in document.entries.get("operator.inn", ())):
            return name
    return None


def _by_name(extra: Path | None) -> dict[str, Source]:
    """Operator packs by name. Raises :class:`BadInput` when a name is there twice."""
    shipped, own = sources.shipped_operators(), sources.operators_in(extra) if extra else ()
    known = {source.name: source for source in shipped}
    for source in own:
        if other := known.get(source.name):
            complaint = f"{source.label}: an operator '{source.name}' is already in {other.label}."
            raise BadInput(complaint, remedy="Give the file, and name in its [pack], another name.")
        known[source.name] = source
    return dict(sorted(known.items()))


@lru_cache(maxsize=256)
def _loaded(source: Source, on: date) -> Pack:
    own = _sound(*sources.document(source), source)
    base = _jurisdiction(own)
    _refuse(
        [*check.overlapping(own), *check.missing(own), *check.overrides(own, base), *check.unrelated(own, base, on)]
    )
    return Pack(base, own, on)


def _jurisdiction(own: Document) -> Document:
    known = {source.name: source for source in sources.shipped_jurisdictions()}
    source = known.get(own.header.jurisdiction or "")
    if source is None:
        complaint = f"{own.label}:{own.line('pack.jurisdiction')}: pack.jurisdiction: no such jurisdiction pack."
        raise BadInput(complaint, code="bad_pack", remedy=f"Known: {', '.join(sorted(known))}.")
    base = _sound(*sources.document(source), source)
    _refuse([*check.overlapping(base), *check.missing(base)])
    return base


def _sound(document: Document | None, problems: tuple[Problem, ...], source: Source) -> Document:
    _refuse(problems)
    assert document is not None, source.label
    return document


def _refuse(problems: tuple[Problem, ...] | list[Problem]) -> None:
    """Raise :class:`BadInput` for the first problem, saying how many more there are."""
    if not problems:
        return
    first, more = problems[0], len(problems) - 1
    tail = f" ({more} more: lastcall policy check {first.file})" if more else ""
    complaint = f"{first.file}:{first.line}: {first.key}: {first.message}.{tail}"
    raise BadInput(complaint, code="bad_pack", remedy=f"{first.remedy[:1].upper()}{first.remedy[1:]}.")
