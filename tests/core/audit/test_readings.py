"""Who on the staff looked: written with every reading, told without a name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.audit.reading import Reading, note_reading, readings
from lastcall.core.errors import BadInput
from lastcall.core.plan import Plan
from tests.cast import IRINA, OLGA, Cast


def look(cast: Cast, plan: Plan) -> None:
    cast.base.transact(lambda rows: rows.apply(plan))


def test_each_reading_is_told_newest_first_and_without_a_name(cast: Cast) -> None:
    receipt, other = cast.declare(), cast.declare(cast.anna.msisdn)
    for actor, reason in ((OLGA, "subscriber_present"), (IRINA, "review")):
        look(cast, note_reading(case_id=receipt.case_id, actor=actor, reason=reason))
        cast.time.advance(timedelta(minutes=5))
    told = cast.base.transact(lambda rows: readings(rows, case_id=receipt.case_id))
    now = cast.time.now()
    assert told == (
        Reading(now - timedelta(minutes=5), "reviewer", "review"),
        Reading(now - timedelta(minutes=10), "clerk", "subscriber_present"),
    )
    assert cast.base.transact(lambda rows: readings(rows, case_id=other.case_id)) == ()


def test_a_reading_without_a_known_reason_is_refused(cast: Cast) -> None:
    with pytest.raises(BadInput) as trouble:
        note_reading(case_id=cast.declare().case_id, actor=OLGA, reason="curiosity")
    assert trouble.value.code == "bad_reason"
