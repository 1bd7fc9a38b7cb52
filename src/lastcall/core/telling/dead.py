"""Deliveries that no endpoint took in time: listed, tried once more, or left to the feed by a person's decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import NotFound
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.plan import Change, Plan, Write
from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Store, transaction
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.delivery import DEAD, Delivery
from lastcall.core.telling.lifecycle import DELIVERY
from lastcall.core.telling.sending import next_queued, time_for
from lastcall.core.telling.spread import begin_sending
from lastcall.core.telling.webhook import Webhook

MOST: Final = 500


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """``number``: masked; ``behind``: whether others of the same number wait behind it; ``error``: of the last try."""

    id: int
    consumer: str
    kind: str
    number: str
    made_at: datetime
    dead_at: datetime
    attempts: int
    error: str
    behind: bool


@transaction
def listed(rows: Store, *, consumer_id: int | None = None, limit: int = MOST) -> tuple[DeadDelivery, ...]:
    """What waits for a person, the oldest first."""
    where: dict[str, object] = {"state": DEAD} | ({} if consumer_id is None else {"consumer_id": consumer_id})
    found = rows.some(Delivery, where, order="dead_at", limit=limit)
    if not found:
        return ()
    ids = sorted({one.announcement_id for one in found})
    kinds = {one.id: one.kind for one in rows.some(Announcement, {"id__in": ids})}
    names = {one.id: one.name for one in rows.some(Consumer, {"id__in": sorted({one.consumer_id for one in found})})}
    return tuple(_shown(one, names[one.consumer_id], kinds[one.announcement_id]) for one in found)


def _shown(one: Delivery, consumer: str, kind: str) -> DeadDelivery:
    assert one.dead_at is not None
    return DeadDelivery(
        id=one.id, consumer=consumer, kind=kind, number=mask_msisdn(one.msisdn), made_at=one.made_at, dead_at=one.dead_at,
        attempts=one.attempts, error=one.last_error, behind=one.next_id is not None,
    )  # fmt: skip


@transaction
def count(rows: Store) -> int:
    """How many wait for a person."""
    return rows.count(Delivery, {"state": DEAD})


@transaction
def retry(rows: Store, *, delivery_id: int, actor: Actor) -> None:
    """Push it again, for as long as the first time. Raises ``NotFound``, ``NotAllowed``."""
    delivery, now = _dead(rows, delivery_id), clock.now()
    values = {
        "state": DELIVERY.move(delivery.state, "retry", role=actor.role), "attempts": 0, "queued_at": now, "due_at": now,
        "give_up_at": now + time_for(delivery), "dead_at": None,
    }  # fmt: skip
    writes: list[Write] = [Change(Delivery, {"id": delivery.id, "state": DEAD, "dead_at": delivery.dead_at}, values)]
    webhook = rows.one(Webhook, {"consumer_id": delivery.consumer_id, "state": "active"})
    if webhook is not None:
        writes.append(begin_sending(webhook.id, now))
    rows.apply(Plan(tuple(writes), (_event("retried", delivery, actor, str(values["state"])),)))


@transaction
def skip(rows: Store, *, delivery_id: int, actor: Actor) -> None:
    """Push it no more: it stays in the feed, and what waits behind it comes to its turn. Raises ``NotFound``, ``NotAllowed``."""
    rows.apply(left_to_the_feed(rows, _dead(rows, delivery_id), actor=actor))


def left_to_the_feed(rows: Store, delivery: Delivery, *, actor: Actor) -> Plan:
    """The plan that pushes a dead delivery no more."""
    state = DELIVERY.move(delivery.state, "skip", role=actor.role)
    guard = {"id": delivery.id, "state": DEAD, "next_id": delivery.next_id}
    change = Change(Delivery, guard, {"state": state, "dead_at": None, "next_id": None})
    return Plan((change, *next_queued(rows, delivery)), (_event("skipped", delivery, actor, state),))


def _dead(rows: Store, delivery_id: int) -> Delivery:
    delivery = rows.one(Delivery, {"id": delivery_id, "state": DEAD})
    if delivery is None:
        raise NotFound("no such delivery waits for a person", remedy="List them with 'lastcall told dead'.")
    return delivery


def _event(act: str, delivery: Delivery, actor: Actor, target: str) -> Event:
    return Event(
        at=clock.now(), kind=f"delivery.{act}", subject="delivery", subject_id=delivery.id, actor=str(actor),
        door=actor.door, source=DEAD, target=target, data={"consumer": delivery.consumer_id},
    )  # fmt: skip
