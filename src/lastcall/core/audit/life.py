"""A life: everything that is held about one number and what hangs on it, at one moment, for the invariants to judge.

The simulator reads all lives from memory, the auditor reads them from the database in batches; both assemble the same object.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Final, TypeVar

from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.scan import Scan
from lastcall.core.job import Job
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers.number import Absent, PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.ports import HlrEntry
from lastcall.core.simcard.backup import Backup, Ciphertext
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Subscriber

T = TypeVar("T")

OPEN_JOBS: Final = ("queued", "leased", "dead")
STRAYS: Final = 0
"""The ``msisdn`` of the life that gathers rows which hang on no number: there should be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """What billing holds for one line, amounts in minor units.

    ``stopped_at``: the moment after which nothing may be charged, None when unknown or still charging; ``late_charges``: how
    many charges with a later service time were not reversed; ``refunds``: each amount that was paid out.
    """

    charging: bool
    balance: int = 0
    stopped_at: datetime | None = None
    late_charges: int = 0
    refunds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """``tenures`` by ordinal; ``lines``: of its tenures, and any other that holds one of its SIMs; ``jobs``: those not done about
    its cases, lines and SIMs; ``events``: of its cases, tenures, SIMs and lines, in order.

    ``contacts``: the holder's own, these lines' and those that a notice or code went to; ``scans``: photos, of which the sealed
    picture may be shortened; ``backups``: what cards were saved to, ``ciphertexts``: of which backups the file is still there.
    Memberships and reservations are kept as found, several if there are several. ``hlr``: IMSI -> entry, None when the HLR
    knows no such IMSI, no key when it was not asked; ``accounts``: line id -> what billing holds, no key when not asked.
    """

    msisdn: int
    now: datetime
    tenures: tuple[Tenure, ...] = ()
    pending: tuple[PendingRelease, ...] = ()
    quarantine: tuple[Quarantine, ...] = ()
    absent: tuple[Absent, ...] = ()
    reservation: tuple[Reservation, ...] = ()
    lines: tuple[Line, ...] = ()
    sims: tuple[Sim, ...] = ()
    subscribers: Mapping[int, Subscriber] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    effects: tuple[Effect, ...] = ()
    notices: tuple[Notice, ...] = ()
    contacts: tuple[Contact, ...] = ()
    codes: tuple[Code, ...] = ()
    scans: tuple[Scan, ...] = ()
    backups: tuple[Backup, ...] = ()
    ciphertexts: frozenset[int] = frozenset()
    jobs: tuple[Job, ...] = ()
    events: tuple[Event, ...] = ()
    hlr: Mapping[str, HlrEntry | None] = field(default_factory=dict)
    accounts: Mapping[int, Billed] = field(default_factory=dict)
    by_subject: Mapping[tuple[str, int], list[Event]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        grouped: dict[tuple[str, int], list[Event]] = {}
        for event in self.events:
            grouped.setdefault((event.subject, event.subject_id), []).append(event)
        object.__setattr__(self, "by_subject", grouped)

    def events_of(self, subject: str, subject_id: int | None) -> list[Event]:
        """The events of one case, tenure, SIM or line, in order."""
        return self.by_subject.get((subject, subject_id or 0), [])

    def tenure(self, tenure_id: int | None) -> Tenure | None:
        return next((tenure for tenure in self.tenures if tenure.id == tenure_id), None)

    def line(self, line_id: int | None) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def sim(self, sim_id: int | None) -> Sim | None:
        return next((sim for sim in self.sims if sim.id == sim_id), None)

    def effects_of(self, case_id: int) -> list[Effect]:
        return [effect for effect in self.effects if effect.case_id == case_id]

    @property
    def state(self) -> str:
        """The number's state, read from its rows."""
        if self.tenures and self.tenures[-1].until is None:
            return "in_service"
        if self.pending:
            return "pending_release"
        if self.quarantine:
            return "quarantined"
        if self.absent:
            return self.absent[0].state
        return "reserved" if self.reservation else "available"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Rows of any number of lives, not yet sorted to their numbers; events in order."""

    tenures: Iterable[Tenure] = ()
    pending: Iterable[PendingRelease] = ()
    quarantine: Iterable[Quarantine] = ()
    absent: Iterable[Absent] = ()
    reservation: Iterable[Reservation] = ()
    lines: Iterable[Line] = ()
    sims: Iterable[Sim] = ()
    subscribers: Iterable[Subscriber] = ()
    cases: Iterable[Case] = ()
    declarations: Iterable[Declaration] = ()
    effects: Iterable[Effect] = ()
    notices: Iterable[Notice] = ()
    contacts: Iterable[Contact] = ()
    codes: Iterable[Code] = ()
    scans: Iterable[Scan] = ()
    backups: Iterable[Backup] = ()
    ciphertexts: Iterable[int] = ()
    jobs: Iterable[Job] = ()
    events: Iterable[Event] = ()
    hlr: Mapping[str, HlrEntry | None] = field(default_factory=dict)
    accounts: Mapping[int, Billed] = field(default_factory=dict)


def _group(rows: Iterable[T], key: Callable[[T], int]) -> Mapping[int, list[T]]:
    groups: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


_msisdn: Callable[[object], int] = attrgetter("msisdn")
_case_id: Callable[[object], int] = attrgetter("case_id")
_EVENT_SUBJECTS: Final = frozenset({"case", "tenure", "sim", "line"})


class _Sorter:
    """Sorts held rows to the numbers that they hang on: indexes once, then one life at a time."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.tenures = _group(held.tenures, _msisdn)
        self.pending, self.quarantine = _group(held.pending, _msisdn), _group(held.quarantine, _msisdn)
        self.absent, self.reservation = _group(held.absent, _msisdn), _group(held.reservation, _msisdn)
        self.cases = _group(held.cases, lambda case: case.claimed_msisdn)
        self.lines_of_tenure = _group(held.lines, lambda line: line.tenure_id)
        self.lines_of_sim = _group(held.lines, lambda line: line.sim_id)
        self.sims = {sim.id: sim for sim in held.sims}
        self.subscribers = {subscriber.id: subscriber for subscriber in held.subscribers}
        self.contacts = {contact.id: contact for contact in held.contacts}
        self.contacts_of_line = _group(self.contacts, lambda contact_id: self.contacts[contact_id].line_id or 0)
        common = self.contacts_of_line.get(0, ())
        self.common_contacts = _group(common, lambda contact_id: self.contacts[contact_id].subscriber_id)
        self.declarations, self.effects = _group(held.declarations, _case_id), _group(held.effects, _case_id)
        self.notices, self.codes = _group(held.notices, _case_id), _group(held.codes, _case_id)
        self.scans, self.backups = _group(held.scans, _case_id), _group(held.backups, _case_id)
        self.ciphertexts = frozenset(held.ciphertexts)
        self.jobs = _group((job for job in held.jobs if job.state in OPEN_JOBS), lambda job: job.subject_id)
        self.events: dict[tuple[str, int], list[Event]] = defaultdict(list)
        for event in held.events:
            if event.subject in _EVENT_SUBJECTS:
                self.events[event.subject, event.subject_id].append(event)

    def msisdns(self) -> list[int]:
        """Every number that something is held about, in order."""
        groups = (self.tenures, self.pending, self.quarantine, self.absent, self.reservation, self.cases)
        return sorted(set().union(*groups))

    def life(self, msisdn: int, now: datetime) -> Life:
        """All of one number."""
        tenures = sorted(self.tenures.get(msisdn, ()), key=attrgetter("ordinal"))
        lines = self._lines(tenures)
        cases = tuple(self.cases.get(msisdn, ()))
        case_ids = [case.id for case in cases]
        sim_ids = dict.fromkeys(line.sim_id for line in lines)
        sims = tuple(self.sims[sim_id] for sim_id in sim_ids if sim_id in self.sims)
        holders = dict.fromkeys([tenure.subscriber_id for tenure in tenures] + [line.subscriber_id for line in lines])
        return Life(
            msisdn=msisdn, now=now, tenures=tuple(tenures),
            pending=tuple(self.pending.get(msisdn, ())), quarantine=tuple(self.quarantine.get(msisdn, ())),
            absent=tuple(self.absent.get(msisdn, ())), reservation=tuple(self.reservation.get(msisdn, ())),
            lines=lines, sims=sims,
            subscribers={holder: self.subscribers[holder] for holder in holders if holder in self.subscribers},
            contacts=self._contacts(holders, lines, case_ids),
            jobs=_all(self.jobs, [row.id for rows in (cases, lines, sims) for row in rows]),
            events=self._events(cases, tenures, sims, lines),
            hlr={sim.imsi: self.held.hlr[sim.imsi] for sim in sims if sim.imsi in self.held.hlr},
            accounts={line.id: self.held.accounts[line.id] for line in lines if line.id in self.held.accounts},
            cases=cases, declarations=_all(self.declarations, case_ids), effects=_all(self.effects, case_ids),
            notices=_all(self.notices, case_ids), codes=_all(self.codes, case_ids),
            scans=_all(self.scans, case_ids), backups=_all(self.backups, case_ids),
            ciphertexts=self._kept(case_ids),
        )  # fmt: skip

    def _kept(self, case_ids: list[int]) -> frozenset[int]:
        return self.ciphertexts & {backup.id for backup in _all(self.backups, case_ids)}

    def _lines(self, tenures: Iterable[Tenure]) -> tuple[Line, ...]:
        own = [line for tenure in tenures for line in self.lines_of_tenure.get(tenure.id, ())]
        sharing = [line for known in own for line in self.lines_of_sim.get(known.sim_id, ())]
        return tuple({line.id: line for line in own + sharing}.values())

    def _contacts(self, holders: Iterable[int], lines: Iterable[Line], case_ids: list[int]) -> tuple[Contact, ...]:
        # Not all of the holder's: an organisation has one for each of its lines.
        own = _all(self.common_contacts, holders) + _all(self.contacts_of_line, [line.id for line in lines])
        used = [notice.contact_id for notice in _all(self.notices, case_ids)]
        used += [code.contact_id for code in _all(self.codes, case_ids) if code.contact_id is not None]
        return tuple(self.contacts[contact] for contact in dict.fromkeys((*own, *used)) if contact in self.contacts)

    def _events(
        self, cases: Iterable[Case], tenures: Iterable[Tenure], sims: Iterable[Sim], lines: Iterable[Line]
    ) -> tuple[Event, ...]:
        subjects = (("case", cases), ("tenure", tenures), ("sim", sims), ("line", lines))
        keys = dict.fromkeys((name, row.id) for name, rows in subjects for row in rows)
        found = [event for key in keys for event in self.events.get(key, ())]
        found.sort(key=attrgetter("id"))
        return tuple(found)

    def strays(self, now: datetime) -> Life | None:
        """Rows that hang on no number, as a life of their own, or None when there are none."""
        cases = {case.id for case in self.held.cases}
        tenures = {tenure.id for tenure in self.held.tenures}
        declarations = tuple(row for row in self.held.declarations if row.case_id not in cases)
        effects = tuple(row for row in self.held.effects if row.case_id not in cases)
        lines = tuple(line for line in self.held.lines if line.tenure_id not in tenures)
        if not declarations and not effects and not lines:
            return None
        return Life(msisdn=STRAYS, now=now, declarations=declarations, effects=effects, lines=lines)


def _all(groups: Mapping[int, list[T]], keys: Iterable[int]) -> tuple[T, ...]:
    return tuple(row for key in keys for row in groups.get(key, ()))


def assemble(held: Held, *, now: datetime, strays: bool = False) -> Iterator[Life]:
    """The lives of all numbers that ``held`` says something of, in order of the number; then ``strays``, if wanted and any."""
    sorter = _Sorter(held)
    for msisdn in sorter.msisdns():
        yield sorter.life(msisdn, now)
    if strays and (lost := sorter.strays(now)) is not None:
        yield lost


def lives_in(
    store: MemoryStore,
    *,
    now: datetime,
    hlr: Mapping[str, HlrEntry | None] | None = None,
    accounts: Mapping[int, Billed] | None = None,
) -> Iterator[Life]:
    """The lives of all numbers in a memory store."""
    held = Held(
        tenures=store.rows(Tenure).values(), pending=store.rows(PendingRelease).values(),
        quarantine=store.rows(Quarantine).values(), absent=store.rows(Absent).values(),
        reservation=store.rows(Reservation).values(), lines=store.rows(Line).values(), sims=store.rows(Sim).values(),
        subscribers=store.rows(Subscriber).values(), cases=store.rows(Case).values(),
        declarations=store.rows(Declaration).values(), effects=store.rows(Effect).values(),
        notices=store.rows(Notice).values(), contacts=store.rows(Contact).values(), codes=store.rows(Code).values(),
        scans=store.rows(Scan).values(), backups=store.rows(Backup).values(),
        ciphertexts=[row.backup_id for row in store.rows(Ciphertext).values()],
        jobs=store.rows(Job).values(), events=store.events, hlr=hlr or {}, accounts=accounts or {},
    )  # fmt: skip
    return assemble(held, now=now, strays=True)


def life_of_memory(
    store: MemoryStore,
    *,
    now: datetime,
    hlr: Mapping[str, HlrEntry | None] | None = None,
    accounts: Mapping[int, Billed] | None = None,
) -> list[Life]:
    """All lives of a memory store, as a list."""
    return list(lives_in(store, now=now, hlr=hlr, accounts=accounts))
