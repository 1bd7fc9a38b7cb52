"""The notice period: a number that somebody relies on is released no earlier than some days after that was announced.

The sweep knows nothing of relying parties. Whoever announces (``core/telling``) looks at all numbers that are due soon, notes each
announcement here, and then notes how far it has looked. The sweep releases nothing beyond that point, and puts off what
was announced too late. Only the first announcement counts, so that later interests never make a rest longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from lastcall.core import clock
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.numbers.release_notice import ONLY, NoticeWatch, ReleaseNotice
from lastcall.core.plan import Change, Insert, InsertMissing, Plan, Remove, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store

M = TypeVar("M", Quarantine, PendingRelease)

MARGIN: Final = timedelta(days=1)
"""So much earlier than needed a release is announced, so that nothing waits for whoever announces it."""
KEPT: Final = timedelta(days=400)
"""Longer than any rest lasts after its end was announced."""
_NEVER: Final = datetime.fromtimestamp(0, UTC)
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A resting number whose release comes."""

    quarantine_until: datetime
    msisdn: int
    tenure_id: int


def horizon(policy: Policy, now: datetime) -> datetime:
    """Up to which release date whoever announces must have looked by now (policy ``notice.before_release_days``)."""
    return now + timedelta(days=policy.notice_before_release_days) + MARGIN


def watch(rows: Store) -> NoticeWatch:
    """How far was looked. To be read before looking, and handed to :func:`note_looked` after."""
    found = rows.one(NoticeWatch, {"id": ONLY})
    return found or NoticeWatch(id=ONLY, looked_until=_NEVER, wanted=False)


def due_until(rows: Store, *, until: datetime, after: datetime | None = None, limit: int = 1_000) -> list[Due]:
    """Numbers whose rest ends after ``after`` and by ``until``, in that order; the overdue too. None: there are no more.

    About ``limit`` at a time, and always all of one moment, so that the last one's end is the next ``after``. Both tables are
    kept in the order of their dates: the cost follows what is due.
    """
    where: dict[str, object] = {"quarantine_until__lte": until}
    if after is not None:
        where["quarantine_until__gt"] = after
    resting = _page(rows, Quarantine, where, limit)
    pending = _page(rows, PendingRelease, {"reclaim_until__lte": until} | where, limit)
    members: list[PendingRelease | Quarantine] = [*resting, *pending]
    found = [Due(row.quarantine_until, row.msisdn, row.tenure_id) for row in members]
    cut = [page[-1].quarantine_until for page in (resting, pending) if len(page) >= limit]
    whole = min(cut, default=until)
    return sorted((due for due in found if due.quarantine_until <= whole), key=lambda due: due.quarantine_until)


def _page(rows: Store, kind: type[M], where: dict[str, object], limit: int) -> list[M]:
    page = rows.some(kind, where, order="quarantine_until", limit=limit)
    if len(page) < limit:
        return page
    last = page[-1].quarantine_until
    return [row for row in page if row.quarantine_until < last] + rows.some(kind, where | {"quarantine_until": last})


def note_announced(rows: Store, tenure_id: int, at: datetime) -> None:
    """The release of this tenure's number was announced at ``at``; a second announcement changes nothing."""
    rows.apply(Plan((InsertMissing(ReleaseNotice(tenure_id=tenure_id, announced_at=at)),)))


def notice_given(rows: Store, tenure_id: int) -> datetime | None:
    """When the release of this tenure's number was first announced, None while it was not."""
    found = rows.one(ReleaseNotice, {"tenure_id": tenure_id})
    return found.announced_at if found is not None else None


def note_looked(rows: Store, seen: NoticeWatch, *, until: datetime, wanted: bool) -> None:
    """Every number due by ``until`` was looked at and announced where somebody has an interest.

    ``seen``: what :func:`watch` gave before the looking; ``wanted``: whether anybody has an interest in any number. Raises
    ``Conflict`` when something came up meanwhile that must be looked at (:func:`look_again`): look once more.
    """
    values = {"looked_until": until, "wanted": wanted, "revision": seen.revision + 1}
    if seen.revision == 0:
        rows.apply(Plan((Insert(NoticeWatch(id=ONLY, looked_until=until, wanted=wanted, revision=1)),)))
        return
    rows.apply(Plan((Change(NoticeWatch, {"id": ONLY, "revision": seen.revision}, values),)))


def look_again(rows: Store, *, wanted: bool = False) -> None:
    """Nothing that is not due yet counts as looked at. Called when an interest is registered (``wanted``), and when a release
    date comes nearer than was announced: until it was looked at, the sweep releases nothing that falls due from now on."""
    seen, until = watch(rows), clock.now() - _TICK
    if seen.revision == 0:
        if wanted:
            rows.apply(Plan((Insert(NoticeWatch(id=ONLY, looked_until=until, wanted=True, revision=1)),)))
        return
    values = {
        "looked_until": min(seen.looked_until, until), "wanted": seen.wanted or wanted, "revision": seen.revision + 1,
    }  # fmt: skip
    rows.apply(Plan((Change(NoticeWatch, {"id": ONLY, "revision": seen.revision}, values),)))


def taken_back(rows: Store, tenure_id: int) -> Plan:
    """The plan that forgets an announcement whose day no longer holds; nothing when there was none."""
    found = rows.one(ReleaseNotice, {"tenure_id": tenure_id})
    return Plan((Remove(ReleaseNotice, {"tenure_id": tenure_id, "announced_at": found.announced_at}),) if found else ())


def held_until(rows: Store, policy: Policy, now: datetime) -> datetime:
    """Up to which release date the sweep may go in this transaction: ``now``, or as far as was looked who must be told.

    Raises ``Conflict`` when something to be looked at came up in this moment.
    """
    seen = watch(rows)
    if not seen.wanted or policy.notice_before_release_days == 0:
        return now
    # Taken, so that an interest or a shortened rest comes either before this transaction or after it.
    same = {"id": ONLY, "revision": seen.revision}
    rows.apply(Plan((Change(NoticeWatch, same, {"revision": seen.revision}),)))
    return min(now, seen.looked_until)


def earliest(notice: ReleaseNotice | None, policy: Policy) -> datetime | None:
    """Not before then may the number be released; None when nobody is owed a notice."""
    if notice is None:
        return None
    return notice.announced_at + timedelta(days=policy.notice_before_release_days)


def forget(rows: Store, *, most: int) -> list[Write]:
    """What deletes notices of releases long past."""
    found = rows.some(ReleaseNotice, {"announced_at__lte": clock.now() - KEPT}, order="announced_at", limit=most)
    return [Remove(ReleaseNotice, {"tenure_id": one.tenure_id}) for one in found]
