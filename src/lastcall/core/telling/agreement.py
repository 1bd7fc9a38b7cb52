"""Who may be told: a consumer with the agreement to be, whose time is not over, and nothing real for a sandbox."""

from __future__ import annotations

from collections.abc import Iterable

from lastcall.core.errors import NotFound, Refused
from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Store


def agreed(rows: Store, *, consumer_id: int) -> Consumer:
    """The consumer. Raises ``NotFound``; ``Refused`` (``no_agreement``) when being told was not agreed with it."""
    consumer = rows.one(Consumer, {"id": consumer_id, "ended_at": None})
    if consumer is None:
        raise NotFound("no such consumer", remedy="Use the credentials that the operator gave you.")
    if not consumer.told:
        raise Refused(
            "it was not agreed with this consumer that it is told",
            code="no_agreement",
            remedy="Ask the operator for it.",
        )
    return consumer


def told_consumers(rows: Store, ids: Iterable[int]) -> dict[int, Consumer]:
    """Those of ``ids`` that are told what really happens."""
    found = rows.some(Consumer, {"id__in": sorted(set(ids)), "told": True, "sandbox": False, "ended_at": None})
    return {consumer.id: consumer for consumer in found}
