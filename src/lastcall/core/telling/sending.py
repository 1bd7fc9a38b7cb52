"""Pushing: one turn for one endpoint, one delivery after the other in the consumer's order, and what became of each.

At least once: a worker that is killed after the receiver took a delivery sends it again, with the same id. In order for each
number: what comes later waits until the earlier was taken or a person decided about it; other numbers go on meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from lastcall.core import clock
from lastcall.core.actor import SYSTEM
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import ElementTrouble
from lastcall.core.job import Alert
from lastcall.core.plan import Change, Insert, Plan, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Webhooks
from lastcall.core.store import Database, Store
from lastcall.core.telling import schedule, signature
from lastcall.core.telling.agreement import told_consumers
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.cloudevent import CONTENT_TYPE, as_body, as_event, origin
from lastcall.core.telling.delivery import QUEUED, WAITING, Delivery
from lastcall.core.telling.lifecycle import DELIVERY
from lastcall.core.telling.spread import begin_sending
from lastcall.core.telling.webhook import Webhook
from lastcall.core.telling.webhooks import retire, secrets_of

MOST_A_TURN: Final = 500
TURN: Final = timedelta(seconds=60)
"""Well within the lease of a job, even with one more request that takes all the time it may."""
ALERT: Final = "telling.endpoint_dead"
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class _Due:
    webhook: Webhook
    delivery: Delivery
    announcement: Announcement


@dataclass(frozen=True, slots=True)
class _Outcome:
    """``error``: empty when the receiver took it; ``silent``: it gave no answer at all."""

    error: str = ""
    status: int = 0
    silent: bool = False
    asked_for: timedelta | None = None


def send(database: Database, *, webhook_id: int, webhooks: Webhooks, policy: Policy) -> None:
    """Push what is due to one endpoint, until nothing is, it is to be left alone, or the turn is over."""
    ends, count = clock.now() + TURN, 0
    for _ in range(MOST_A_TURN):
        due = database.transact(lambda rows: _next_due(rows, webhook_id))
        if due is None:
            break
        outcome = _push(due, webhooks)
        count += not outcome.error
        go_on = try_again(lambda d=due, o=outcome: database.transact(lambda rows: _note(rows, d, o, policy)), times=10)  # type: ignore[misc]
        if not go_on or clock.now() >= ends or _rate_is_used(database, due.webhook, count):
            break


def _next_due(rows: Store, webhook_id: int) -> _Due | None:
    webhook, now = rows.one(Webhook, {"id": webhook_id, "state": "active"}), clock.now()
    if webhook is None or (webhook.paused_until is not None and now < webhook.paused_until):
        return None
    if webhook.consumer_id not in told_consumers(rows, [webhook.consumer_id]):
        retire(rows, webhook, error="not_told_any_more")
        return None
    where = {"consumer_id": webhook.consumer_id, "state": QUEUED, "due_at__lte": now}
    found = rows.some(Delivery, where, order="cursor", limit=1)
    if not found:
        return None
    announcement = rows.one(Announcement, {"id": found[0].announcement_id})
    assert announcement is not None
    return _Due(webhook, found[0], announcement)


def _push(due: _Due, webhooks: Webhooks) -> _Outcome:
    now, body = clock.now(), as_body(as_event(due.announcement, due.delivery))
    signed = signature.headers(
        event_id=str(due.delivery.id), body=body, at=now, secrets=secrets_of(due.webhook, now=now)
    )
    headers = {"content-type": CONTENT_TYPE, "webhook-request-origin": origin()} | signed
    try:
        answered = webhooks.send("POST", url=due.webhook.url, body=body, headers=headers)
    except ElementTrouble as trouble:
        return _Outcome(trouble.code, silent=trouble.code != "redirected")
    if 200 <= answered.status < 300:
        return _Outcome(status=answered.status)
    asked_for = schedule.retry_after(answered.headers.get("retry-after", ""), now=now)
    return _Outcome(f"answered_{answered.status}", answered.status, asked_for=asked_for)


def _note(rows: Store, due: _Due, outcome: _Outcome, policy: Policy) -> bool:
    """What became of it; returns whether the endpoint may get the next one now."""
    delivery = rows.one(Delivery, {"id": due.delivery.id, "state": QUEUED})
    webhook = rows.one(Webhook, {"id": due.webhook.id, "state": "active"})
    if delivery is None or webhook is None:
        return False  # another worker was quicker, or the webhook was taken away meanwhile
    if not outcome.error:
        rows.apply(taken(rows, delivery) + _recovered(rows, webhook))
        return True
    if outcome.status == _GONE:
        retire(rows, webhook, error=outcome.error)
        rows.apply(_alarm(webhook, "the receiver answers 410: it wants no more"))
        return False
    return _failed(rows, webhook, delivery, outcome, policy)


def taken(rows: Store, delivery: Delivery) -> Plan:
    """The plan that notes that the receiver has it, and lets the one behind it go."""
    now = clock.now()
    values = {
        "state": DELIVERY.move(delivery.state, "take", role=SYSTEM), "due_at": None, "last_error": "", "next_id": None,
        "attempts": delivery.attempts + 1, "told_at": delivery.told_at or now,
    }  # fmt: skip
    # Guarded by who waits behind it: somebody may have come to wait a moment ago.
    guard = {"id": delivery.id, "state": delivery.state, "next_id": delivery.next_id}
    return Plan((Change(Delivery, guard, values), *next_queued(rows, delivery)))


def next_queued(rows: Store, delivery: Delivery) -> list[Write]:
    """The one that waits behind this delivery comes to its turn, with as much time as any."""
    following = rows.one(Delivery, {"id": delivery.next_id, "state": WAITING}) if delivery.next_id else None
    if following is None:
        return []
    now = clock.now()
    give_up_at = now + time_for(delivery)
    values = {
        "state": DELIVERY.move(WAITING, "queue", role=SYSTEM),
        "queued_at": now,
        "due_at": now,
        "give_up_at": give_up_at,
    }
    return [Change(Delivery, {"id": following.id, "state": WAITING}, values)]


def time_for(delivery: Delivery) -> timedelta:
    """How long is tried to deliver: policy ``told.retry_days`` as it was when this delivery was queued."""
    assert delivery.give_up_at is not None
    return delivery.give_up_at - (delivery.queued_at or delivery.made_at)


def _recovered(rows: Store, webhook: Webhook) -> Plan:
    """The endpoint is well: what was put off because it was not is due now, and its alert is settled."""
    if webhook.failing_since is None:
        return Plan()
    now = clock.now()
    if webhook.paused_until is not None:
        cast(DatabaseStore, rows).run(
            "UPDATE telling_delivery SET due_at = %s WHERE consumer_id = %s AND state = 'queued' AND due_at > %s",
            [now, webhook.consumer_id, now],
        )
    values: dict[str, Any] = {
        "failures": 0, "failing_since": None, "paused_until": None, "alerted_at": None, "last_error": "",
        "revision": webhook.revision + 1,
    }  # fmt: skip
    settled: list[Write] = [
        Change(Alert, {"id": alert.id, "resolved_at": None}, {"resolved_at": now, "resolved_by": "system:worker"})
        for alert in rows.some(Alert, {"code": ALERT, "subject_id": webhook.consumer_id, "resolved_at": None})
    ]
    return Plan((Change(Webhook, {"id": webhook.id, "revision": webhook.revision}, values), *settled))


def _failed(rows: Store, webhook: Webhook, delivery: Delivery, outcome: _Outcome, policy: Policy) -> bool:
    now, failures = clock.now(), webhook.failures + 1
    rows.apply(_again_or_dead(delivery, outcome.error, now))
    pause = schedule.pause(failures=failures, silent=outcome.silent, asked_for=outcome.asked_for)
    if pause is not None:
        _give_up_late(rows, webhook, outcome.error)
    since = webhook.failing_since or now
    alarming = webhook.alerted_at is None and now - since >= timedelta(hours=policy.told_alert_hours)
    values: dict[str, Any] = {
        "failures": failures, "failing_since": since, "last_error": outcome.error, "revision": webhook.revision + 1,
        "paused_until": webhook.paused_until if pause is None else now + pause,
    }  # fmt: skip
    if alarming:
        values["alerted_at"] = now
        rows.apply(_alarm(webhook, f"nothing was taken for {policy.told_alert_hours} h or more: {outcome.error}"))
    rows.apply(Plan((Change(Webhook, {"id": webhook.id, "revision": webhook.revision}, values),)))
    return pause is None


def _give_up_late(rows: Store, webhook: Webhook, error: str) -> None:
    """What the endpoint has kept too long goes with the one that was just tried in vain: to try each would take for ever. Nothing
    is given up for a time in which nobody tried."""
    late = {"consumer_id": webhook.consumer_id, "state": QUEUED, "give_up_at__lte": clock.now()}
    for delivery in rows.some(Delivery, late, order="cursor", limit=MOST_A_TURN):
        rows.apply(given_up(delivery, error, attempts=delivery.attempts))


def _again_or_dead(delivery: Delivery, error: str, now: datetime) -> Plan:
    attempts = delivery.attempts + 1
    assert delivery.give_up_at is not None
    due = schedule.next_try(attempts=attempts, give_up_at=delivery.give_up_at, now=now, spread=delivery.id)
    if due is None:
        return given_up(delivery, error, attempts=attempts)
    values = {"attempts": attempts, "due_at": due, "last_error": error}
    return Plan((Change(Delivery, {"id": delivery.id, "state": QUEUED}, values),))


def given_up(delivery: Delivery, error: str, *, attempts: int) -> Plan:
    """A person must decide about this delivery; what is of the same number waits behind it."""
    now, state = clock.now(), DELIVERY.move(delivery.state, "give_up", role=SYSTEM)
    values = {"state": state, "due_at": None, "dead_at": now, "last_error": error, "attempts": attempts}
    event = Event(
        at=now, kind="delivery.dead", subject="delivery", subject_id=delivery.id, actor="system:worker", door="system",
        source=QUEUED, target=state, reason=error, data={"consumer": delivery.consumer_id, "attempts": attempts},
    )  # fmt: skip
    return Plan((Change(Delivery, {"id": delivery.id, "state": QUEUED}, values),), (event,))


def _alarm(webhook: Webhook, detail: str) -> Plan:
    now = clock.now()
    row = Alert(id=clock.new_id(), at=now, code=ALERT, subject_id=webhook.consumer_id, job_id=0, detail=detail)
    event = Event(
        at=now, kind="work.alerted", subject="consumer", subject_id=webhook.consumer_id, actor="system:worker",
        door="system", reason=ALERT, data={"detail": detail},
    )  # fmt: skip
    return Plan((Insert(row),), (event,))


def _rate_is_used(database: Database, webhook: Webhook, count: int) -> bool:
    """Whether the receiver has had as many as it allowed for a minute; then it is left alone for one."""
    if webhook.allowed_rate == 0 or count < webhook.allowed_rate:
        return False
    until = clock.now() + timedelta(minutes=1)

    def rest(rows: Store) -> None:
        now = rows.one(Webhook, {"id": webhook.id})
        if now is not None:
            guard = {"id": now.id, "revision": now.revision}
            rows.apply(Plan((Change(Webhook, guard, {"paused_until": until, "revision": now.revision + 1}),)))

    try_again(lambda: database.transact(rest))
    return True


def wake(database: Database) -> int:
    """See to it that there is a job for every endpoint to which something is due; returns how many endpoints. To be called again
    and again."""
    active = database.transact(lambda rows: rows.some(Webhook, {"state": "active"}))
    return sum(try_again(lambda one=one: database.transact(lambda rows: _wake(rows, one))) for one in active)  # type: ignore[misc]


def _wake(rows: Store, webhook: Webhook) -> bool:
    now = clock.now()
    if webhook.paused_until is not None and now < webhook.paused_until:
        return False
    due = rows.some(Delivery, {"consumer_id": webhook.consumer_id, "state": QUEUED, "due_at__lte": now}, limit=1)
    if due:
        rows.apply(Plan((begin_sending(webhook.id, now),)))
    return bool(due)
