"""Corrections: closings that were reported wrongly, told to those who may have heard of them, each signed."""

from __future__ import annotations

from typing import Final

from lastcall.core.database import database
from lastcall.core.lookup import corrections_seen, signed
from lastcall.core.lookup.corrections_seen import Page
from lastcall.core.relying import consumers
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.own.asker import asker
from lastcall.doors.lookup.own.paging import limit_of

MOST: Final = 100


def read(asked: Asked) -> Answer:
    """``GET /lookup/v1/corrections``."""
    access, limit = asker(asked), limit_of(asked, most=MOST)
    key = consumers.hash_key(database(), access.consumer_id)
    page: Page = database().transact(
        lambda rows: corrections_seen.read(
            rows, consumer_id=access.consumer_id, hash_key=key, after=asked.query.get("after", ""), limit=limit
        )
    )
    told = [one.as_json() for one in page.seen]
    with_evidence = [
        one | {"evidence": signed.sign(database(), one, kind=signed.CORRECTION, access=access)} for one in told
    ]
    return json_answer({"corrections": with_evidence, "cursor": page.cursor, "more": not page.whole})
