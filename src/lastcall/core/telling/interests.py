"""Interests: registering, withdrawing and counting them. What comes back never tells whether a number is ours or held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import shape
from lastcall.core.closing.changes import try_again
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import BadInput, Refused
from lastcall.core.numbers import notice
from lastcall.core.numbers.msisdn import parse_msisdn
from lastcall.core.plan import Change, Insert, Plan, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.policies.present import present_policy
from lastcall.core.relying import consumers
from lastcall.core.relying.access import Access
from lastcall.core.store import Database, Store, transaction
from lastcall.core.telling import matching
from lastcall.core.telling.agreement import agreed
from lastcall.core.telling.delivery import Reader
from lastcall.core.telling.interest import HashKey, Interest
from lastcall.core.telling.sweep_watch import alarm_of

MOST_AT_ONCE: Final = 10_000
_TOGETHER: Final = 500
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_REFERENCE: Final = re.compile(r"[\x20-\x7e]{0,64}")


@dataclass(frozen=True, slots=True)
class RefusedNumber:
    """``place``: of the number among those given, from 0; ``code``: why it cannot be read."""

    place: int
    code: str


@dataclass(frozen=True, slots=True)
class Registered:
    """``count``: how many numbers the consumer now has an interest in; ``new``: how many of these came now."""

    count: int
    new: int
    refused: tuple[RefusedNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """``plain`` and ``hashed``: open interests; ``under_former_keys``: those of the hashed ones made with a key that is no longer
    the consumer's: they hold, and should be registered anew; ``most``: how many are allowed."""

    count: int
    plain: int
    hashed: int
    under_former_keys: int
    most: int


def register(
    database: Database, *, access: Access, numbers: Sequence[str], hashed: bool, reference: str = "",
    policy: Policy | None = None,
) -> Registered:  # fmt: skip
    """From now on the consumer is told what happens to ``numbers``; one that it has an interest in already stays as it is.

    ``numbers``: at most :data:`MOST_AT_ONCE`, as E.164, or 64 hexadecimal digits each when ``hashed`` (HMAC-SHA256 under the
    consumer's present key). Raises ``Refused`` (``no_agreement``, ``too_many_interests``: policy ``told.interests_max``; nothing is
    registered then), ``BadInput`` (``too_many_numbers``, ``bad_reference``).
    """
    _check(numbers, reference)
    read, policy = _read(numbers, hashed=hashed), policy or present_policy()
    # Asked for before the transaction: it opens one of its own.
    secret = consumers.hash_key(database, access.consumer_id) if hashed else None
    return try_again(
        lambda: database.transact(lambda rows: _register(rows, access, read, secret, reference, policy)), times=5
    )


def _check(numbers: Sequence[str], reference: str) -> None:
    if len(numbers) > MOST_AT_ONCE:
        raise BadInput(
            f"{len(numbers)} numbers at once", code="too_many_numbers", remedy=f"Send at most {MOST_AT_ONCE} at a time."
        )
    if not _REFERENCE.fullmatch(reference) or shape(reference) == "full number":
        raise BadInput(
            "this reference cannot be kept", code="bad_reference",
            remedy="Give at most 64 plain characters, and no phone number in clear.",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """``keys``: what each number is known by, each once; ``msisdns``: the numbers, where they came plainly."""

    keys: tuple[str, ...]
    msisdns: tuple[int, ...]
    refused: tuple[RefusedNumber, ...]


def _read(numbers: Iterable[str], *, hashed: bool) -> _Read:
    msisdns, hashes, refused = dict[int, None](), dict[str, None](), list[RefusedNumber]()
    for place, text in enumerate(numbers):
        try:
            if hashed:
                hashes[_hash(text)] = None
            else:
                msisdns[parse_msisdn(text)] = None
        except BadInput as trouble:
            refused.append(RefusedNumber(place, trouble.code))
    keys = tuple(hashes) if hashed else tuple(matching.plain_key(msisdn) for msisdn in msisdns)
    return _Read(keys, tuple(msisdns), tuple(refused))


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        raise BadInput(
            "this is no keyed hash", code="malformed_hash", remedy="Give 64 hexadecimal digits in lower case."
        )
    return text


def _register(
    rows: Store, access: Access, read: _Read, secret: bytes | None, reference: str, policy: Policy
) -> Registered:
    agreed(rows, consumer_id=access.consumer_id)
    reader, most = _reader(rows, access.consumer_id), policy.told_interests_max
    known = {one.number_key for one in _open_ones(rows, access.consumer_id, read.keys)}
    fresh = [key for key in read.keys if key not in known]
    if reader.interests + len(fresh) > most:
        raise Refused(
            f"{len(fresh)} more would be over the {most} that are allowed", code="too_many_interests",
            remedy="Withdraw some, or ask the operator for more.",
        )  # fmt: skip
    if fresh:
        plan, interests = _beginning(rows, reader, fresh, secret, reference)
        rows.apply(plan + alarm_of(rows, consumer_id=reader.consumer_id, msisdns=read.msisdns, policy=policy))
        notice.look_again(rows, wanted=True)  # one of them may be near its release already
        cast(DatabaseStore, rows).insert_all(interests, Interest)
    return Registered(reader.interests + len(fresh), len(fresh), read.refused)


def _reader(rows: Store, consumer_id: int) -> Reader:
    found = rows.one(Reader, {"consumer_id": consumer_id})
    if found is None:
        found = Reader(consumer_id=consumer_id)
        rows.apply(Plan((Insert(found),)))
    return found


def _beginning(
    rows: Store, reader: Reader, keys: list[str], secret: bytes | None, reference: str
) -> tuple[Plan, list[Interest]]:
    now, writes = clock.now(), list[Write]()
    key_id = None
    if secret is not None:
        key, missing = _hash_key(rows, reader.consumer_id, secret)
        key_id = key.id
        writes += missing
    fresh = [
        Interest(
            id=clock.new_id(), consumer_id=reader.consumer_id, number_key=each, hashed=secret is not None,
            hash_key_id=key_id, since=now, reference=reference,
        )
        for each in keys
    ]  # fmt: skip
    guard = {"consumer_id": reader.consumer_id, "interests": reader.interests}
    writes.append(Change(Reader, guard, {"interests": reader.interests + len(keys)}))
    event = _event("registered", reader.consumer_id, len(keys), hashed=secret is not None)
    return Plan(tuple(writes), (event,)), fresh


def _hash_key(rows: Store, consumer_id: int, secret: bytes) -> tuple[HashKey, list[Write]]:
    mark = matching.mark_of(secret)
    known = rows.one(HashKey, {"consumer_id": consumer_id, "mark": mark})
    if known is not None:
        return known, []
    sealed = matching.sealed(secret, consumer_id=consumer_id, mark=mark)
    made = HashKey(id=clock.new_id(), consumer_id=consumer_id, mark=mark, sealed_key=sealed, since=clock.now())
    return made, [Insert(made)]


def _open_ones(rows: Store, consumer_id: int, keys: Sequence[str]) -> list[Interest]:
    found: list[Interest] = []
    for at in range(0, len(keys), _TOGETHER):
        where = {"consumer_id": consumer_id, "number_key__in": keys[at : at + _TOGETHER], "ended_at": None}
        found += rows.some(Interest, where)
    return found


def _event(act: str, consumer_id: int, count: int, *, hashed: bool) -> Event:
    return Event(
        at=clock.now(), kind=f"interest.{act}", subject="consumer", subject_id=consumer_id,
        actor=f"consumer:{consumer_id}", door="api", data={"numbers": count, "hashed": hashed},
    )  # fmt: skip


def withdraw(database: Database, *, access: Access, numbers: Sequence[str], hashed: bool) -> Registered:
    """The consumer is told no more of ``numbers``; those it had no interest in change nothing. What was announced before stays
    in the feed. Raises ``BadInput`` (``too_many_numbers``)."""
    _check(numbers, "")
    read = _read(numbers, hashed=hashed)

    def ending(rows: Store) -> Registered:
        found = _open_ones(rows, access.consumer_id, read.keys)
        return Registered(_end(rows, access.consumer_id, found, hashed=hashed), 0, read.refused)

    return try_again(lambda: database.transact(ending), times=5)


def withdraw_former(database: Database, *, access: Access) -> int:
    """End the interests that were hashed under keys that are no longer the consumer's, once it has registered them anew; at most
    :data:`MOST_AT_ONCE`. Returns how many."""
    present = matching.mark_of(consumers.hash_key(database, access.consumer_id))

    def ending(rows: Store) -> int:
        former = [key.id for key in rows.some(HashKey, {"consumer_id": access.consumer_id}) if key.mark != present]
        where = {"consumer_id": access.consumer_id, "hash_key_id__in": former, "ended_at": None}
        found = rows.some(Interest, where, order="id", limit=MOST_AT_ONCE)
        _end(rows, access.consumer_id, found, hashed=True)
        return len(found)

    return try_again(lambda: database.transact(ending), times=5)


def end_all(rows: Store, consumer_id: int, *, most: int = MOST_AT_ONCE) -> int:
    """End the interests of a consumer whose time is over; returns how many."""
    found = rows.some(Interest, {"consumer_id": consumer_id, "ended_at": None}, order="id", limit=most)
    _end(rows, consumer_id, found, hashed=False)
    return len(found)


def _end(rows: Store, consumer_id: int, found: Sequence[Interest], *, hashed: bool) -> int:
    reader = _reader(rows, consumer_id)
    if not found:
        return reader.interests
    now, left = clock.now(), reader.interests - len(found)
    writes: list[Write] = [Change(Interest, {"id": one.id, "ended_at": None}, {"ended_at": now}) for one in found]
    writes.append(Change(Reader, {"consumer_id": consumer_id, "interests": reader.interests}, {"interests": left}))
    rows.apply(Plan(tuple(writes), (_event("withdrawn", consumer_id, len(found), hashed=hashed),)))
    return left


def listed(database: Database, *, access: Access, policy: Policy | None = None) -> Listed:
    """How many interests the consumer has; which ones they are is kept in a form that cannot be read back."""
    most = (policy or present_policy()).told_interests_max
    present = matching.mark_of(consumers.hash_key(database, access.consumer_id))
    return database.transact(lambda rows: _listed(rows, access.consumer_id, present, most))


def _listed(rows: Store, consumer_id: int, present: str, most: int) -> Listed:
    agreed(rows, consumer_id=consumer_id)
    count = _reader(rows, consumer_id).interests
    by_key = {
        key.mark: rows.count(Interest, {"consumer_id": consumer_id, "hash_key_id": key.id, "ended_at": None})
        for key in rows.some(HashKey, {"consumer_id": consumer_id})
    }
    hashed = sum(by_key.values())
    return Listed(count, count - hashed, hashed, hashed - by_key.get(present, 0), most)


@transaction
def wanted(rows: Store, *, msisdns: Sequence[int]) -> set[int]:
    """Those of the numbers in which somebody who is told has an interest."""
    return set(matching.interests_in(rows, msisdns))
