"""What is known of a number: who held it in turn, by day, and how it stands now. All three readings are taken from this."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final, TypeVar

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.lookup.coverage import our_inn
from lastcall.core.lookup.days import day_of
from lastcall.core.numbers.life import range_of
from lastcall.core.numbers.number import Absent, PendingRelease, Quarantine
from lastcall.core.numbers.range import Range
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.store import Store

CORRECTED: Final = "number.corrected"
"""The event, on the tenure whose closing was reported wrongly."""
TOGETHER: Final = 500
_MEMBERS_TOGETHER: Final = 64
_FEW: Final = 20

M = TypeVar("M", PendingRelease, Quarantine)


@dataclass(frozen=True, slots=True)
class Span:
    """One holder's days on the number, the first and the last included; ``until`` None and ``ending`` empty while it lasts.

    ``holder``: the subscriber's id, which no reading tells; ``ending``: ``ceased``, ``transferred`` or ``ported_out``.
    """

    holder: int
    since: date
    until: date | None
    ending: str


def unbroken_from(spans: Sequence[Span]) -> int:
    """The place of the span with which the last holder's unbroken holding began: held on every day from then to its end."""
    place = len(spans) - 1
    while place and spans[place - 1].holder == spans[-1].holder:
        ended = spans[place - 1].until
        if ended is None or spans[place].since > ended + timedelta(days=1):
            break
        place -= 1
    return place


@dataclass(frozen=True, slots=True)
class Evidence:
    """``spans``: the oldest first, those that a correction joined as one; ``state``: of the number's lifecycle.

    ``covered``: it is in one of our ranges, or was held with us; ``known_since`` to ``as_of``: the window of evidence;
    ``corrected``: a closing of it was reported wrongly and put right.
    """

    spans: tuple[Span, ...]
    state: str
    covered: bool
    known_since: date
    as_of: datetime
    corrected: bool = False


def evidence(rows: Store, *, msisdn: int, known_since: date) -> Evidence:
    """What is known of one number."""
    return evidences(rows, msisdns=(msisdn,), known_since=known_since)[msisdn]


def evidences(rows: Store, *, msisdns: Sequence[int], known_since: date) -> dict[int, Evidence]:
    """What is known of each number, as of one moment, by a few statements for every :data:`TOGETHER` of them."""
    found: dict[int, Evidence] = {}
    wanted = sorted(set(msisdns))
    for at in range(0, len(wanted), TOGETHER):
        found |= _Reader(rows, wanted[at : at + TOGETHER], known_since).read()
    return found


class _Reader:
    def __init__(self, rows: Store, msisdns: list[int], known_since: date) -> None:
        self._rows, self._msisdns, self._known_since = rows, msisdns, known_since
        found = rows.some(Tenure, {"msisdn__in": msisdns})
        found.sort(key=lambda tenure: (tenure.msisdn, tenure.ordinal))
        self._tenures = {msisdn: list(group) for msisdn, group in groupby(found, key=lambda tenure: tenure.msisdn)}

    def read(self) -> dict[int, Evidence]:
        states, ours, corrected = self._states(), self._in_our_ranges(), self._corrected()
        now = clock.now()
        return {
            msisdn: Evidence(
                spans=tuple(_spans(self._tenures.get(msisdn, []), corrected)), state=states.get(msisdn, "available"),
                covered=msisdn in self._tenures or msisdn in ours, known_since=self._known_since, as_of=now,
                corrected=any(tenure.id in corrected for tenure in self._tenures.get(msisdn, [])),
            )
            for msisdn in self._msisdns
        }  # fmt: skip

    def _states(self) -> dict[int, str]:
        """Of those that are not simply free; what comes later counts more, as in ``NumberLife.state``."""
        latest = [tenures[-1] for tenures in self._tenures.values()]
        states = {absent.msisdn: absent.state for absent in self._rows.some(Absent, {"msisdn__in": self._msisdns})}
        resting = [tenure for tenure in latest if tenure.quarantine_until is not None]
        states |= dict.fromkeys(_members(self._rows, Quarantine, "quarantine_until", resting), "quarantined")
        states |= dict.fromkeys(_members(self._rows, PendingRelease, "reclaim_until", resting), "pending_release")
        return states | {tenure.msisdn: "in_service" for tenure in latest if tenure.until is None}

    def _in_our_ranges(self) -> set[int]:
        never_held = [msisdn for msisdn in self._msisdns if msisdn not in self._tenures]
        if not never_held:
            return set()
        inn = our_inn()
        if len(never_held) <= _FEW:
            held = ((msisdn, range_of(self._rows, msisdn)) for msisdn in never_held)
            return {msisdn for msisdn, row in held if row is not None and row.operator_id == inn}
        ranges = self._rows.some(Range, {"operator_id": inn}, order="first")
        firsts = [row.first for row in ranges]
        places = ((msisdn, bisect_right(firsts, msisdn) - 1) for msisdn in never_held)
        return {msisdn for msisdn, place in places if place >= 0 and msisdn <= ranges[place].last}

    def _corrected(self) -> frozenset[int]:
        """The tenures whose closing was put right: only those that were given back can be."""
        given_back = [
            tenure.follows_id for held in self._tenures.values() for tenure in held if tenure.follows_id is not None
        ]
        if not given_back:
            return frozenset()
        found = self._rows.some(Event, {"subject": "tenure", "subject_id__in": given_back, "kind": CORRECTED})
        return frozenset(event.subject_id for event in found)


def _members(rows: Store, kind: type[M], due: str, resting: Sequence[Tenure]) -> Iterator[int]:
    # The membership tables are kept in order of the date, so a member is found by the date frozen in its tenure.
    for at in range(0, len(resting), _MEMBERS_TOGETHER):
        some = resting[at : at + _MEMBERS_TOGETHER]
        dates, msisdns = {getattr(tenure, due) for tenure in some}, {tenure.msisdn for tenure in some}
        for member in rows.some(kind, {f"{due}__in": dates, "msisdn__in": msisdns}):
            yield member.msisdn


def _spans(tenures: Iterable[Tenure], corrected: frozenset[int]) -> Iterator[Span]:
    """The tenures as spans of days; one that follows a corrected closing goes on where that one never ended."""
    open_span: Span | None = None
    for tenure in tenures:
        until = day_of(tenure.until) if tenure.until is not None else None
        if open_span is not None and tenure.follows_id in corrected:
            open_span = replace(open_span, until=until, ending=tenure.ending)
            continue
        if open_span is not None:
            yield open_span
        open_span = Span(tenure.subscriber_id, day_of(tenure.since), until, tenure.ending)
    if open_span is not None:
        yield open_span
