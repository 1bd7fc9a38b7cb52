"""Cases are taken by reviewers, one at a time, for a while; never by somebody who had a hand in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core.actor import ADMINISTRATOR, AGENT, AUDITOR, CLERK, REVIEWER, Actor
from lastcall.core.audit.reading import note_reading
from lastcall.core.closing import assignments, papers
from lastcall.core.closing.assignment import Assignment
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.review import approve
from lastcall.core.closing.review_queue import held_by, review_queue
from lastcall.core.errors import BadInput, Conflict, NotFound
from lastcall.core.staff.opening import Opening, open_file
from tests.cast import IRINA, ON_THE_WEB, SOMEBODY, Cast
from tests.core.closing.test_review import referred
from tests.core.tools import only, race, refused, some, winners

ROMAN = Actor(REVIEWER, "roman", "desk")
ALLA = Actor(ADMINISTRATOR, "alla", "desk")


def take(cast: Cast, receipt: Receipt, actor: Actor = IRINA) -> Assignment:
    return assignments.take(cast.base, case_id=receipt.case_id, actor=actor)


def open_for_review(cast: Cast, taken: Assignment) -> Opening:
    return open_file(
        cast.base, case_id=taken.case_id, actor=IRINA, ground="review", ground_id=taken.id, reason="review",
        policy=cast.policy,
    )  # fmt: skip


def test_a_taken_case_is_the_takers_for_as_long_as_the_policy_says(cast: Cast) -> None:
    receipt = referred(cast)
    taken = take(cast, receipt)
    assert taken.until - cast.time.now() == timedelta(minutes=cast.policy.review_assignment_minutes)
    with refused("case_taken", Conflict):
        take(cast, receipt, ROMAN)
    [held] = held_by(cast.base, login="irina")
    assert (held.assignment, held.waiting.case.id) == (taken, receipt.case_id)


def test_taking_ones_own_again_keeps_it_for_longer(cast: Cast) -> None:
    receipt = referred(cast)
    taken = take(cast, receipt)
    cast.time.advance(timedelta(minutes=30))
    again = take(cast, receipt)
    assert (again.id, again.until - taken.until) == (taken.id, timedelta(minutes=30))


def test_of_two_who_take_at_once_one_has_it(cast: Cast) -> None:
    receipt = referred(cast)
    outcomes = race(lambda: take(cast, receipt), lambda: take(cast, receipt, ROMAN))
    [won] = winners(outcomes)
    assert [row.id for row in some(cast.base, Assignment, case_id=receipt.case_id, ended_at=None)] == [won.id]


def test_when_the_time_is_over_somebody_else_takes_it(cast: Cast) -> None:
    receipt = referred(cast)
    taken = take(cast, receipt)
    opened = open_for_review(cast, taken)
    cast.time.advance(timedelta(minutes=cast.policy.review_assignment_minutes))
    assert held_by(cast.base, login="irina") == ()
    assert take(cast, receipt, ROMAN).login == "roman"
    assert only(cast.base, Assignment, id=taken.id).ending == "ran_out"
    assert only(cast.base, Opening, id=opened.id).closed_at == cast.time.now()


def test_a_case_given_back_is_anybodys_and_its_file_closes(cast: Cast) -> None:
    taken = take(cast, receipt := referred(cast))
    opened = open_for_review(cast, taken)
    with refused("not_found", NotFound):
        assignments.release(cast.base, assignment_id=taken.id, actor=ROMAN)
    assignments.release(cast.base, assignment_id=taken.id, actor=IRINA)
    assert only(cast.base, Opening, id=opened.id).closed_at is not None
    with refused("not_found", NotFound):
        assignments.release(cast.base, assignment_id=taken.id, actor=IRINA)
    assert take(cast, receipt, ROMAN).login == "roman"


def test_an_administrator_gives_anybodys_back_and_hands_it_over(cast: Cast) -> None:
    taken = take(cast, referred(cast))
    given = assignments.hand_over(cast.base, assignment_id=taken.id, to=ROMAN, reason="absence", actor=ALLA)
    assert (given.login, given.given_by) == ("roman", "administrator:alla")
    assert only(cast.base, Assignment, id=taken.id).ending == "handed_over"
    assignments.release(cast.base, assignment_id=given.id, actor=ALLA)
    assert some(cast.base, Assignment, ended_at=None) == []


def test_a_hand_over_needs_a_reason_another_and_somebody_who_had_no_hand_in_it(cast: Cast) -> None:
    receipt = referred(cast)
    sheet = papers.announce(cast.base, case_id=receipt.case_id, kinds=("statement",), actor=ON_THE_WEB)
    papers.arrived(cast.base, barcode=sheet.barcode, actor=Actor(REVIEWER, "roman", "post"))
    taken = take(cast, receipt)
    with refused("bad_reason", BadInput):
        assignments.hand_over(cast.base, assignment_id=taken.id, to=ROMAN, reason="no luck", actor=IRINA)
    with refused("same_reviewer"):
        assignments.hand_over(cast.base, assignment_id=taken.id, to=IRINA, reason="language", actor=IRINA)
    with refused("four_eyes"):
        assignments.hand_over(cast.base, assignment_id=taken.id, to=ROMAN, reason="language", actor=IRINA)
    with refused("not_a_reviewer"):
        assignments.hand_over(cast.base, assignment_id=taken.id, to=ALLA, reason="language", actor=IRINA)


def opened_it(cast: Cast, receipt: Receipt) -> None:
    plan = note_reading(case_id=receipt.case_id, actor=Actor(CLERK, "irina", "store"), reason="subscriber_present")
    cast.base.transact(lambda rows: rows.apply(plan))


def took_papers_in(cast: Cast, receipt: Receipt) -> None:
    sheet = papers.announce(cast.base, case_id=receipt.case_id, kinds=("statement",), actor=ON_THE_WEB)
    papers.arrived(cast.base, barcode=sheet.barcode, actor=Actor(REVIEWER, "irina", "post"))


def spoke_with_the_caller(cast: Cast, receipt: Receipt) -> None:
    plan = note_reading(
        case_id=receipt.case_id, actor=Actor(AGENT, "irina", "hotline"), reason="subscriber_on_the_phone"
    )
    cast.base.transact(lambda rows: rows.apply(plan))


@pytest.mark.parametrize("hand", [opened_it, took_papers_in, spoke_with_the_caller])
def test_whoever_had_a_hand_in_it_does_not_get_it(cast: Cast, hand: Callable[[Cast, Receipt], None]) -> None:
    receipt = referred(cast)
    hand(cast, receipt)
    with refused("four_eyes"):
        take(cast, receipt)
    [waiting] = review_queue(cast.base, login="irina").entries
    assert waiting.took_part
    assert not review_queue(cast.base, login="roman").entries[0].took_part
    take(cast, receipt, ROMAN)


def test_with_two_eyes_it_does_not_matter(cast: Cast) -> None:
    cast.policy = replace(cast.policy, review_four_eyes=False)
    receipt = referred(cast)
    opened_it(cast, receipt)
    assert take(cast, receipt).login == "irina"


def test_having_looked_at_or_frozen_it_as_a_reviewer_is_no_hand_in_it(cast: Cast) -> None:
    receipt = referred(cast)
    assignments.release(cast.base, assignment_id=take(cast, receipt).id, actor=IRINA)
    freeze(cast.base, case_id=receipt.case_id, actor=IRINA)
    assert take(cast, receipt).login == "irina"


def test_only_reviewers_take_and_only_what_wants_one(cast: Cast) -> None:
    receipt = referred(cast)
    for role in (CLERK, AGENT, AUDITOR, ADMINISTRATOR):
        with refused("not_a_reviewer"):
            take(cast, receipt, Actor(role, "vera", "desk"))
    approve(cast.base, case_id=receipt.case_id, actor=ROMAN)
    cast.work()
    with refused("nothing_to_review"):
        take(cast, receipt)
    with refused("not_found", NotFound):
        assignments.take(cast.base, case_id=1, actor=IRINA)


def test_the_queue_has_the_most_urgent_first_and_frozen_cases_wherever_they_stand(cast: Cast) -> None:
    early = referred(cast)
    cast.time.advance(timedelta(hours=cast.policy.review_deadline_hours))
    frozen = cast.declare(cast.anna.msisdn, language="ru")
    freeze(cast.base, case_id=frozen.case_id, actor=SOMEBODY)
    queue = review_queue(cast.base, login="irina")
    assert [(entry.case.id, entry.reasons, entry.overdue) for entry in queue.entries] == [
        (early.case_id, ("remote_identity",), True),
        (frozen.case_id, ("frozen",), False),
    ]
    assert queue.counts == {"": 2, "frozen": 1, "photo": 0}
    [only_frozen] = review_queue(cast.base, login="irina", kind="frozen").entries
    assert only_frozen.case.id == frozen.case_id


def test_every_take_and_return_is_in_the_log(cast: Cast) -> None:
    receipt = referred(cast)
    taken = take(cast, receipt)
    given = assignments.hand_over(cast.base, assignment_id=taken.id, to=ROMAN, reason="language", actor=IRINA)
    assignments.release(cast.base, assignment_id=given.id, actor=ROMAN)
    told = [kind for kind in cast.events(receipt) if kind.startswith("review.")]
    assert told == ["review.taken", "review.given_back", "review.taken", "review.given_back"]
