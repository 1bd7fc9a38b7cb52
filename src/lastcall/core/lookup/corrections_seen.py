"""Corrections, for those who may have heard otherwise: who asked about the number meanwhile, or was told of its closing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.lookup.days import day_of
from lastcall.core.numbers.correction_row import Correction
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.relying.asked import HASHED
from lastcall.core.relying.asked_number import Asked
from lastcall.core.relying.hashing import number_hash
from lastcall.core.rows import Json
from lastcall.core.store import Store
from lastcall.core.telling.closed import Closed, Fetched
from lastcall.core.telling.delivery import Delivery

_SETTLED: Final = timedelta(seconds=10)
"""So old a correction is when it is told: whoever read up to a moment has then missed none that was being written."""
_TOGETHER: Final = 500
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_CURSOR: Final = re.compile("[0-9a-f]{1,13}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A correction that one consumer is told of: the number as the consumer knows it, ``number`` or ``numberHash``."""

    named: Json
    corrected_at: datetime

    def as_json(self) -> Json:
        """The correction as JSON tells it: that no closing happened, and when that was said."""
        return self.named | {"correction": "not_disconnected", "correctedAt": f"{self.corrected_at:%Y-%m-%dT%H:%M:%SZ}"}


@dataclass(frozen=True, slots=True)
class Page:
    """``cursor``: to be given next time; ``whole``: nothing more is there now."""

    seen: tuple[Seen, ...]
    cursor: str
    whole: bool


def read(rows: Store, *, consumer_id: int, hash_key: bytes, after: str, limit: int) -> Page:
    """The corrections after the cursor ``after`` (empty: from the beginning), oldest first, about ``limit`` of them.

    Only those of numbers that this consumer asked about between the closing and its correction, or was told of.
    Raises ``BadInput`` (``bad_cursor``).
    """
    moment, seen = _read_cursor(after), list[Seen]()
    while True:
        found = _next(rows, moment)
        # A page ends between two moments, never within one: the next begins after its last.
        for moment, together in groupby(found, key=_moment):
            for correction in together:
                if named := _named(rows, correction, consumer_id, hash_key):
                    seen.append(Seen(named, moment))
            if len(seen) >= limit:
                return Page(tuple(seen), _cursor(moment), whole=False)
        if len(found) < _TOGETHER:
            return Page(tuple(seen), _cursor(seen[-1].corrected_at) if seen else after, whole=True)


def _next(rows: Store, moment: datetime) -> list[Correction]:
    where = {"at__gt": moment, "at__lte": clock.now() - _SETTLED}
    return rows.some(Correction, where, order="at", limit=_TOGETHER)


def _moment(correction: Correction) -> datetime:
    assert correction.at is not None
    return correction.at


def _cursor(moment: datetime) -> str:
    return f"{(moment - _EPOCH) // _MICROSECOND:x}"


def _read_cursor(text: str) -> datetime:
    if not text:
        return _EPOCH
    if not _CURSOR.fullmatch(text):
        raise BadInput("this is no cursor of this feed", code="bad_cursor", remedy="Give the one of the last page.")
    return _EPOCH + int(text, 16) * _MICROSECOND


def _named(rows: Store, correction: Correction, consumer_id: int, hash_key: bytes) -> Json:
    """The number as this consumer knows it; empty when it never heard of the closing."""
    tenure = rows.one(Tenure, {"id": correction.tenure_id})
    assert tenure is not None and tenure.until is not None
    since, until = day_of(tenure.until), day_of(_moment(correction))
    days = {"consumer_id": consumer_id, "msisdn": tenure.msisdn, "day__gte": since, "day__lte": until}
    asked = rows.some(Asked, days)
    if any(not each.reading.endswith(HASHED) for each in asked) or _in_a_daily_file(rows, tenure, consumer_id):
        return {"number": f"+{tenure.msisdn}"}
    told = rows.some(Delivery, {"consumer_id": consumer_id, "msisdn": tenure.msisdn, "told_at__gte": tenure.until})
    if any(each.subject.startswith("+") for each in told):
        return {"number": f"+{tenure.msisdn}"}
    return {"numberHash": number_hash(hash_key, tenure.msisdn)} if asked or told else {}


def _in_a_daily_file(rows: Store, tenure: Tenure, consumer_id: int) -> bool:
    closed = rows.some(Closed, {"msisdn": tenure.msisdn, "kind": "ceased"})
    files = [each.file_day for each in closed]
    return bool(files) and rows.count(Fetched, {"consumer_id": consumer_id, "day__in": files}) > 0
