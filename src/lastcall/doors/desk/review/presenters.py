"""The queue and the decisions in words. Nothing is read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.case import Case
from lastcall.core.closing.decisions import photo_waits
from lastcall.core.closing.review_queue import Held, Queue, Waiting, reasons_of
from lastcall.core.closing.texts import REJECTIONS, REMEDIES, moment
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.doors.desk.files.presenters import language_name
from lastcall.doors.desk.review import words
from lastcall.doors.screens.moments import time_left
from lastcall.doors.screens.reader import TAGS

Words = words.Words

KINDS: Final[dict[str, Words]] = {
    "": _("All"),
    "frozen": _("Stopped: ask the holder"),
    "photo": _("Photos"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the queue. ``with_whom``: the login of whoever has it; ``held``: the assignment, of one that is mine."""

    case_id: int
    number: str
    reasons: tuple[str, ...]
    frozen: bool
    age: str
    due: str
    left: str
    overdue: bool
    language: str
    door: str
    with_whom: str
    until: str
    took_part: bool
    held: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A way to see a part of the queue."""

    code: str
    label: str
    count: int
    current: bool


def rows_of(queue: Queue, *, now: datetime) -> tuple[Row, ...]:
    """The queue's rows."""
    return tuple(_row(entry, now) for entry in queue.entries)


def held_row(held: Held, *, now: datetime) -> Row:
    """A case that somebody has."""
    return _row(held.waiting, now, held.assignment.id)


def _row(entry: Waiting, now: datetime, held: int = 0) -> Row:
    case, taken = entry.case, entry.taken
    return Row(
        case_id=case.id,
        number=mask_msisdn(case.claimed_msisdn),
        reasons=tuple(str(words.REASONS.get(reason, reason)) for reason in entry.reasons),
        frozen=case.frozen_at is not None,
        age=timesince(entry.since, now, depth=1),
        due=moment(entry.due_at),
        left="" if entry.overdue else time_left(entry.due_at, now),
        overdue=entry.overdue,
        language=language_name(case.language),
        door=str(words.DOORS.get(case.door, case.door)),
        with_whom=taken.login if taken else "",
        until=moment(taken.until) if taken else "",
        took_part=entry.took_part,
        held=held,
    )


def narrowings(queue: Queue, kind: str) -> tuple[Narrowing, ...]:
    """The parts of the queue with their counts."""
    return tuple(Narrowing(code, str(label), queue.counts[code], code == kind) for code, label in KINDS.items())


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be decided now. ``reasons``: what an approval would be for."""

    reasons: tuple[str, ...]
    approve: bool
    photo: bool
    unfreeze: bool
    ask: bool


def offer(case: Case) -> Offer:
    """What the case lets a reviewer decide."""
    frozen, photo, review = case.frozen_at is not None, photo_waits(case), case.state == "review"
    return Offer(
        reasons=tuple(str(words.REASONS.get(reason, reason)) for reason in reasons_of(case)),
        approve=review and not frozen and not photo,
        photo=photo and not frozen,
        unfreeze=frozen,
        ask=review and not frozen,
    )


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the reviewer's words, and beside them what the subscriber will read in ``tag``'s language."""

    code: str
    label: str
    theirs: str
    tag: str


def rejections(case: Case) -> tuple[Option, ...]:
    """Reasons to reject, with the subscriber's words."""
    with translation.override(case.language):
        theirs = {code: str(text) for code, text in REJECTIONS.items()}
    return tuple(
        Option(code, str(label), theirs[code], TAGS[case.language]) for code, label in words.REJECTIONS.items()
    )


def requests(case: Case, possible: tuple[str, ...]) -> tuple[Option, ...]:
    """What can be asked, with the subscriber's words."""
    with translation.override(case.language):
        theirs = {code: str(REMEDIES[f"asked_{code}"]) for code in possible}
    return tuple(Option(code, str(words.REQUESTS[code]), theirs[code], TAGS[case.language]) for code in possible)


def ways() -> tuple[Option, ...]:
    """How the holder was asked."""
    return tuple(Option(code, str(label), "", "") for code, label in words.WAYS.items())


def judgements() -> tuple[Option, ...]:
    """What a photo shows, and what follows."""
    return tuple(Option(code, f"{label}: {then}", "", "") for code, (label, then) in words.JUDGEMENTS.items())
