"""The operators for whose leavers a kit can be made: those with a pack, and any other by what holds for all."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Final

from lastcall.core.policies import sources
from lastcall.core.policies.document import Document, read
from lastcall.core.policies.load import load
from lastcall.core.policies.load import operators as with_packs
from lastcall.core.policies.pack import Pack

OTHER: Final = "other"
"""Any operator that has no pack. Its pack has neither a legal name nor contacts: there are lines to write them on."""
_FILE: Final = f"{OTHER}.toml"


def operators() -> tuple[str, ...]:
    """All that can be chosen: those with a pack, sorted, then :data:`OTHER`."""
    return (*with_packs(), OTHER)


def pack_of(operator: str, *, on: date) -> Pack:
    """What is known of ``operator`` on ``on``. Raises ``BadInput`` as :func:`lastcall.core.policies.load.load`."""
    return _other(on) if operator == OTHER else load(operator, on=on)


def version_of(pack: Pack) -> str:
    """Changes with anything that ``pack`` says on its day."""
    return hashlib.sha256(repr((pack.entries(), pack.not_found())).encode()).hexdigest()


@lru_cache(maxsize=2)
def _other(on: date) -> Pack:
    own = _read(_FILE, files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
    base = next(each for each in sources.shipped_jurisdictions() if each.name == own.header.jurisdiction)
    return Pack(_read(base.label, base.text), own, on)


def _read(label: str, text: str) -> Document:
    document, problems = read(text, label)
    assert document is not None and not problems, label
    return document
