"""A number's whole life as one line of time: who held it in turn (by letter, never by name), and what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase
from typing import Final

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.reading import ALONG_KIND, NUMBER_KIND
from lastcall.core.closing.case import Case
from lastcall.core.numbers.life import range_of, read_life
from lastcall.core.numbers.number import Reservation
from lastcall.core.numbers.range import Operator
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.line import Line

_KINDS: Final = {
    "number.assigned": "assigned", "number.pending_release": "pending_release", "number.quarantined": "quarantined",
    "number.released": "released", "number.ported_out": "ported_out", "number.returned": "returned",
    "number.withdrawn": "withdrawn", "number.early_release_asked": "early_release_asked",
    "number.early_release_refused": "early_release_refused", "number.early_release_withdrawn": "early_release_withdrawn",
    "number.early_release_lapsed": "early_release_lapsed", "number.released_early": "released_early",
    "number.rest_extended": "rest_extended", "number.transferred": "transferred",
    "number.correction_asked": "correction_asked", "number.corrected": "corrected",
    "sim.activated": "sim_activated", "sim.barred": "sim_barred", "sim.dead": "sim_dead", "sim.ported_out": "sim_dead",
    "sim.transferred": "sim_dead",
    "line.locked": "line_locked", "line.unlocked": "line_unlocked", "line.legal_hold": "legal_hold",
    "line.legal_hold_ended": "legal_hold_ended", "line.port_out_ordered": "port_out_ordered",
    "line.port_out_cancelled": "port_out_cancelled", NUMBER_KIND: "read", ALONG_KIND: "read",
}  # fmt: skip

_WITH_REASON: Final = ("early", "released_early", "rest_extended", "correct")


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, or will: ``code`` says what.

    ``holder``: ``A`` for who held it first, ``B`` for the next; ``case``: the case's place among the number's, 0 when it is about
    none; ``word``: a state, a reason or a custody; ``role``: of the member of staff who read.
    """

    at: datetime
    code: str
    holder: str = ""
    case: int = 0
    word: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """``state``: of the number's lifecycle; ``range_holder`` and ``region``: from the register, None and empty outside of it.

    ``past`` from the beginning on, ``ahead`` the dates to come, in order; ``request``: an early release that waits for its second
    person; ``tenure_id``: the latest.
    """

    state: str
    range_holder: str | None
    range_inn: str | None
    region: str
    past: tuple[Moment, ...]
    ahead: tuple[Moment, ...]
    request: ReleaseRequest | None
    tenure_id: int | None


def timeline(rows: Store, *, msisdn: int) -> Timeline:
    """The life of one number up to now, without a word of its holders. To be read under a live look only."""
    life, held = read_life(rows, msisdn), range_of(rows, msisdn)
    tenures = rows.some(Tenure, {"msisdn": msisdn}, order="ordinal")
    operator = rows.one(Operator, {"inn": held.operator_id}) if held is not None else None
    asked = {"tenure_id": life.latest.id if life.latest else 0, "state": "asked", "until__gt": clock.now()}
    request = rows.one(ReleaseRequest, asked)
    return Timeline(
        state=life.state, range_holder=operator.name if operator else None, range_inn=held.operator_id if held else None,
        region=held.region if held else "",
        past=_Life(rows, msisdn, tenures).past(),
        ahead=tuple(sorted(_ahead(life.latest, life.state, life.reservation, request), key=lambda moment: moment.at)),
        request=request, tenure_id=life.latest.id if life.latest else None,
    )  # fmt: skip


class _Life:
    """The rows of a number, and whose each one is."""

    def __init__(self, rows: Store, msisdn: int, tenures: list[Tenure]) -> None:
        self._rows = rows
        self._holder_of_tenure = _letters(tenures)
        lines = rows.some(Line, {"tenure_id__in": [tenure.id for tenure in tenures]})
        letters = {line.id: self._holder_of_tenure[line.tenure_id] for line in lines}
        self._holder_of = {
            "tenure": self._holder_of_tenure, "line": letters, "sim": {line.sim_id: letters[line.id] for line in lines},
        }  # fmt: skip
        self._cases = rows.some(Case, {"claimed_msisdn": msisdn}, order="declared_at")

    def past(self) -> tuple[Moment, ...]:
        """What happened, in the order in which it was written down."""
        found = sorted([*self._of_numbers(), *self._of_cases()], key=lambda pair: pair[0])
        return tuple(moment for _, moment in found)

    def _of_numbers(self) -> Iterator[tuple[int, Moment]]:
        for subject, holders in self._holder_of.items():
            for event in self._events(subject, holders):
                if code := _KINDS.get(event.kind):
                    yield event.id, _of(event, code, holders[event.subject_id])

    def _events(self, subject: str, ids: Iterable[int]) -> list[Event]:
        return self._rows.some(Event, {"subject": subject, "subject_id__in": list(ids)}, order="id")

    def _of_cases(self) -> Iterator[tuple[int, Moment]]:
        """Each case's changes of state; which number of staff or what was shown is not the number room's."""
        places = {case.id: place for place, case in enumerate(self._cases, start=1)}
        holders = {case.id: self._holder_of_tenure.get(case.tenure_id or 0, "") for case in self._cases}
        for event in self._events("case", places):
            if event.target and event.source != event.target:
                moment = Moment(event.at, "case", holders[event.subject_id], places[event.subject_id], event.target)
                yield event.id, moment


def _letters(tenures: list[Tenure]) -> dict[int, str]:
    """Tenure -> its holder's letter; who comes back has the same one."""
    order = list(dict.fromkeys(tenure.subscriber_id for tenure in tenures))
    return {tenure.id: _letter(order.index(tenure.subscriber_id)) for tenure in tenures}


def _letter(place: int) -> str:
    """A to Z, then AA, AB …"""
    before, last = divmod(place, len(ascii_uppercase))
    return (_letter(before - 1) if before else "") + ascii_uppercase[last]


def _of(event: Event, code: str, holder: str) -> Moment:
    if code == "read":
        return Moment(event.at, code, holder, word=event.reason, role=event.actor.partition(":")[0])
    if code == "assigned" and event.reason == "reactivation":
        return Moment(event.at, "given_back", holder)
    if code == "assigned" and event.reason == "transfer":
        return Moment(event.at, "taken_over", holder)
    return Moment(event.at, code, holder, word=event.reason if code.startswith(_WITH_REASON) else "")


def _ahead(
    latest: Tenure | None, state: str, reservation: Reservation | None, request: ReleaseRequest | None
) -> Iterator[Moment]:
    if state == "pending_release" and latest is not None and latest.reclaim_until is not None:
        yield Moment(latest.reclaim_until, "reclaim_until")
    if state in {"pending_release", "quarantined"} and latest is not None and latest.quarantine_until is not None:
        yield Moment(latest.quarantine_until, "quarantine_until")
    if reservation is not None:
        yield Moment(reservation.until, "reserved_until")
    if request is not None:
        yield Moment(request.until, "request_until")


read_timeline = transaction(timeline)
