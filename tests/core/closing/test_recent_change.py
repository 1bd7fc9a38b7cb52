"""A SIM, contact or title that changed shortly before: a person looks, and the wait is longer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.closing.receipts import Receipt
from lastcall.core.subscribers.file import put_contact_on_file
from lastcall.core.subscribers.line import Line
from tests.cast import OLGA, Cast
from tests.core.tools import change

WEEK = timedelta(days=7)


def handed_in(cast: Cast) -> Receipt:
    """In the shop with document and card, where otherwise there is no wait."""
    receipt = cast.declare(door="store")
    cast.prove_in_person(receipt, cast.li_wei)
    cast.hand_in_sim(receipt, cast.li_wei)
    cast.work()
    return receipt


def new_contact(cast: Cast) -> None:
    put_contact_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="mail", address="new@example.org", actor=OLGA
    )


@pytest.mark.parametrize(("column", "reason"), [("sim_since", "sim"), ("title_changed_at", "title")])
def test_a_change_in_the_week_before_is_looked_at_and_waited_for(cast: Cast, column: str, reason: str) -> None:
    assert cast.li_wei.line is not None
    changed = cast.time.now() - timedelta(days=2)
    change(cast.base, Line, cast.li_wei.line.id, **{column: changed})
    receipt = handed_in(cast)
    case = cast.case(receipt)
    assert (case.state, case.results["recent_change"]["reason"]) == ("review", f"recent_{reason}_change")
    cast.approve(receipt)
    cast.work()
    assert cast.case(receipt).hold_until == changed + WEEK


def test_a_new_contact_is_a_change_too(cast: Cast) -> None:
    new_contact(cast)
    receipt = handed_in(cast)
    assert cast.case(receipt).results["recent_change"]["reason"] == "recent_contact_change"
    cast.approve(receipt)
    cast.work()
    assert cast.case(receipt).hold_until == cast.time.now() + WEEK


def test_a_change_a_week_ago_is_no_matter(cast: Cast) -> None:
    new_contact(cast)
    cast.time.advance(WEEK)
    assert cast.case(handed_in(cast)).state == "closed"


def test_a_change_during_the_hold_sends_it_to_a_person_and_makes_it_longer(cast: Cast) -> None:
    receipt = cast.on_hold()
    cast.time.advance(timedelta(hours=23))
    new_contact(cast)
    changed = cast.time.now()
    cast.time.advance(timedelta(hours=1))
    cast.work()
    assert cast.case(receipt).state == "review"
    cast.approve(receipt)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.hold_until) == ("on_hold", changed + WEEK)
    cast.time.advance(WEEK)
    cast.work()
    assert cast.case(receipt).state == "closed"
