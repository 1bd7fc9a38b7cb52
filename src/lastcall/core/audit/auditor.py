"""The auditor: recomputes everything from rows and events, and says what does not hold.

It changes nothing. Memory stays bounded whatever the size of the database: lives come in batches in order of the number, the
chain in batches in order of the place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from lastcall.core import clock
from lastcall.core.audit.chain import Walk, append_only, unlinked
from lastcall.core.audit.invariants import INVARIANTS
from lastcall.core.audit.life import STRAYS, Billed, Held, Life, assemble
from lastcall.core.audit.lost import lost
from lastcall.core.audit.reader import read_batch
from lastcall.core.errors import ElementTrouble
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.ports import Hlr, HlrEntry
from lastcall.core.store import Database

BATCH: Final = 200
MOST_BROKEN: Final = 10_000
"""So many breaches are kept; the rest are counted only."""

Progress = Callable[[str, int], None]
"""Called with what is being checked (``numbers``, ``events``) and how many so far."""


class Books(Protocol):
    """What the auditor asks of the built-in billing, many lines at once."""

    def billed(self, line_ids: Sequence[int]) -> Mapping[int, Billed]:
        """What is held for each of these lines; a line without an account is left out."""

    def trial_balance(self) -> int:
        """By how many minor units the ledger is out of balance; 0 when it is right."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One breach: which ``invariant``, which ``item`` of the design's section 6, of what, and how. No full number."""

    invariant: str
    item: int
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Findings:
    """``checked``: how many of each were looked at. ``head``: place and digest of the chain's end, to be published."""

    broken: tuple[Broken, ...]
    checked: Mapping[str, int]
    head: tuple[int, str]

    @property
    def ok(self) -> bool:
        return not self.broken


@dataclass
class _Audit:
    database: Database
    billing: Books | None
    hlr: Hlr | None
    progress: Progress
    broken: list[Broken] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)

    def report(self, found: Iterable[Broken]) -> None:
        for breach in found:
            self.checked["broken"] += 1
            if len(self.broken) < MOST_BROKEN:
                self.broken.append(breach)

    def lives(self) -> None:
        after, batch = STRAYS, read_batch(self.database, after=STRAYS, batch=BATCH)
        while batch is not None:
            after, held = batch
            for life in assemble(self._with_outside(held), now=clock.now()):
                self._count(life)
                self.report(judge(life))
            self.progress("numbers", self.checked["numbers"])
            batch = read_batch(self.database, after=after, batch=BATCH)

    def _count(self, life: Life) -> None:
        self.checked.update(numbers=1, tenures=len(life.tenures), lines=len(life.lines), cases=len(life.cases))

    def _with_outside(self, held: Held) -> Held:
        return replace(held, hlr=self._looked_up(held), accounts=self._accounts(held))

    def _looked_up(self, held: Held) -> dict[str, HlrEntry | None]:
        """The HLR's entries of the SIMs of closed cases: those never change again, so that a later reading is fair."""
        if self.hlr is None:
            return {}
        closed = {case.line_id for case in held.cases if case.state == "closed"}
        sim_ids = {line.sim_id for line in held.lines if line.id in closed}
        entries: dict[str, HlrEntry | None] = {}
        for sim in held.sims:
            if sim.id in sim_ids:
                self._look(sim.imsi, entries)
        return entries

    def _look(self, imsi: str, entries: dict[str, HlrEntry | None]) -> None:
        assert self.hlr is not None
        try:
            entries[imsi] = self.hlr.look(imsi)
            self.checked["hlr_entries"] += 1
        except ElementTrouble:
            self.checked["hlr_not_answered"] += 1

    def _accounts(self, held: Held) -> Mapping[int, Billed]:
        """The accounts of lines without an open case: a case under way may have moved on since it was read."""
        if self.billing is None:
            return {}
        moving = {case.line_id for case in held.cases if case.ended_at is None}
        accounts = self.billing.billed([line.id for line in held.lines if line.id not in moving])
        self.checked["accounts"] += len(accounts)
        return accounts

    def chain(self) -> tuple[int, str]:
        walk = Walk(self.database)
        for code, item, subject, detail in walk.breaches():
            self.report([Broken(code, item, subject, detail)])
            self.progress("events", walk.seen)
        self.checked["events"] = walk.seen
        self.progress("events", walk.seen)
        return walk.place, walk.digest

    def whole(self) -> None:
        """What no single life shows."""
        found = (*unlinked(self.database), *append_only(self.database), *lost(self.database))
        self.report(Broken(*breach) for breach in found)
        if self.billing is not None and (difference := self.billing.trial_balance()):
            self.report([Broken("ledger_sums_to_zero", 9, "ledger", f"out of balance by {difference} minor units")])


def judge(life: Life) -> Iterator[Broken]:
    """Every breach of an invariant in one life."""
    for invariant in INVARIANTS:
        for detail in invariant.check(life):
            subject = "rows that hang on no number" if life.msisdn == STRAYS else mask_msisdn(life.msisdn)
            yield Broken(invariant.code, invariant.item, subject, detail)


def _silent(what: str, count: int) -> None:
    return None


def audit(
    database: Database, *, billing: Books | None = None, hlr: Hlr | None = None, beside: Iterable[Broken] = (),
    progress: Progress | None = None,
) -> Findings:  # fmt: skip
    """Check every invariant on every number, the event log with its chain, and with ``billing`` and ``hlr`` what they hold.

    Give new events their places first (:func:`~lastcall.core.audit.sequencer.sequence`). An HLR that does not answer is no
    breach: it is counted as ``hlr_not_answered``. ``beside``: what was found broken in things derived from the database.
    """
    run = _Audit(database, billing, hlr, progress or _silent)
    run.checked["invariants"] = len(INVARIANTS)
    head = run.chain()
    run.lives()
    run.whole()
    run.report(beside)
    return Findings(tuple(run.broken), dict(run.checked), head)
