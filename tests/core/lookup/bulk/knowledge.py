"""Numbers with known lives, as an index in memory and as a database that is asked by the evidence itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from numpy.typing import NDArray

from lastcall.core.lookup import readings
from lastcall.core.lookup.bulk import asking
from lastcall.core.lookup.evidence import Evidence, Span
from lastcall.core.lookup.pair import pair_of

KNOWN_SINCE: Final = date(2010, 1, 1)
TODAY: Final = date(2026, 1, 12)
AS_OF: Final = datetime(2026, 1, 12, 9, tzinfo=UTC)
FIRST: Final = 79000000000


class MemoryIndex:
    """Pairs of numbers as an index has them."""

    prefix, digits = "7", 10

    def __init__(self, evidences: Mapping[int, Evidence]) -> None:
        blocks = sorted({(msisdn - 70_000_000_000) // 10_000 for msisdn in evidences})
        self.directory: NDArray[np.int32] = np.full(1_000_000, -1, np.int32)
        self.directory[blocks] = range(len(blocks))
        self.entries: NDArray[np.uint16] = np.zeros((len(blocks) * 10_000, 2), np.uint16)
        for msisdn, evidence in evidences.items():
            national = msisdn - 70_000_000_000
            self.entries[self.directory[national // 10_000] * 10_000 + national % 10_000] = pair_of(evidence)
        self.applied, self.as_of, self.known_since = 1, AS_OF, KNOWN_SINCE


def life(*spans: Span, state: str = "", covered: bool = True) -> Evidence:
    """Evidence of these spans."""
    open_now = bool(spans) and spans[-1].until is None
    return Evidence(spans, state or ("in_service" if open_now else "available"), covered, KNOWN_SINCE, AS_OF)


def _lives() -> dict[int, Evidence]:
    held = Span(1, date(2015, 5, 5), None, "")
    ceased = Span(1, date(2012, 3, 1), date(2020, 6, 30), "ceased")
    ported = Span(1, date(2012, 3, 1), date(2020, 6, 30), "ported_out")
    transferred = Span(1, date(2012, 3, 1), date(2020, 6, 30), "transferred")
    kinds = (
        life(held), life(ceased, Span(2, date(2021, 1, 1), None, "")), life(ceased, state="quarantined"),
        life(ceased, Span(1, date(2021, 1, 1), None, "")), life(ported, state="ported_out"), life(),
        life(transferred, Span(2, date(2020, 6, 30), None, "")), life(state="withdrawn"),
        life(ceased, Span(2, date(2021, 1, 1), date(2022, 2, 2), "ceased"), Span(1, date(2023, 1, 1), None, "")),
        life(ceased, state="pending_release"),
    )  # fmt: skip
    return {FIRST + 1000 + 7 * place: kinds[place % len(kinds)] for place in range(2000)}


LIVES: Final = _lives()
NOT_OURS: Final = life(covered=False)


@cache
def _index() -> MemoryIndex:
    return MemoryIndex(LIVES)


@dataclass
class Known:
    """What is known in one test; ``asked``: of which numbers the database was asked."""

    index: Any
    asked: list[int] = field(default_factory=list)

    def evidences(self, rows: object, *, msisdns: Sequence[int], known_since: date) -> dict[int, Evidence]:
        """Stands for the database."""
        self.asked += msisdns
        return {msisdn: LIVES.get(msisdn, NOT_OURS) for msisdn in msisdns}

    def transact(self, work: Any) -> Any:
        """Nothing is read from it but evidence."""
        return work(self)

    def some(self, kind: object, where: object, **more: object) -> list[Any]:
        """No tenure is on file."""
        return []


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, time: object) -> Known:
    """Two thousand lives of all kinds, in an index and in what stands for the database. It is 12 January 2026."""
    made = Known(_index())
    monkeypatch.setattr(asking, "evidences", made.evidences)
    return made


def read(semantics: str, msisdn: int, day: date) -> str:
    """What the reading says, straight from the evidence."""
    return readings.SEMANTICS[semantics](LIVES.get(msisdn, NOT_OURS), day, today=TODAY)
