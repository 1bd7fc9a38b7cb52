"""Checking a world against all invariants after a step: only the lives that the step touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from operator import attrgetter
from typing import Any, Final

from lastcall.core.audit.event import Event
from lastcall.core.audit.invariants import INVARIANTS
from lastcall.core.audit.life import OPEN_JOBS, Billed, Life
from lastcall.core.closing.callback import Callback
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.paper import PaperSheet
from lastcall.core.closing.scan import Scan
from lastcall.core.job import Alert, Job
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers.attempts_row import Attempts
from lastcall.core.numbers.correction_row import Correction
from lastcall.core.numbers.number import Absent, Number, PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.release_notice import NoticeWatch, ReleaseNotice
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.sweep_record import SweepRecord
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.simulator.billing import Books
from lastcall.core.simulator.world import World
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Subscriber

_OF_A_NUMBER: Final = frozenset({Tenure, Number, PendingRelease, Quarantine, Absent, Reservation, Attempts})
_OF_NO_LIFE: Final = frozenset({Alert, SweepRecord, NoticeWatch})
_OF_A_CASE: Final = frozenset({Declaration, Effect, Notice, Code, Scan, Callback, PaperSheet})

_OF_A_ROW: Final[dict[str, type[Any]]] = {"code.send": Code, "photo.read": Scan}
"""Jobs about a row of a case."""


@dataclass(frozen=True, slots=True)
class Violation:
    """``invariant``: its code; ``text``: what was broken, by ids."""

    invariant: str
    text: str


def billed(books: Books) -> Billed:
    """What the invariants read of a line's books."""
    stopped = books.stopped_at
    late = 0
    if stopped is not None:
        late = sum(charge.service_time > stopped and not charge.reversed for charge in books.charges)
    return Billed(
        charging=stopped is None, balance=books.balance, stopped_at=stopped, late_charges=late,
        refunds=tuple(amount for amount, _ in books.refunds),
    )  # fmt: skip


_NO_EVENTS: Final[list[Event]] = []


@dataclass(slots=True)
class Checker:
    """Keeps track of one world: which numbers a step touched, and the events by what they are about."""

    world: World
    store: MemoryStore
    _read: int = 0
    _events: dict[tuple[str, int], list[Event]] = field(default_factory=dict)

    def violations(self) -> Iterator[Violation]:
        """What is broken in the lives that were touched since the last call."""
        yield from self._read_events()
        for msisdn in self._touched():
            life = self.life(msisdn)
            for invariant in INVARIANTS:
                for text in invariant.check(life):
                    yield Violation(invariant.code, text)
        yield from self._books()

    def _books(self) -> Iterator[Violation]:
        for books in self.world.billing.held.values():
            if books.out_of_balance:
                yield Violation("books_balance", f"line {books.line_id}: the ledger does not sum to zero")
            if books.refunds and sum(amount for amount, _ in books.refunds) > books.paid_in:
                yield Violation("refund_is_money", f"line {books.line_id}: more was refunded than was ever paid in")

    def _read_events(self) -> Iterator[Violation]:
        fresh = self.store.events[self._read :]
        self._read = len(self.store.events)
        for event in fresh:
            self._events.setdefault((event.subject, event.subject_id), []).append(event)
        for event in fresh:
            if event.kind == "number.released":
                yield from self._told(self.store.rows(Tenure)[event.subject_id], event)
            if event.kind == "case.hold" and event.at == self.world.clock.now():
                yield from self._hold(self.store.rows(Case)[event.subject_id], event)

    def _told(self, tenure: Tenure, released: Event) -> Iterator[Violation]:
        """Who wanted to be told before the number was due was told so many days before it was released."""
        wanted, days = self.world.interests.get(tenure.msisdn), self.world.policy.notice_before_release_days
        if days == 0 or wanted is None or tenure.quarantine_until is None or wanted >= tenure.quarantine_until:
            return
        told = self.store.rows(ReleaseNotice).get(tenure.id)
        if told is None or told.announced_at + timedelta(days=days) > released.at:
            yield Violation("told_before_release", f"tenure {tenure.id}: released before whoever relies on it was told")

    def _hold(self, case: Case, begun: Event) -> Iterator[Violation]:
        """The first hold lasts as long as the frozen policy asks, reckoned here once more from the policy's own words."""
        policy, line = case.policy, self.store.rows(Line)[case.line_id or 0]
        before = [event for event in self._events["case", case.id] if event.kind == "case.hold" and event.id < begun.id]
        card_is_here = case.sim_custody in {"collected", "destroyed"}
        hours = policy["hold_hours_default"] if case.in_person_at is not None else policy["hold_hours_remote"]
        if case.in_person_at is not None and card_is_here and policy["hold_waived_in_person"]:
            hours = 0
        least = begun.at + timedelta(hours=hours)
        after_change = timedelta(days=policy["hold_days_after_change"])
        if line.sim_since > case.declared_at - after_change:
            least = max(least, line.sim_since + after_change)
        if not before and (case.hold_until is None or case.hold_until < max(least, case.legal_end)):
            yield Violation("hold_length", f"case {case.id}: the hold is shorter than the policy asks")

    def _touched(self) -> set[int]:
        """The numbers that something was written about: on a row, in the HLR or in billing."""
        book, billing, found = self.world.hlr.book, self.world.billing, set[int]()
        for row in self.store.touched:
            found |= self._numbers_of(row)
        if book.touched:
            for sim in self.store.rows(Sim).values():
                if sim.imsi in book.touched:
                    found |= self._numbers_of(sim)
        for line_id in billing.touched:
            found |= self._numbers_of_line(line_id)
        self.store.touched.clear()
        book.touched.clear()
        billing.touched.clear()
        return found

    def _numbers_of(self, row: Any) -> set[int]:
        kind = type(row)
        if kind in _OF_A_NUMBER:
            return {row.msisdn}
        if kind is Case:
            return {row.claimed_msisdn}
        if kind in _OF_A_CASE:
            return self._numbers_of_case(row.case_id)
        if kind is Job:
            return self._numbers_of_job(row)
        if kind is Line:
            return self._numbers_of_line(row.id)
        if kind is Sim:
            return set().union(
                *(self._numbers_of_line(line.id) for line in self.store.rows(Line).values() if line.sim_id == row.id)
            )
        if kind in {ReleaseRequest, ReleaseNotice, Correction}:
            tenure = self.store.rows(Tenure).get(row.tenure_id)
            return {tenure.msisdn} if tenure is not None else set()
        return set() if kind in _OF_NO_LIFE else {tenure.msisdn for tenure in self.store.rows(Tenure).values()}

    def _numbers_of_case(self, case_id: int) -> set[int]:
        case = self.store.rows(Case).get(case_id)
        return {case.claimed_msisdn} if case is not None else set()

    def _numbers_of_line(self, line_id: int) -> set[int]:
        line = self.store.rows(Line).get(line_id)
        tenure = self.store.rows(Tenure).get(line.tenure_id) if line is not None else None
        return {tenure.msisdn} if tenure is not None else set()

    def _numbers_of_job(self, job: Job) -> set[int]:
        if job.kind == "hlr.remove":
            sim = self.store.rows(Sim).get(job.subject_id)
            return self._numbers_of(sim) if sim is not None else set()
        if job.kind in {"hlr.provision", "billing.open"}:
            return self._numbers_of_line(job.subject_id)
        if job.kind in _OF_A_ROW:
            row: Any = self.store.rows(_OF_A_ROW[job.kind]).get(job.subject_id)
            return self._numbers_of_case(row.case_id) if row is not None else set()
        return self._numbers_of_case(job.subject_id)

    def life(self, msisdn: int) -> Life:
        """All of one number, as :func:`lastcall.core.audit.life.life_of_memory` gives it, from the tables as they are."""
        rows, held, book = self.store.rows, self.world.billing.held, self.world.hlr.book.entries
        tenures, cases = self._on(Tenure, msisdn), tuple(self._cases(msisdn))
        lines = self._lines({tenure.id for tenure in tenures}) if tenures else ()
        sims = tuple([rows(Sim)[line.sim_id] for line in lines])
        holders = {tenure.subscriber_id for tenure in tenures}.union([line.subscriber_id for line in lines])
        of_cases = self._of_cases({case.id for case in cases}) if cases else {}
        return Life(
            msisdn=msisdn, now=self.world.clock.now(), tenures=tenures, lines=lines, sims=sims, cases=cases,
            pending=self._on(PendingRelease, msisdn), quarantine=self._on(Quarantine, msisdn),
            absent=self._on(Absent, msisdn), reservation=self._on(Reservation, msisdn),
            subscribers={holder: rows(Subscriber)[holder] for holder in holders},
            contacts=self._contacts(holders, {None, *(line.id for line in lines)}, {case.id for case in cases}),
            jobs=self._jobs({case.id for case in cases}.union([line.id for line in lines], [sim.id for sim in sims])),
            events=self._events_of(("case", cases), ("tenure", tenures), ("sim", sims), ("line", lines)),
            hlr={sim.imsi: book.get(sim.imsi) for sim in sims},
            accounts={line.id: billed(held[line.id]) for line in lines if line.id in held}, **of_cases,
        )  # fmt: skip

    def _on(self, kind: type[Any], msisdn: int) -> tuple[Any, ...]:
        """The rows of a kind that name the number; in order, as a number's tenures are written in theirs."""
        rows: dict[Any, Any] = self.store.rows(kind)
        return tuple([row for row in rows.values() if row.msisdn == msisdn]) if rows else ()

    def _cases(self, msisdn: int) -> list[Case]:
        return [row for row in self.store.rows(Case).values() if row.claimed_msisdn == msisdn]

    def _of_cases(self, case_ids: set[int]) -> dict[str, Any]:
        kinds: dict[str, type[Any]] = {
            "declarations": Declaration, "effects": Effect, "notices": Notice, "codes": Code, "scans": Scan
        }  # fmt: skip
        return {
            name: tuple([row for row in self.store.rows(kind).values() if row.case_id in case_ids])
            for name, kind in kinds.items()
        }

    def _contacts(self, holders: set[int], lines: set[int | None], case_ids: set[int]) -> tuple[Contact, ...]:
        """Those of the holders and lines, and any that something was sent to."""
        used = {row.contact_id for row in self.store.rows(Notice).values() if row.case_id in case_ids}
        codes = [row for row in self.store.rows(Code).values() if row.case_id in case_ids]
        used |= {row.contact_id for row in codes if row.contact_id is not None}
        return tuple(
            [
                row for row in self.store.rows(Contact).values()
                if row.id in used or (row.subscriber_id in holders and row.line_id in lines)
            ]
        )  # fmt: skip

    def _jobs(self, subjects: set[int]) -> tuple[Job, ...]:
        jobs = self.store.rows(Job).values()
        return tuple([job for job in jobs if job.subject_id in subjects and job.state in OPEN_JOBS])

    def _lines(self, tenures: set[int]) -> tuple[Line, ...]:
        own = [row for row in self.store.rows(Line).values() if row.tenure_id in tenures]
        cards = {line.sim_id for line in own}
        return tuple([row for row in self.store.rows(Line).values() if row.tenure_id in tenures or row.sim_id in cards])

    def _events_of(self, *subjects: tuple[str, Iterable[Any]]) -> tuple[Event, ...]:
        keys = dict.fromkeys((name, row.id) for name, rows in subjects for row in rows)
        found = [event for key in keys for event in self._events.get(key, _NO_EVENTS)]
        found.sort(key=attrgetter("id"))
        return tuple(found)
