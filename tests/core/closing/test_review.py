"""What the rules leave to a person: approved or rejected by somebody who neither opened nor verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core.actor import ADMINISTRATOR, AGENT, AUDITOR, CLERK, HOLDER, NUMBER_MANAGER, REVIEWER, SYSTEM, Actor
from lastcall.core.closing import declare, identity, review, texts
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import BadInput, NotAllowed, NotFound
from lastcall.core.subscribers.line import Line
from tests.cast import IRINA, LI_WEI_MSISDN, Cast
from tests.core.tools import change, open_alerts, refused


def referred(cast: Cast) -> Receipt:
    """Proved from afar, so a person must look."""
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "review"
    return receipt


def test_an_approval_lets_the_case_go_on(cast: Cast) -> None:
    receipt = referred(cast)
    case = review.approve(cast.base, case_id=receipt.case_id, actor=IRINA, note="called back")
    assert (case.approver, case.approved_reasons) == ("reviewer:irina", "remote_identity")
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_an_approval_covers_the_reasons_that_were_shown_and_no_later_one(cast: Cast) -> None:
    receipt = referred(cast)
    cast.approve(receipt)
    assert cast.li_wei.line is not None
    change(cast.base, Line, cast.li_wei.line.id, title_changed_at=cast.time.now())
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.results["recent_change"]["reason"]) == ("review", "recent_title_change")
    cast.approve(receipt)
    cast.work()
    assert cast.case(receipt).approved_reasons == "recent_title_change remote_identity"


def test_only_a_reviewer_decides(cast: Cast) -> None:
    receipt = referred(cast)
    for role in (CLERK, AGENT, HOLDER, NUMBER_MANAGER, AUDITOR, ADMINISTRATOR, SYSTEM):
        somebody = Actor(role, "vera", "desk")
        with refused("not_allowed", NotAllowed):
            review.approve(cast.base, case_id=receipt.case_id, actor=somebody)
        with refused("not_allowed", NotAllowed):
            review.reject(cast.base, case_id=receipt.case_id, actor=somebody, reason="suspected_fraud")


def opened_by_irina(cast: Cast) -> Receipt:
    declaring = Declaring(msisdn=LI_WEI_MSISDN, door="store", language="ru")
    irina_at_the_counter = Actor(CLERK, "irina", "store")
    receipt = declare.declare(
        cast.base, declaring=declaring, key="at the counter", policy=cast.policy, actor=irina_at_the_counter
    )
    cast.prove_remotely(receipt, cast.li_wei)
    return receipt


def verified_by_irina(cast: Cast) -> Receipt:
    receipt = cast.declare()
    kind, issuer, number = cast.li_wei.document
    irina_on_the_phone = Actor(AGENT, "irina", "hotline")
    identity.verify_document(
        cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=irina_on_the_phone
    )
    cast.prove_remotely(receipt, cast.li_wei)
    return receipt


@pytest.mark.parametrize("story", [opened_by_irina, verified_by_irina])
def test_whoever_opened_or_verified_does_not_decide(cast: Cast, story: Callable[[Cast], Receipt]) -> None:
    receipt = story(cast)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "review"
    with refused("four_eyes"):
        review.approve(cast.base, case_id=receipt.case_id, actor=IRINA)
    with refused("four_eyes"):
        review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="suspected_fraud")
    review.approve(cast.base, case_id=receipt.case_id, actor=Actor(REVIEWER, "pavel", "desk"))


def test_an_operator_may_do_with_two_eyes(cast: Cast) -> None:
    cast.policy = replace(cast.policy, review_four_eyes=False)
    receipt = opened_by_irina(cast)
    cast.keep_sim(receipt)
    cast.work()
    assert review.approve(cast.base, case_id=receipt.case_id, actor=IRINA).approver == "reviewer:irina"


def test_a_rejection_has_a_reason_with_words_and_leaves_line_and_receipt(cast: Cast) -> None:
    receipt = referred(cast)
    case = review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="not_the_holder")
    assert (case.state, case.ended_reason, case.ended_at) == ("rejected", "not_the_holder", cast.time.now())
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service
    assert cast.case(cast.declare()).line_id is not None
    assert all(str(words) for words in texts.REJECTIONS.values())


def test_a_rejection_without_a_known_reason_is_bad_input(cast: Cast) -> None:
    receipt = referred(cast)
    for reason in ("", "no luck today", "identity_missing"):
        with refused("bad_reason", BadInput):
            review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason=reason)


def test_nothing_is_decided_twice(cast: Cast) -> None:
    receipt = referred(cast)
    cast.approve(receipt)
    with refused("not_allowed", NotAllowed):
        cast.approve(receipt)
    cast.work()
    with refused("not_allowed", NotAllowed):
        review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="suspected_fraud")


def test_there_is_nothing_to_decide_before_the_checks_and_after_the_end(cast: Cast) -> None:
    fresh, closed = cast.declare(), cast.closed(cast.anna)
    for receipt in (fresh, closed):
        with refused("not_allowed", NotAllowed):
            cast.approve(receipt)
    with refused("not_found", NotFound):
        review.approve(cast.base, case_id=1, actor=IRINA)


def test_what_waits_for_the_subscriber_may_be_rejected_but_not_approved(cast: Cast) -> None:
    receipt = cast.declare()
    cast.work()
    assert cast.case(receipt).state == "waiting"
    with refused("not_allowed", NotAllowed):
        cast.approve(receipt)
    review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="identity_not_confirmed")
    assert cast.case(receipt).state == "rejected"


def test_a_review_that_nobody_takes_up_alerts_a_person_once(cast: Cast) -> None:
    receipt = referred(cast)
    cast.time.advance(timedelta(hours=cast.policy.review_deadline_hours) - timedelta(seconds=1))
    cast.work()
    assert open_alerts(cast) == []
    cast.time.advance(timedelta(seconds=1))
    cast.work()
    cast.work()
    assert open_alerts(cast) == [("review.overdue", receipt.case_id)]


def test_a_review_decided_in_time_alerts_nobody(cast: Cast) -> None:
    receipt = referred(cast)
    cast.approve(receipt)
    cast.time.advance(timedelta(days=3))
    cast.work()
    assert open_alerts(cast) == []
