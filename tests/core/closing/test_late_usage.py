"""Roaming records come late: the agreement may say to wait for them, within the pack's limit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.closing.receipts import Receipt
from lastcall.core.numbers.assign import Terms
from lastcall.core.subscribers.line import Line
from tests.cast import FREE_MSISDN, Cast
from tests.core.tools import change


def roamed(cast: Cast, *, agreed_days: int, days_ago: int) -> Receipt:
    """Sergei's post-paid line, abroad some days ago; he stands in the shop with document and card."""
    line = cast.give_line(cast.sergei, FREE_MSISDN, terms=Terms(plan="postpaid", late_usage_hold_days=agreed_days))
    cast.time.advance(timedelta(days=100))
    change(cast.base, Line, line.id, last_roamed_at=cast.time.now() - timedelta(days=days_ago))
    receipt = cast.declare(FREE_MSISDN, door="store")
    cast.prove_in_person(receipt, cast.sergei)
    cast.hand_in_sim(receipt, cast.sergei)
    cast.work()
    return receipt


@pytest.mark.parametrize(("agreed", "ago", "wait"), [(45, 5, 40), (99, 5, 55), (45, 45, 0), (0, 0, 0)])
def test_it_waits_what_was_agreed_and_never_longer_than_the_pack_allows(
    cast: Cast, agreed: int, ago: int, wait: int
) -> None:
    began = cast.time.now() + timedelta(days=100)
    receipt = roamed(cast, agreed_days=agreed, days_ago=ago)
    case = cast.case(receipt)
    assert case.hold_until == began + timedelta(days=wait)
    assert case.state == ("on_hold" if wait else "closed")


def test_a_charge_that_comes_in_the_meantime_is_on_the_final_bill(cast: Cast) -> None:
    receipt = roamed(cast, agreed_days=20, days_ago=5)
    assert cast.sergei.line is not None
    cast.time.advance(timedelta(days=10))
    cast.elements.billing.charge(
        cast.sergei.line.id, amount=5_000, service_time=cast.time.now() - timedelta(days=15), memo="abroad", key="tap"
    )
    cast.time.advance(timedelta(days=5))
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.final_bill["refund"]) == ("closed", 30_050)
