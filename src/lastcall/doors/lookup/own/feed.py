"""The pull feed of events, and the events that no webhook took."""

from __future__ import annotations

import json
from typing import Final

from lastcall.core.actor import SYSTEM, Actor
from lastcall.core.database import database
from lastcall.core.errors import NotFound
from lastcall.core.relying.access import Access
from lastcall.core.telling import cloudevent, dead, feed
from lastcall.core.telling.delivery import Delivery
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.own.asker import asker
from lastcall.doors.lookup.own.paging import limit_of
from lastcall.doors.lookup.own.shapes import id_of, in_json

BATCH: Final = "application/cloudevents-batch+json"
CURSOR: Final = "x-lastcall-cursor"
MORE: Final = "x-lastcall-more"
_USUAL: Final = 100


def read(asked: Asked) -> Answer:
    """``GET /lookup/v1/events``: CloudEvents 1.0.2, JSON batch format."""
    limit = limit_of(asked, most=feed.MOST, usual=_USUAL)
    page = feed.read(database(), access=asker(asked), after=asked.query.get("after", ""), limit=limit)
    headers = (
        (CURSOR, page.cursor), (MORE, "true" if page.more else "false"),
        ("link", f'</lookup/v1/events?after={page.cursor}>; rel="next"'), ("cache-control", "no-store"),
    )  # fmt: skip
    body = json.dumps(page.events, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(200, body, BATCH, headers)


def list_dead(asked: Asked) -> Answer:
    """``GET /lookup/v1/deliveries/dead``. The event itself stands in the feed, under the same id."""
    found = dead.listed(database(), consumer_id=asker(asked).consumer_id)
    told = [
        {
            "id": str(one.id), "kind": one.kind, "deadAt": in_json(one.dead_at), "attempts": one.attempts,
            "lastError": one.error,
        }
        for one in found
    ]  # fmt: skip
    return json_answer({"deliveries": told})


def retry(asked: Asked) -> Answer:
    """``POST /lookup/v1/deliveries/{id}/retry``."""
    access, delivery_id = asker(asked), id_of(asked)
    _require_own(access, delivery_id)
    # A consumer's acts come in as the system's, under its id (core/telling/lifecycle.py).
    dead.retry(database(), delivery_id=delivery_id, actor=Actor(SYSTEM, f"consumer-{access.consumer_id}", "api"))
    return json_answer({"queued": True}, status=202)


def _require_own(access: Access, delivery_id: int) -> None:
    own = {"id": delivery_id, "consumer_id": access.consumer_id}
    if not database().transact(lambda rows: rows.count(Delivery, own)):
        raise NotFound("there is no such delivery of yours", remedy="List them: /lookup/v1/deliveries/dead.")


def schema(asked: Asked) -> Answer:
    """``GET /lookup/v1/schemas/number-event.json``: what ``data`` of an event holds."""
    return json_answer(cloudevent.SCHEMA)
