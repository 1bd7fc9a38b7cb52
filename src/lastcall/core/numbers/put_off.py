"""Putting releases off, right before the sweep: numbers that are still called, and numbers whose release was announced too late.

Only numbers that are due and have attempts or a fresh notice are looked at; all others go as if this were not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial
from typing import Final, cast

from django.utils import timezone

from lastcall.core import clock
from lastcall.core.actor import SYSTEM, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.database import DatabaseStore
from lastcall.core.numbers.attempts_row import Attempts
from lastcall.core.numbers.notice import earliest
from lastcall.core.numbers.number import Quarantine
from lastcall.core.numbers.quiet import Rest, decide
from lastcall.core.numbers.release_notice import ReleaseNotice
from lastcall.core.numbers.rules import extend
from lastcall.core.plan import Plan, Remove
from lastcall.core.policies.policy import Policy
from lastcall.core.statements import load, statements
from lastcall.core.store import Database, Store

SWEEP: Final = Actor(SYSTEM, "sweep", "system")
NOT_QUIET: Final = "not_quiet"
NOTICE: Final = "notice"
PAGE: Final = 500
_Place = tuple[datetime, int]

_ATTEMPTED: Final = "EXISTS (SELECT 1 FROM numbers_attempts a WHERE a.msisdn = due.msisdn)"
_ANNOUNCED: Final = (
    "EXISTS (SELECT 1 FROM numbers_releasenotice n WHERE n.tenure_id = due.tenure_id AND n.announced_at > %s)"
)


def put_off(database: Database, *, until: datetime, policy: Policy) -> int:
    """Move every release due by ``until`` that must wait, and forget the attempts of those that need not; returns how many
    were put off."""
    total, more = 0, True
    after: _Place | None = None
    while more:
        page = partial(_page, until=until, after=after, policy=policy)
        after, moved = try_again(partial(database.transact, page))
        total, more = total + moved, after is not None
    return total


def _page(rows: Store, *, until: datetime, after: _Place | None, policy: Policy) -> tuple[_Place | None, int]:
    """One page of those that may have to wait; the last one's place, None when there are no more."""
    now = clock.now()
    due = _candidates(rows, until, after, now - timedelta(days=policy.notice_before_release_days))
    attempts = _by_number(rows.some(Attempts, {"msisdn__in": [one.msisdn for one in due]}) if due else [])
    notices = rows.some(ReleaseNotice, {"tenure_id__in": [one.tenure_id for one in due]}) if due else []
    announced = {notice.tenure_id: notice for notice in notices}
    moved = 0
    for one in due:
        plan = _decided(rows, one, attempts.get(one.msisdn, []), announced.get(one.tenure_id), policy, now)
        moved += bool(plan.events)
        rows.apply(plan)
    last = (due[-1].quarantine_until, due[-1].msisdn) if len(due) == PAGE else None
    return last, moved


def _by_number(attempts: Iterable[Attempts]) -> dict[int, list[Attempts]]:
    found: dict[int, list[Attempts]] = {}
    for each in attempts:
        found.setdefault(each.msisdn, []).append(each)
    return found


def _candidates(rows: Store, until: datetime, after: _Place | None, announced_after: datetime) -> list[Quarantine]:
    """Those due by ``until``, beyond ``after`` in the order of their dates, that have attempts or a notice so fresh."""
    attempted, fresh = rows.some(Attempts, {}, limit=1), {"announced_at__gt": announced_after}
    announced = rows.some(ReleaseNotice, fresh, limit=1)
    if not attempted and not announced:
        return []
    if isinstance(rows, DatabaseStore):
        return _joined(rows, until, after, announced_after, attempted=bool(attempted), announced=bool(announced))
    numbers = {row.msisdn for row in rows.some(Attempts, {})}
    tenures = {row.tenure_id for row in rows.some(ReleaseNotice, fresh)}
    due = rows.some(Quarantine, {"quarantine_until__lte": until})
    due.sort(key=lambda one: (one.quarantine_until, one.msisdn))
    found = [one for one in due if one.msisdn in numbers or one.tenure_id in tenures]
    return [one for one in found if after is None or (one.quarantine_until, one.msisdn) > after][:PAGE]


def _joined(
    rows: DatabaseStore, until: datetime, after: _Place | None, announced_after: datetime, *, attempted: bool,
    announced: bool,
) -> list[Quarantine]:  # fmt: skip
    """The same by one statement that follows the due numbers alone."""
    conditions, values = ["due.quarantine_until <= %s"], [cast(object, until)]
    if after is not None:
        conditions.append("(due.quarantine_until, due.msisdn) > (%s, %s)")
        values += after
    conditions.append("(" + " OR ".join([_ATTEMPTED] * attempted + [_ANNOUNCED] * announced) + ")")
    values += [announced_after] * announced
    select = statements(Quarantine).select.replace(f"FROM {Quarantine.table}", f"FROM {Quarantine.table} due")
    sql = f"{select}{' AND '.join(conditions)} ORDER BY quarantine_until, msisdn LIMIT {PAGE}"
    return [load(Quarantine, raw) for raw in rows.run(sql, values).fetchall()]


def _decided(
    rows: Store, due: Quarantine, attempts: list[Attempts], notice: ReleaseNotice | None, policy: Policy, now: datetime
) -> Plan:
    """The plan that puts one release off, or that forgets its attempts because it goes."""
    zone = timezone.get_default_timezone()
    first = _first_end(rows, due) if attempts else due.quarantine_until
    loud = decide(attempts, Rest(first.astimezone(zone).date()), policy, now.astimezone(zone).date()).until
    quiet_at = _start_of(loud, zone) if loud is not None else None
    told_at = earliest(notice, policy)
    until = max((moment for moment in (quiet_at, told_at) if moment is not None and moment > now), default=None)
    if until is None:
        return Plan(tuple(Remove(Attempts, {"msisdn": each.msisdn, "day": each.day}) for each in attempts))
    if until == quiet_at:
        told = {"first": first.isoformat(), "most": policy.quiet_most_days_beyond}
        return extend(due, until=until, reason=NOT_QUIET, actor=SWEEP, now=now, data=told)
    assert notice is not None
    told = {"announced": notice.announced_at.isoformat(), "days": policy.notice_before_release_days}
    return extend(due, until=until, reason=NOTICE, actor=SWEEP, now=now, data=told)


def _start_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _first_end(rows: Store, due: Quarantine) -> datetime:
    """When the number was to be released before it was first put off for want of quiet, since its rest was last set otherwise."""
    kinds = ("number.rest_extended", "number.released_early")
    found = rows.some(Event, {"subject": "tenure", "subject_id": due.tenure_id, "kind__in": kinds}, order="id")
    if found and found[-1].reason == NOT_QUIET:
        return datetime.fromisoformat(found[-1].data["first"])
    return due.quarantine_until
