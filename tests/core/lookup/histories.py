"""Random lives of one number, kept twice: as rows, which the readings read, and as a line of slots, which a reader goes through.

A day has six slots. In the line of slots each slot has its holder or nobody, so that whoever reads it needs no rule of spans.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from lastcall.core.audit.event import Event
from lastcall.core.lookup.coverage import our_inn
from lastcall.core.lookup.evidence import CORRECTED
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers.number import Absent, Number, PendingRelease, Quarantine
from lastcall.core.numbers.range import Range
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.core.rows import Row

MSISDN: Final = 79000001001
MOSCOW: Final = ZoneInfo("Europe/Moscow")
START: Final = datetime(2026, 1, 5, tzinfo=MOSCOW)
"""A midnight: what happens in a day's first slot happens on the stroke of it."""
SLOTS_A_DAY: Final = 6
SLOT: Final = timedelta(hours=24 // SLOTS_A_DAY)
HOLDERS: Final = (700_001, 700_002, 700_003)

_NEXT: Final = {
    "available": ("assign", "assign", "assign", "withdraw"),
    "in_service": ("cease", "cease", "cease", "transfer", "port_out"),
    "pending_release": ("reactivate", "reactivate", "quarantine"),
    "quarantined": ("release",),
    "ported_out": ("return", "withdraw"),
    "withdrawn": (),
}  # fmt: skip
_TARGET: Final = {
    "assign": "in_service", "withdraw": "withdrawn", "cease": "pending_release", "transfer": "in_service",
    "port_out": "ported_out", "reactivate": "in_service", "quarantine": "quarantined", "release": "available",
    "return": "quarantined",
}  # fmt: skip


@dataclass
class Held:
    """One holder's period, from the slot in which it began to the one in which it ended; ``ending``: how it ended.

    ``given_back``: the former holder took up an ended period again in time.
    """

    holder: int
    since: int
    until: int | None = None
    ending: str = ""
    given_back: bool = False


@dataclass
class History:
    """What happened to the number, up to the slot ``now``; ``corrected``: places of periods whose closing was put right."""

    periods: list[Held] = field(default_factory=list)
    state: str = "available"
    now: int = 0
    in_range: bool = True
    corrected: set[int] = field(default_factory=set)

    def step(self, action: str, holder: int) -> None:
        """Let ``action`` happen in the slot ``now``."""
        last = self.periods[-1] if self.periods else None
        if action in {"cease", "transfer", "port_out"}:
            assert last is not None
            last.until = self.now
            last.ending = {"cease": "ceased", "transfer": "transferred", "port_out": "ported_out"}[action]
        if action == "transfer":
            assert last is not None
            holder = next(other for other in (holder, *HOLDERS) if other != last.holder)
        if action == "reactivate":
            assert last is not None
            holder = last.holder
        if action in {"assign", "transfer", "reactivate"}:
            self.periods.append(Held(holder, self.now, given_back=action == "reactivate"))
        self.state = _TARGET[action]

    def may_be_corrected(self) -> list[int]:
        """Places of the periods that ended with a cease and were given back."""
        return [place - 1 for place, held in enumerate(self.periods) if held.given_back]

    def day(self, slot: int) -> date:
        """The calendar day of a slot on the operator's clocks."""
        return (START + slot * SLOT).date()

    def moment(self, slot: int) -> datetime:
        """When the slot begins."""
        return START + slot * SLOT

    def periods_by_slot(self) -> list[int | None]:
        """Slot by slot up to now, whose period it was: a place in ``periods``, the same one across a closing put right.

        The slot in which a period ended is still its own, unless the next began in it.
        """
        line: list[int | None] = [None] * (self.now + 1)
        whose = 0
        for place, held in enumerate(self.periods):
            whose = whose if place - 1 in self.corrected else place
            until = self.periods[place + 1].since - 1 if place in self.corrected else held.until
            for slot in range(held.since, self.now + 1 if until is None else until + 1):
                line[slot] = whose
        return line

    def cease_days(self) -> list[date]:
        """The days of the closings that were not put right."""
        ended = (
            held.until for place, held in enumerate(self.periods)
            if held.ending == "ceased" and place not in self.corrected
        )  # fmt: skip
        return [self.day(slot) for slot in ended if slot is not None]

    def slots_of(self, day: date) -> range:
        """The slots of a day, as far as time has gone."""
        first = (day - START.date()).days * SLOTS_A_DAY
        return range(max(first, 0), max(min(first + SLOTS_A_DAY, self.now + 1), 0))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Lives of up to nine steps: several on one day, days apart, or weeks; of three people, who may come back."""
    history = History(in_range=draw(st.sampled_from((True, True, True, False))))
    gaps = st.sampled_from((1, 2, 4, 6, 7, 12, 13, 20, 45))
    for _ in range(draw(st.integers(0, 9))):
        actions = _NEXT[history.state]
        if not actions:
            break
        history.now += draw(gaps)
        history.step(draw(st.sampled_from(actions)), draw(st.sampled_from(HOLDERS)))
    history.now += draw(st.sampled_from((0, 1, 6, 13, 40)))
    if possible := history.may_be_corrected():
        history.corrected = draw(st.sets(st.sampled_from(possible)))
    return history


def written(history: History) -> MemoryStore:
    """The history as the rows that the services would have left."""
    rows = MemoryStore()
    writes: list[Row] = []
    if history.in_range:
        writes.append(Range(id=1, first=MSISDN - 1, last=MSISDN + 1, operator_id=our_inn(), region="", territory=""))
    if history.periods:
        writes.append(Number(msisdn=MSISDN, known_since=history.moment(history.periods[0].since)))
    writes += [_tenure(history, place, held) for place, held in enumerate(history.periods)]
    writes += _membership(history)
    corrections = tuple(_correction(history, place) for place in sorted(history.corrected))
    rows.apply(Plan(tuple(Insert(row) for row in writes), corrections))
    return rows


def _tenure(history: History, place: int, held: Held) -> Tenure:
    until = None if held.until is None else history.moment(held.until)
    rests = until is not None and (held.ending == "ceased" or _returned(history, place))
    follows = place if held.given_back else None
    return Tenure(
        id=place + 1, msisdn=MSISDN, ordinal=place + 1, subscriber_id=held.holder, since=history.moment(held.since),
        follows_id=follows, until=until, ending=held.ending,
        reclaim_until=until if rests else None, quarantine_until=until if rests else None,
    )  # fmt: skip


def _returned(history: History, place: int) -> bool:
    return history.periods[place].ending == "ported_out" and (
        place + 1 < len(history.periods) or history.state in {"quarantined", "available"}
    )


def _membership(history: History) -> list[Row]:
    count = len(history.periods)
    if history.state in {"ported_out", "withdrawn"}:
        absent = Absent(msisdn=MSISDN, state=history.state, since=history.moment(history.now), tenure_id=count or None)
        return [absent]
    if history.state not in {"pending_release", "quarantined"}:
        return []
    until = history.periods[-1].until
    assert until is not None
    end = history.moment(until)
    if history.state == "pending_release":
        return [PendingRelease(reclaim_until=end, msisdn=MSISDN, tenure_id=count, quarantine_until=end)]
    return [Quarantine(quarantine_until=end, msisdn=MSISDN, tenure_id=count)]


def _correction(history: History, place: int) -> Event:
    return Event(
        at=history.moment(history.now), kind=CORRECTED, subject="tenure", subject_id=place + 1, actor="administrator:vera",
        door="desk", reason="wrong_line",
    )  # fmt: skip
