"""What waits for a reviewer, the most urgent first: decisions due, freezes to ask about, photos that nobody could read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import ROLES
from lastcall.core.audit.event import Event
from lastcall.core.closing import assignments
from lastcall.core.closing.assignment import Assignment
from lastcall.core.closing.case import Case
from lastcall.core.closing.checks import PERSON
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction

KINDS: Final = ("", "frozen", "photo")
"""What a queue can be narrowed to; empty for everything."""
_OLDEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case in the queue. ``reasons``: codes, without those that were approved; ``since``: when it came to a person; ``due_at``:
    by when it is to be decided; ``taken``: who has it now; ``took_part``: the reader had a hand in it and cannot decide it."""

    case: Case
    reasons: tuple[str, ...]
    since: datetime
    due_at: datetime
    overdue: bool
    taken: Assignment | None
    took_part: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """``entries``: the most urgent first; ``counts``: how many there are of each of :data:`KINDS`, whatever was asked for."""

    entries: tuple[Waiting, ...]
    counts: dict[str, int]


@transaction
def review_queue(rows: Store, *, login: str, kind: str = "", limit: int = 100) -> Queue:
    """The queue as the reviewer ``login`` sees it, at most ``limit`` entries."""
    now = clock.now()
    in_review = rows.some(Case, {"state": "review"}, order="review_due_at")
    frozen = rows.some(Case, {"frozen_at__gt": _OLDEST, "ended_at": None}, order="frozen_at")
    found = {case.id: case for case in (*in_review, *frozen)}.values()
    counts = {name: sum(_is(case, name) for case in found) for name in KINDS}
    urgent = sorted((case for case in found if _is(case, kind)), key=_due_at)[:limit]
    taken = {row.case_id: row for row in assignments.all_live(rows)}
    parts = _parts(rows, urgent, login)
    return Queue(tuple(_waiting(case, taken.get(case.id), case.id in parts, now) for case in urgent), counts)


def reasons_of(case: Case) -> tuple[str, ...]:
    """Why a person must look, as codes; a freeze comes first."""
    shown = [result["reason"] for result in case.results.values() if result["outcome"] == PERSON]
    open_ones = [reason for reason in shown if reason != "frozen" and reason not in case.approved_reasons.split()]
    return (("frozen",) if case.frozen_at is not None else ()) + tuple(dict.fromkeys(open_ones))


def _is(case: Case, kind: str) -> bool:
    if kind == "frozen":
        return case.frozen_at is not None
    return kind == "" or "photo_unclear" in reasons_of(case)


def _span(case: Case) -> timedelta:
    return timedelta(hours=Policy.from_json(case.policy).review_deadline_hours)


def _due_at(case: Case) -> datetime:
    return case.review_due_at or (case.frozen_at or case.declared_at) + _span(case)


def _parts(rows: Store, cases: Iterable[Case], login: str) -> set[int]:
    """The cases among these that the member had a hand in, where four eyes are asked for."""
    ids = {case.id for case in cases if Policy.from_json(case.policy).review_four_eyes}
    if not ids:
        return set()
    own = rows.some(Event, {"case_id__in": ids, "actor__in": [f"{role}:{login}" for role in ROLES]})
    return {event.case_id for event in own if event.case_id is not None and assignments.is_part(event)}


def _waiting(case: Case, taken: Assignment | None, took_part: bool, now: datetime) -> Waiting:
    due = _due_at(case)
    return Waiting(case, reasons_of(case), due - _span(case), due, due <= now, taken, took_part)


@dataclass(frozen=True, slots=True)
class Held:
    """A case that a reviewer has, and until when."""

    assignment: Assignment
    waiting: Waiting


@transaction
def held_by(rows: Store, *, login: str) -> tuple[Held, ...]:
    """What the reviewer has now, the oldest first; with an empty ``login`` what anybody has."""
    now = clock.now()
    found = assignments.of_reviewer(rows, login) if login else assignments.all_live(rows)
    held = []
    for row in found:
        case = rows.one(Case, {"id": row.case_id})
        assert case is not None
        held.append(Held(row, _waiting(case, row, False, now)))
    return tuple(held)
