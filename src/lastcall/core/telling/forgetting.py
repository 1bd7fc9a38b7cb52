"""Deleting what is held about announcements when its time is over (policy ``told.retention_days``)."""

from __future__ import annotations

from datetime import datetime, timedelta

from lastcall.core import clock
from lastcall.core.actor import WORKER
from lastcall.core.plan import Change, Plan, Remove, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Store, transaction
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.dead import left_to_the_feed
from lastcall.core.telling.delivery import DEAD, UNDONE, Delivery, Reader
from lastcall.core.telling.interest import HashKey, Interest
from lastcall.core.telling.interests import end_all


@transaction
def forget(rows: Store, *, policy: Policy, most: int = 500) -> int:
    """Delete the oldest that is due; returns how many rows. To be called again and again.

    A feed loses its beginning only: where one delivery is still to be pushed, those after it are kept with it. One that waits
    for a person so long waits no longer.
    """
    until = clock.now() - timedelta(days=policy.told_retention_days)
    for delivery in rows.some(Delivery, {"state": DEAD, "dead_at__lte": until}, order="dead_at", limit=most):
        rows.apply(left_to_the_feed(rows, delivery, actor=WORKER))
    for reader in rows.some(Reader, {"interests__gt": 0}):
        if rows.one(Consumer, {"id": reader.consumer_id, "ended_at": None}) is None:
            end_all(rows, reader.consumer_id, most=most)
    writes = [*_deliveries(rows, until, most), *_ended(rows, until, most)]
    if writes:
        rows.apply(Plan(tuple(writes)))
    return len(writes) + _announcements(rows, until, most) + _keys(rows)


def _deliveries(rows: Store, until: datetime, most: int) -> list[Write]:
    writes: list[Write] = []
    for reader in rows.some(Reader, {"last__gt": 0}):
        where = {"consumer_id": reader.consumer_id, "cursor__gte": reader.oldest}
        oldest = reader.oldest
        first = rows.some(Delivery, where, order="cursor", limit=1)
        if not first or not _is_over(first[0], until):
            continue
        for delivery in rows.some(Delivery, where, order="cursor", limit=most):
            if not _is_over(delivery, until):
                break
            writes.append(Remove(Delivery, {"id": delivery.id}))
            oldest = delivery.cursor + 1
        if oldest != reader.oldest:
            writes.append(
                Change(Reader, {"consumer_id": reader.consumer_id, "oldest": reader.oldest}, {"oldest": oldest})
            )
    return writes


def _is_over(delivery: Delivery, until: datetime) -> bool:
    return delivery.made_at <= until and delivery.state not in UNDONE


def _ended(rows: Store, until: datetime, most: int) -> list[Write]:
    found = rows.some(Interest, {"ended_at__lte": until}, order="ended_at", limit=most)
    return [Remove(Interest, {"id": one.id}) for one in found]


def _announcements(rows: Store, until: datetime, most: int) -> int:
    """Those that nobody has any more."""
    found = rows.some(Announcement, {"at__lte": until}, order="at", limit=most)
    ids = [one.id for one in found]
    held = {one.announcement_id for one in rows.some(Delivery, {"announcement_id__in": ids})} if ids else set()
    over = [one for one in ids if one not in held]
    rows.apply(Plan(tuple(Remove(Announcement, {"id": one}) for one in over)))
    return len(over)


def _keys(rows: Store) -> int:
    """Former keys under which no interest is left, open or ended."""
    found = rows.some(HashKey, {})
    over = [key for key in found if not rows.some(Interest, {"hash_key_id": key.id}, limit=1)]
    rows.apply(Plan(tuple(Remove(HashKey, {"id": key.id}) for key in over)))
    return len(over)
