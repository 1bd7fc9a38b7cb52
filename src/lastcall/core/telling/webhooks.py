"""Webhooks of consumers: setting where to push, the handshake by which the receiver agrees, new secrets, and taking them away.

The handshake is that of CloudEvents' web hooks 1.0.2, section 4: OPTIONS with ``WebHook-Request-Origin``, answered with
``WebHook-Allowed-Origin``. Nothing is pushed to an address that has not agreed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from lastcall.core import clock, keyed
from lastcall.core.actor import SYSTEM
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import ElementTrouble, NotFound
from lastcall.core.job import Job
from lastcall.core.plan import Change, Insert, Plan, Remove
from lastcall.core.policies.policy import Policy
from lastcall.core.policies.present import present_policy
from lastcall.core.ports import Webhooks
from lastcall.core.provided import provided
from lastcall.core.relying.access import Access
from lastcall.core.rows import Json
from lastcall.core.store import Database, Store, transaction
from lastcall.core.telling import signature
from lastcall.core.telling.agreement import agreed
from lastcall.core.telling.cloudevent import origin
from lastcall.core.telling.lifecycle import WEBHOOK
from lastcall.core.telling.webhook import Webhook

VERIFY: Final = "webhook.verify"
REQUESTED_RATE: Final = 600
"""Deliveries a minute that we ask the receiver's leave for."""
_WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 600, 3_600, 6 * 3_600))
"""Between the handshakes that are tried before the address counts as refused."""


@dataclass(frozen=True, slots=True)
class WebhookSet:
    """``secret``: shown once, in the form of Standard Webhooks (``whsec_…``); empty when the present one stays."""

    webhook: Webhook
    secret: str


def set_url(database: Database, *, access: Access, url: str, webhooks: Webhooks | None = None) -> WebhookSet:
    """Push this consumer's announcements to ``url`` once its receiver has agreed; what waits to be sent is sent there then.

    Another address than before has a secret of its own; the same one again begins a new handshake and keeps its secret. Raises
    ``BadInput`` (``bad_address``), ``Refused`` (``no_agreement``).
    """
    (webhooks or provided(Webhooks)).check(url)
    return try_again(lambda: database.transact(lambda rows: _set(rows, access.consumer_id, url)))


def _set(rows: Store, consumer_id: int, url: str) -> WebhookSet:
    agreed(rows, consumer_id=consumer_id)
    known = rows.one(Webhook, {"consumer_id": consumer_id})
    if known is None:
        return _first(rows, consumer_id, url)
    target = WEBHOOK.move(known.state, "set_url", role=SYSTEM)
    values: dict[str, Any] = {
        "state": target, "url": url, "attempts": 0, "failures": 0, "failing_since": None, "paused_until": None,
        "alerted_at": None, "last_error": "", "allowed_rate": 0,
    }  # fmt: skip
    secret = ""
    if url != known.url:
        secret = signature.new_secret()
        values |= {"sealed_secret": _sealed(known.id, secret), "sealed_former": "", "former_until": None}
    changed = _change(rows, known, "set", values, source=known.state)
    rows.apply(Plan((_handshake(changed, clock.now()),)))
    return WebhookSet(changed, secret)


def _first(rows: Store, consumer_id: int, url: str) -> WebhookSet:
    secret, new_id, now = signature.new_secret(), clock.new_id(), clock.now()
    webhook = Webhook(
        id=new_id, consumer_id=consumer_id, url=url, state=WEBHOOK.start, sealed_secret=_sealed(new_id, secret),
        sealed_former="", since=now,
    )  # fmt: skip
    rows.apply(Plan((Insert(webhook), _handshake(webhook, now)), (_event("set", webhook, target=webhook.state),)))
    return WebhookSet(webhook, secret)


def _sealed(webhook_id: int, secret: str) -> str:
    return keyed.seal(secret, bound_to=f"telling_webhook.sealed_secret:{webhook_id}")


def secrets_of(webhook: Webhook, *, now: datetime) -> list[str]:
    """What deliveries are signed with now: the secret, and the former one while it is still good."""
    sealed = [webhook.sealed_secret]
    if webhook.former_until is not None and now < webhook.former_until:
        sealed.append(webhook.sealed_former)
    return [keyed.unseal(each, bound_to=f"telling_webhook.sealed_secret:{webhook.id}") for each in sealed]


def _handshake(webhook: Webhook, due_at: datetime) -> Insert:
    about = f"{webhook.revision}"
    return Insert(
        Job(id=clock.new_id(), kind=VERIFY, subject_id=webhook.id, about=about, state="queued", due_at=due_at)
    )


def _change(rows: Store, webhook: Webhook, act: str, values: dict[str, Any], *, source: str = "") -> Webhook:
    """The one way a webhook changes its state or secret: to the next revision, and with an event."""
    changed = replace(webhook, revision=webhook.revision + 1, **values)
    target = changed.state if source else ""
    change = Change(Webhook, {"id": webhook.id, "revision": webhook.revision}, values | {"revision": changed.revision})
    rows.apply(Plan((change,), (_event(act, changed, source=source, target=target),)))
    return changed


def _event(act: str, webhook: Webhook, *, source: str = "", target: str = "", data: Json | None = None) -> Event:
    by_us = act in {"verified", "refused", "retired"}
    return Event(
        at=clock.now(), kind=f"webhook.{act}", subject="consumer", subject_id=webhook.consumer_id,
        actor="system:worker" if by_us else f"consumer:{webhook.consumer_id}", door="system" if by_us else "api",
        source=source, target=target, reason=webhook.last_error, data=data or {},
    )  # fmt: skip


def rotate_secret(database: Database, *, access: Access, policy: Policy | None = None) -> WebhookSet:
    """A new secret. Until policy ``told.secret_overlap_hours`` have passed, deliveries are signed with both.

    Raises ``NotFound`` (``no_webhook``).
    """
    hours = (policy or present_policy()).told_secret_overlap_hours
    return try_again(lambda: database.transact(lambda rows: _rotate(rows, access.consumer_id, timedelta(hours=hours))))


def _rotate(rows: Store, consumer_id: int, overlap: timedelta) -> WebhookSet:
    webhook, secret = _of(rows, consumer_id), signature.new_secret()
    values = {
        "sealed_secret": _sealed(webhook.id, secret), "sealed_former": webhook.sealed_secret,
        "former_until": clock.now() + overlap,
    }  # fmt: skip
    return WebhookSet(_change(rows, webhook, "secret_rotated", values), secret)


def _of(rows: Store, consumer_id: int) -> Webhook:
    agreed(rows, consumer_id=consumer_id)
    webhook = rows.one(Webhook, {"consumer_id": consumer_id})
    if webhook is None:
        raise NotFound("this consumer has no webhook", code="no_webhook", remedy="Set its address first.")
    return webhook


@transaction
def look(rows: Store, *, access: Access) -> Webhook:
    """The consumer's webhook; its secrets stay sealed. Raises ``NotFound`` (``no_webhook``)."""
    return _of(rows, access.consumer_id)


@transaction
def remove(rows: Store, *, access: Access) -> None:
    """Push no more; what was not sent yet stays in the feed. Raises ``NotFound`` (``no_webhook``)."""
    webhook = _of(rows, access.consumer_id)
    keep_for_the_feed(rows, webhook.consumer_id)
    removal = Remove(Webhook, {"id": webhook.id, "revision": webhook.revision})
    rows.apply(Plan((removal,), (_event("removed", webhook, source=webhook.state),)))


def keep_for_the_feed(rows: Store, consumer_id: int) -> None:
    """All that was to be pushed and was not taken can be read from the feed alone."""
    cast(DatabaseStore, rows).run(
        "UPDATE telling_delivery SET state = 'kept', due_at = NULL, next_id = NULL, dead_at = NULL "
        "WHERE consumer_id = %s AND state IN ('waiting', 'queued', 'dead')",
        [consumer_id],
    )


def verify(database: Database, *, webhook_id: int, webhooks: Webhooks) -> None:
    """Ask the receiver whether we may push to it. Where it does not agree, ask again later, a few times; then the address counts
    as refused, until the consumer sets it again."""
    webhook = database.transact(lambda rows: rows.one(Webhook, {"id": webhook_id, "state": "unverified"}))
    if webhook is None:
        return
    error, rate = _ask(webhook, webhooks)
    database.transact(lambda rows: _noted(rows, webhook, error, rate))


def _ask(webhook: Webhook, webhooks: Webhooks) -> tuple[str, int]:
    """What kept the receiver from agreeing, empty when it agreed; and the deliveries a minute that it allows, 0 for any."""
    asking = {"webhook-request-origin": origin(), "webhook-request-rate": str(REQUESTED_RATE)}
    try:
        answered = webhooks.send("OPTIONS", url=webhook.url, body=b"", headers=asking)
    except ElementTrouble as trouble:
        return trouble.code, 0
    if answered.headers.get("webhook-allowed-origin", "").strip() not in {origin(), "*"}:
        return "not_allowed_by_receiver", 0
    rate = answered.headers.get("webhook-allowed-rate", "").strip()
    return "", int(rate) if rate.isascii() and rate.isdigit() and len(rate) < 7 else 0


def _noted(rows: Store, webhook: Webhook, error: str, rate: int) -> None:
    if not error:
        state = WEBHOOK.move(webhook.state, "verify", role=SYSTEM)
        _change(
            rows, webhook, "verified", {"state": state, "allowed_rate": rate, "last_error": ""}, source=webhook.state
        )
        return
    if webhook.attempts < len(_WAITS):
        values = {"attempts": webhook.attempts + 1, "last_error": error, "revision": webhook.revision + 1}
        again = _handshake(replace(webhook, revision=webhook.revision + 1), clock.now() + _WAITS[webhook.attempts])
        rows.apply(Plan((Change(Webhook, {"id": webhook.id, "revision": webhook.revision}, values), again)))
        return
    state = WEBHOOK.move(webhook.state, "refuse", role=SYSTEM)
    _change(rows, webhook, "refused", {"state": state, "last_error": error}, source=webhook.state)
    keep_for_the_feed(rows, webhook.consumer_id)


def retire(rows: Store, webhook: Webhook, *, error: str) -> None:
    """The receiver wants no more, or its consumer is told no more: nothing is pushed until an address is set again."""
    state = WEBHOOK.move(webhook.state, "retire", role=SYSTEM)
    _change(rows, webhook, "retired", {"state": state, "last_error": error}, source=webhook.state)
    keep_for_the_feed(rows, webhook.consumer_id)
