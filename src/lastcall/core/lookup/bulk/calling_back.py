"""Telling a consumer that its batch has come to its end: one CloudEvent, signed as its announcements are."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.errors import ElementTrouble
from lastcall.core.lookup.bulk.batch import Batch
from lastcall.core.lookup.bulk.changes import read
from lastcall.core.ports import Webhooks
from lastcall.core.relying import consumers
from lastcall.core.relying.tokens import issuer
from lastcall.core.store import Database
from lastcall.core.telling import signature
from lastcall.core.telling.cloudevent import CONTENT_TYPE, as_body
from lastcall.core.telling.webhook import Webhook
from lastcall.core.telling.webhooks import secrets_of

TYPE: Final = "org.lastcall.batch.finished.v1"


def call_back(database: Database, batch_id: int, *, webhooks: Webhooks) -> None:
    """Post the event; the work queue tries again later what is not taken. Raises ``ElementTrouble``.

    Signed by Standard Webhooks with the secret of the consumer's webhook, or, where it has none, with its hash key.
    """
    batch = database.transact(lambda rows: read(rows, batch_id))
    if batch.state not in {"done", "failed"} or not batch.sealed_callback:
        return
    body = as_body(as_event(batch))
    signed = signature.headers(
        event_id=f"batch.{batch.id}", body=body, at=clock.now(), secrets=_secrets(database, batch.consumer_id)
    )
    status = webhooks.post(url=batch.callback_url, body=body, headers={"content-type": CONTENT_TYPE} | signed)
    if not 200 <= status < 300:
        raise ElementTrouble(f"the receiver answered {status}", permanent=status == 410, code=f"answered_{status}")


def as_event(batch: Batch) -> dict[str, Any]:
    """The event (CloudEvents 1.0.2): what became of the batch, and no row of it. The same however often it is sent."""
    assert batch.finished_at is not None
    data: dict[str, Any] = {
        "id": str(batch.id), "state": batch.state, "rows": batch.rows, "badRows": batch.bad, "semantics": batch.semantics,
        "format": batch.format,
    }  # fmt: skip
    if batch.as_of is not None:
        data["asOf"] = _in_json(batch.as_of)
    if batch.failure:
        data["failure"] = batch.failure
    return {
        "specversion": "1.0",
        "id": f"batch.{batch.id}",
        "source": issuer(),
        "type": TYPE,
        "subject": str(batch.id),
        "time": _in_json(batch.finished_at),
        "datacontenttype": "application/json",
        "data": data,
    }


def _in_json(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _secrets(database: Database, consumer_id: int) -> list[str]:
    webhook = database.transact(lambda rows: rows.one(Webhook, {"consumer_id": consumer_id}))
    if webhook is not None:
        return secrets_of(webhook, now=clock.now())
    key = consumers.hash_key(database, consumer_id)
    return [signature.PREFIX + base64.b64encode(key).decode()]
