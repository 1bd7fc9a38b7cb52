"""Wrong tries at the sign-in, counted where a lock hits whoever guesses and not the colleague whose login is guessed.

A device on which a member signed in before is known by a sealed cookie and has a count of its own; all unknown devices share one
count per login, and one per network address. So whoever guesses from elsewhere locks unknown devices only (OWASP, "Slow Down
Online Guessing Attacks with Device Cookies"). The counts are rows: no restart forgets them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock, keyed
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.errors import Refused
from lastcall.core.plan import Change, InsertMissing, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Row, table
from lastcall.core.staff.member import Member
from lastcall.core.staff.notes import AT_THE_DESK, noted
from lastcall.core.store import Database, Store

LONGEST_LOCK: Final = timedelta(hours=24)


@table("staff", key=("bucket",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Tries(Row):
    """``bucket``: a keyed hash of what is counted, so that no login typed by a stranger is kept; ``failures`` since ``since``;
    ``locks``: how often in a row it was locked."""

    bucket: str
    failures: int
    since: datetime
    locked_until: datetime | None = None
    locks: int = 0


@dataclass(frozen=True, slots=True)
class Bucket:
    """One count. ``by``: ``device``, ``unknown_devices``, ``address``, ``second_factor``,
    ``reference``; ``most``: tries before the lock;
    ``minutes``: how long it lasts, twice as long each time when ``doubling``."""

    by: str
    key: str
    most: int
    minutes: int
    doubling: bool = False


def buckets(*, login: str, device: str, address: str, policy: Policy) -> tuple[Bucket, ...]:
    """What a password is counted under. ``device``: the mark of a known one, empty for an unknown one."""
    minutes, tries = policy.staff_sign_in_lock_minutes, policy.staff_sign_in_tries
    if device:
        return (Bucket("device", _key("device", login, device), tries, minutes),)
    return (Bucket("unknown_devices", _key("unknown", login), tries, minutes), by_address(address, policy))


def by_address(address: str, policy: Policy) -> Bucket:
    """What is counted for a network address, whatever the login."""
    return Bucket(
        "address", _key("address", address), policy.staff_sign_in_tries_per_address, policy.staff_sign_in_lock_minutes
    )


def by_member(login: str, policy: Policy) -> tuple[Bucket, ...]:
    """What is counted for a member who is signed in and types references that nobody has."""
    key = _key("reference", login)
    return (Bucket("reference", key, policy.staff_sign_in_tries, policy.staff_sign_in_lock_minutes, doubling=True),)


def second_factor(*, login: str, device: str, policy: Policy) -> tuple[Bucket, ...]:
    """What a second factor is counted under: whoever gets here knows the password, so each lock lasts twice the one before."""
    key = _key("second", login, device)
    return (Bucket("second_factor", key, policy.staff_sign_in_tries, policy.staff_sign_in_lock_minutes, doubling=True),)


def _key(*parts: str) -> str:
    return keyed.keyed_hash("staff.tries", *parts)


def begin_try(database: Database, *, counted: Iterable[Bucket], login: str) -> None:
    """Count a try before it is looked at, so that many at once are no more than one after the other.

    Raises ``Refused`` (``sign_in_locked``), in the same words for every login. The lock itself leaves one event.
    """
    kept = tuple(counted)
    locked = try_again(lambda: database.transact(lambda rows: _begin(rows, kept, login)), times=10)
    if locked:
        raise Refused("too many wrong tries", code="sign_in_locked", remedy="Wait, or ask an administrator.")


def _begin(rows: Store, counted: tuple[Bucket, ...], login: str) -> bool:
    now = clock.now()
    before = {bucket: _read(rows, bucket, now) for bucket in counted}
    standing = [bucket for bucket, tries in before.items() if _is_locked(tries, now)]
    full = [bucket for bucket in counted if bucket not in standing and before[bucket].failures >= bucket.most]
    for bucket in full:
        rows.apply(_lock(rows, bucket, before[bucket], login, now))
    if standing or full:
        return True
    for tries in before.values():
        rows.apply(Plan((_set(tries, failures=tries.failures + 1, since=tries.since),)))
    return False


def _read(rows: Store, bucket: Bucket, now: datetime) -> Tries:
    """The count as it stands, begun anew where its time is over."""
    rows.apply(Plan((InsertMissing(Tries(bucket=bucket.key, failures=0, since=now)),)))
    found = rows.one(Tries, {"bucket": bucket.key})
    assert found is not None
    fresh = _as_of(found, timedelta(minutes=bucket.minutes), now)
    if fresh != found:
        values = {"failures": 0, "since": now, "locked_until": None, "locks": fresh.locks}
        rows.apply(Plan((_set(found, **values),)))
    return fresh


def _as_of(found: Tries, window: timedelta, now: datetime) -> Tries:
    """The count ``now``: begun anew when its window or its lock is over; a day of calm forgets earlier locks."""
    if found.locked_until is None:
        stale = now - found.since >= window
        return replace(found, failures=0, since=now, locks=0) if stale else found
    if now < found.locked_until:
        return found
    locks = found.locks if now - found.locked_until < LONGEST_LOCK else 0
    return replace(found, failures=0, since=now, locked_until=None, locks=locks)


def _is_locked(tries: Tries, now: datetime) -> bool:
    return tries.locked_until is not None and now < tries.locked_until


def _lock(rows: Store, bucket: Bucket, tries: Tries, login: str, now: datetime) -> Plan:
    lasts = timedelta(minutes=bucket.minutes) * (2 ** min(tries.locks, 10) if bucket.doubling else 1)
    until = now + min(lasts, LONGEST_LOCK)
    return Plan((_set(tries, locked_until=until, locks=tries.locks + 1),), (_locked(rows, bucket, login, until, now),))


def _locked(rows: Store, bucket: Bucket, login: str, until: datetime, now: datetime) -> Event:
    member = rows.one(Member, {"login": login})
    return noted(
        "locked", member_id=member.id if member else 0, actor=AT_THE_DESK, now=now, reason=bucket.by,
        data={"until": until.isoformat(), "tries": bucket.most},
    )  # fmt: skip


def _set(tries: Tries, **values: object) -> Change:
    guard = {"bucket": tries.bucket, "failures": tries.failures, "since": tries.since, "locks": tries.locks}
    return Change(Tries, guard, values)


def succeed(database: Database, *, counted: Iterable[Bucket]) -> None:
    """The try was right: what was counted for the login is forgotten; of the address, this one try."""
    kept = tuple(counted)
    try_again(lambda: database.transact(lambda rows: _forgive(rows, kept)), times=10)


def _forgive(rows: Store, counted: tuple[Bucket, ...]) -> None:
    for bucket in counted:
        tries = rows.one(Tries, {"bucket": bucket.key})
        if tries is None:
            continue
        left = max(tries.failures - 1, 0) if bucket.by == "address" else 0
        rows.apply(Plan((_set(tries, failures=left, locks=0),)))


def fail(database: Database, *, login: str, factor: str) -> None:
    """Note that a try with ``factor`` (``password``, ``totp``, ``passkey``, ``link``, ``sso``) was wrong."""
    database.transact(lambda rows: rows.apply(Plan(events=(_failed(rows, login, factor),))))


def _failed(rows: Store, login: str, factor: str) -> Event:
    member = rows.one(Member, {"login": login})
    return noted(
        "sign_in_failed", member_id=member.id if member else 0, actor=AT_THE_DESK, now=clock.now(), reason=factor
    )


def is_fresh(rows: Store, *, login: str, counter: int) -> bool:
    """Whether a time-based code of that counter was not used before; from now on it was (RFC 6238, 5.2)."""
    bucket = _key("totp", login)
    start = clock.now()
    rows.apply(Plan((InsertMissing(Tries(bucket=bucket, failures=0, since=start)),)))
    found = rows.one(Tries, {"bucket": bucket})
    assert found is not None
    if found.failures >= counter:
        return False
    rows.apply(Plan((_set(found, failures=counter, since=start),)))
    return True
