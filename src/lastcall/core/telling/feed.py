"""The feed: what was announced to a consumer, in the order of its commits, from where the consumer has read to.

Nothing is skipped: a consumer's events have numbers without a gap, given in one transaction with the events themselves.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lastcall.core import clock, keyed
from lastcall.core.closing.changes import try_again
from lastcall.core.errors import BadInput, Refused
from lastcall.core.plan import Change, Plan
from lastcall.core.relying.access import Access
from lastcall.core.store import Database, Store
from lastcall.core.telling.agreement import agreed
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.cloudevent import as_event
from lastcall.core.telling.delivery import Delivery, Reader

MOST: Final = 500
_OCTETS: Final = 8
_FROM_THE_START: Final = "Read from the start: give no cursor. Events of which you have had the id are no news."


@dataclass(frozen=True, slots=True)
class Page:
    """``events``: CloudEvents, the oldest first; ``cursor``: what to read on after; ``more``: whether there is more already."""

    events: tuple[dict[str, Any], ...]
    cursor: str
    more: bool


def read(database: Database, *, access: Access, after: str = "", limit: int = 100) -> Page:
    """What comes after the cursor ``after`` (empty: from the oldest that is kept), at most ``limit`` (1 to :data:`MOST`).

    Raises ``BadInput`` (``bad_cursor``, ``bad_limit``), ``Refused`` (``no_agreement``; ``cursor_too_old``: what came after it is
    kept no longer; ``cursor_ahead``: it is of a later time than this installation was restored to).
    """
    if not 1 <= limit <= MOST:
        raise BadInput(f"{limit} events at once", code="bad_limit", remedy=f"Ask for 1 to {MOST}.")
    place = _place(access.consumer_id, after) if after else None
    return try_again(lambda: database.transact(lambda rows: _read(rows, access.consumer_id, place, limit)))


def _read(rows: Store, consumer_id: int, place: int | None, limit: int) -> Page:
    agreed(rows, consumer_id=consumer_id)
    reader = rows.one(Reader, {"consumer_id": consumer_id}) or Reader(consumer_id=consumer_id)
    place = reader.oldest - 1 if place is None else place
    _check(place, reader)
    where = {"consumer_id": consumer_id, "cursor__gt": place}
    found = rows.some(Delivery, where, order="cursor", limit=limit)
    _note_told(rows, found)
    ids = sorted({one.announcement_id for one in found})
    announcements = {one.id: one for one in rows.some(Announcement, {"id__in": ids})} if ids else {}
    last = found[-1].cursor if found else place
    events = tuple(as_event(announcements[one.announcement_id], one) for one in found)
    return Page(events, _cursor(consumer_id, last), last < reader.last)


def _check(place: int, reader: Reader) -> None:
    if place < reader.oldest - 1:
        raise Refused(
            "some of what came after this cursor is kept no longer", code="cursor_too_old", remedy=_FROM_THE_START
        )
    if place > reader.last:
        raise Refused("this cursor is of a time that is not known here", code="cursor_ahead", remedy=_FROM_THE_START)


def _note_told(rows: Store, found: Sequence[Delivery]) -> None:
    now = clock.now()
    writes = [Change(Delivery, {"id": one.id}, {"told_at": now}) for one in found if one.told_at is None]
    if writes:
        rows.apply(Plan(tuple(writes)))


def _cursor(consumer_id: int, place: int) -> str:
    """A word that means something only here and to this consumer."""
    proof = keyed.keyed_hash("telling.cursor", str(consumer_id), str(place))
    octets = place.to_bytes(_OCTETS, "big") + bytes.fromhex(proof)[:_OCTETS]
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def _place(consumer_id: int, cursor: str) -> int:
    try:
        octets = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        octets = b""
    place = int.from_bytes(octets[:_OCTETS], "big")
    if not keyed.same(cursor, _cursor(consumer_id, place)):
        raise BadInput("this is no cursor of yours", code="bad_cursor", remedy="Give the cursor that came with a page.")
    return place
