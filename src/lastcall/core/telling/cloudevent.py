"""An announcement as a CloudEvent (CloudEvents 1.0.2, JSON format): the same to the letter when pushed, again, or in the feed."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any, Final

from django.conf import settings

from lastcall.core.lookup.days import day_of
from lastcall.core.relying.tokens import issuer
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.delivery import Delivery
from lastcall.core.telling.kinds import KINDS, type_of

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What happened to a number",
    "type": "object",
    "properties": {
        "kind": {"enum": list(KINDS)},
        "number": {"type": "string", "description": "E.164, where the interest was registered plainly."},
        "numberHash": {"type": "string", "description": "As it was registered, where that was as a keyed hash."},
        "day": {"type": "string", "format": "date", "description": "When it happened, on the operator's clocks."},
        "notBefore": {"type": "string", "format": "date", "description": "Nobody gets the number before this day."},
        "reference": {"type": "string", "description": "The consumer's own word, given with the interest."},
    },
    "required": ["kind", "day"],
    "additionalProperties": False,
}
"""What ``data`` holds. A field may come; none goes or changes its meaning in this version of the types."""
SCHEMA_PATH: Final = "/lookup/v1/schemas/number-event.json"


def origin() -> str:
    """The name under which the handshake asks a receiver for its leave (CloudEvents web hooks, 4.1.2)."""
    return settings.LASTCALL_PUBLIC_HOST or "localhost"


def as_event(announcement: Announcement, delivery: Delivery) -> dict[str, Any]:
    """The event. ``id`` is the delivery's, the same however often it is sent; ``sequence`` the consumer's own order."""
    named = "number" if delivery.subject.startswith("+") else "numberHash"
    data = {"kind": announcement.kind, named: delivery.subject, "day": announcement.day.isoformat()}
    if announcement.due_at is not None:
        data["notBefore"] = day_of(announcement.due_at).isoformat()
    if delivery.reference:
        data["reference"] = delivery.reference
    return {
        "specversion": "1.0",
        "id": str(delivery.id),
        "source": issuer(),
        "type": type_of(announcement.kind),
        "subject": delivery.subject,
        "time": announcement.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": issuer() + SCHEMA_PATH,
        "sequence": f"{delivery.cursor:019d}",
        "data": data,
    }


def as_body(event: dict[str, Any]) -> bytes:
    """The event as it is sent and signed."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
