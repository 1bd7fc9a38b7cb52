"""A reviewer decides the case they have, as they saw it, with coded reasons; every decision ends their having it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lastcall.core.actor import REVIEWER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import assignments, decisions, evidence, papers
from lastcall.core.closing.asking_holder import contacts_to_ask
from lastcall.core.closing.assignment import Assignment
from lastcall.core.closing.case import Case
from lastcall.core.closing.declare import Declaring, declare
from lastcall.core.closing.dossier import dossier
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.identity import verify_document
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.scan import Scan
from lastcall.core.closing.story import tell_story
from lastcall.core.errors import BadInput, Conflict, NotAllowed
from lastcall.core.subscribers.file import put_contact_on_file
from lastcall.core.subscribers.inputs import Contacted
from tests.cast import (
    FREE_MSISDN,
    IRINA,
    LI_WEI_MSISDN,
    OLGA,
    ON_THE_WEB,
    SERGEIS_PASSPORT,
    SOMEBODY,
    Cast,
)
from tests.core.closing.reader import BLURRED_PAGE, LI_WEIS_PAGE, reading
from tests.core.closing.test_photos import give, given
from tests.core.closing.test_review import referred
from tests.core.tools import notices, only, refused, some

ROMAN = Actor(REVIEWER, "roman", "desk")


def taken(cast: Cast, receipt: Receipt, actor: Actor = IRINA) -> Case:
    """The case, taken."""
    assignments.take(cast.base, case_id=receipt.case_id, actor=actor)
    return cast.case(receipt)


def blurred(cast: Cast) -> Receipt:
    """A photo was given that nobody could read for certain."""
    reader = reading(cast)
    reader.page = BLURRED_PAGE
    receipt = given(cast, reader)
    assert cast.case(receipt).photo == "unclear"
    return receipt


def happened(cast: Cast, receipt: Receipt) -> list[str]:
    return [told.code for told in tell_story(cast.base, case=cast.case(receipt)).happened]


def test_an_approval_goes_on_to_the_hold_and_ends_the_assignment(cast: Cast) -> None:
    receipt = referred(cast)
    case = taken(cast, receipt)
    decisions.approve(cast.base, case_id=case.id, revision=case.revision, note="called_back", actor=IRINA)
    cast.work()
    assert cast.case(receipt).state == "on_hold"
    assert only(cast.base, Assignment, case_id=case.id).ending == "decided"


Decide = Callable[[Cast, Case, Actor], object]
DECIDE: dict[str, Decide] = {
    "approve": lambda cast, case, by: decisions.approve(cast.base, case_id=case.id, revision=case.revision, actor=by),
    "reject": lambda cast, case, by: decisions.reject(
        cast.base, case_id=case.id, revision=case.revision, reason="suspected_fraud", actor=by
    ),
    "ask": lambda cast, case, by: decisions.ask(
        cast.base, case_id=case.id, revision=case.revision, request="in_person", actor=by
    ),
    "judge": lambda cast, case, by: decisions.judge_photo(
        cast.base, case_id=case.id, revision=case.revision, judgement="agrees", actor=by
    ),
    "unfreeze": lambda cast, case, by: decisions.unfreeze(
        cast.base, case_id=case.id, revision=case.revision, how="called_back", actor=by
    ),
}


@pytest.mark.parametrize("decide", DECIDE.values(), ids=DECIDE.keys())
def test_nobody_decides_what_they_do_not_have_or_have_not_seen_as_it_is(cast: Cast, decide: Decide) -> None:
    receipt = blurred(cast)
    untaken = cast.case(receipt)
    with refused("not_assigned"):
        decide(cast, untaken, IRINA)
    case = taken(cast, receipt)
    with refused("not_assigned"):
        decide(cast, case, ROMAN)
    evidence.choose_refund(cast.base, case_id=case.id, method="bank_account", actor=ON_THE_WEB)
    with refused("stale_page", Conflict):
        decide(cast, case, IRINA)
    cast.time.advance(timedelta(minutes=cast.policy.review_assignment_minutes))
    with refused("not_assigned"):
        decide(cast, cast.case(receipt), IRINA)


@pytest.mark.parametrize("decide", DECIDE.values(), ids=DECIDE.keys())
def test_who_took_part_after_taking_it_does_not_decide(cast: Cast, decide: Decide) -> None:
    receipt = blurred(cast)
    taken(cast, receipt)
    sheet = papers.announce(cast.base, case_id=receipt.case_id, kinds=("statement",), actor=ON_THE_WEB)
    papers.arrived(cast.base, barcode=sheet.barcode, actor=Actor(REVIEWER, "irina", "post"))
    with refused("four_eyes"):
        decide(cast, cast.case(receipt), IRINA)


def test_a_rejection_is_told_in_the_subscribers_language_to_contacts_of_before(cast: Cast) -> None:
    receipt = referred(cast)
    case = taken(cast, receipt)
    decisions.reject(cast.base, case_id=case.id, revision=case.revision, reason="not_the_holder", actor=IRINA)
    assert cast.case(receipt).ended_reason == "not_the_holder"
    told = [template for template, _contact in notices(cast, case.id)]
    assert set(told) == {"rejected"}
    cast.work()
    assert cast.case(receipt).state == "rejected"
    with refused("not_assigned"):
        decisions.reject(cast.base, case_id=case.id, revision=case.revision, reason="not_the_holder", actor=IRINA)


UNKNOWN: dict[str, Decide] = {
    "bad_reason": lambda cast, case, by: decisions.reject(
        cast.base, case_id=case.id, revision=case.revision, reason="I do not like it", actor=by
    ),
    "bad_request": lambda cast, case, by: decisions.ask(
        cast.base, case_id=case.id, revision=case.revision, request="a bribe", actor=by
    ),
    "bad_note": lambda cast, case, by: decisions.approve(
        cast.base, case_id=case.id, revision=case.revision, note="he called me himself", actor=by
    ),
    "bad_judgement": lambda cast, case, by: decisions.judge_photo(
        cast.base, case_id=case.id, revision=case.revision, judgement="nice", actor=by
    ),
    "bad_way": lambda cast, case, by: decisions.unfreeze(
        cast.base, case_id=case.id, revision=case.revision, how="guessed", actor=by
    ),
}


def test_codes_that_nobody_knows_are_bad_input(cast: Cast) -> None:
    case = taken(cast, referred(cast))
    for code, decide in UNKNOWN.items():
        with refused(code, BadInput):
            decide(cast, case, IRINA)


def test_what_was_asked_is_waited_for_and_brings_the_case_back(cast: Cast) -> None:
    receipt = referred(cast)
    case = taken(cast, receipt)
    decisions.ask(cast.base, case_id=case.id, revision=case.revision, request="signature", actor=IRINA)
    cast.work()
    waiting = cast.case(receipt)
    assert (waiting.state, waiting.results["asked"]["reason"], waiting.awaiting_papers) == (
        "waiting", "asked_signature", True,
    )  # fmt: skip
    assert ("asked", cast.li_wei.mail.id) in notices(cast, case.id)
    assert "asked" in happened(cast, receipt)
    evidence.sign(cast.base, case_id=case.id, actor=OLGA)
    cast.work()
    assert cast.case(receipt).state == "review"


def test_whoever_is_asked_late_still_has_the_days_to_answer(cast: Cast) -> None:
    receipt = referred(cast)
    cast.time.advance(timedelta(days=cast.policy.termination_lapse_days, hours=1))
    case = taken(cast, receipt)
    decisions.ask(cast.base, case_id=case.id, revision=case.revision, request="in_person", actor=IRINA)
    cast.work()
    assert cast.case(receipt).lapse_at == cast.time.now() + timedelta(days=cast.policy.review_answer_days)
    cast.time.advance(timedelta(days=cast.policy.review_answer_days))
    cast.work()
    assert cast.case(receipt).state == "lapsed"


def test_coming_in_person_answers_and_needs_no_reviewer_any_more(cast: Cast) -> None:
    receipt = referred(cast)
    case = taken(cast, receipt)
    decisions.ask(cast.base, case_id=case.id, revision=case.revision, request="in_person", actor=IRINA)
    cast.work()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_only_what_can_be_given_is_asked_for(cast: Cast) -> None:
    case = taken(cast, referred(cast))
    with refused("not_to_be_asked"):
        decisions.ask(cast.base, case_id=case.id, revision=case.revision, request="papers", actor=IRINA)
    possible = cast.base.transact(lambda rows: decisions.requests_open_to(rows, case))
    assert possible == ("photo", "in_person", "signature")


def test_a_photo_that_a_person_says_agrees_counts_as_matched(cast: Cast) -> None:
    receipt = blurred(cast)
    case = taken(cast, receipt)
    with refused("judge_photo_first"):
        decisions.approve(cast.base, case_id=case.id, revision=case.revision, actor=IRINA)
    decisions.judge_photo(cast.base, case_id=case.id, revision=case.revision, judgement="agrees", actor=IRINA)
    cast.work()
    decided = cast.case(receipt)
    assert (decided.state, decided.photo, decided.photo_ok_at) == ("on_hold", "matched", cast.time.now())
    cast.time.advance(timedelta(hours=cast.policy.retention_photo_appeal_hours))
    cast.work()
    assert only(cast.base, Scan, case_id=case.id).destroyed_at is not None


def test_a_photo_that_a_person_says_differs_leads_to_the_shop(cast: Cast) -> None:
    receipt = blurred(cast)
    case = taken(cast, receipt)
    decisions.judge_photo(cast.base, case_id=case.id, revision=case.revision, judgement="differs", actor=IRINA)
    cast.work()
    assert cast.case(receipt).results["identity"]["reason"] == "photo_differs"
    assert happened(cast, receipt).count("photo_differs") == 1


def test_for_one_that_cannot_be_read_another_is_asked_and_taken(cast: Cast) -> None:
    receipt = blurred(cast)
    case = taken(cast, receipt)
    decisions.judge_photo(cast.base, case_id=case.id, revision=case.revision, judgement="unreadable", actor=IRINA)
    cast.work()
    assert cast.case(receipt).results["asked"]["reason"] == "asked_photo"
    reader = reading(cast)
    reader.page = LI_WEIS_PAGE
    give(cast, receipt, reader)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_after_the_last_photo_a_visit_is_asked_for(cast: Cast) -> None:
    receipt = blurred(cast)
    for _ in range(cast.policy.identity_photo_tries - 1):
        reader = reading(cast)
        reader.page = BLURRED_PAGE
        give(cast, receipt, reader)
        cast.work()
    case = taken(cast, receipt)
    decisions.judge_photo(cast.base, case_id=case.id, revision=case.revision, judgement="unreadable", actor=IRINA)
    cast.work()
    assert cast.case(receipt).asked == "in_person"


def test_asking_for_something_else_leaves_the_photo_to_be_judged(cast: Cast) -> None:
    receipt = blurred(cast)
    case = taken(cast, receipt)
    decisions.ask(cast.base, case_id=case.id, revision=case.revision, request="signature", actor=IRINA)
    cast.work()
    cast.time.advance(timedelta(hours=cast.policy.retention_photo_appeal_hours, days=1))
    evidence.sign(cast.base, case_id=case.id, actor=OLGA)
    cast.work()
    back = taken(cast, receipt)
    assert only(cast.base, Scan, case_id=case.id).destroyed_at is None
    with refused("judge_photo_first"):
        decisions.approve(cast.base, case_id=case.id, revision=back.revision, actor=IRINA)


def test_without_a_photo_there_is_none_to_judge(cast: Cast) -> None:
    case = taken(cast, referred(cast))
    with refused("no_photo_to_judge"):
        decisions.judge_photo(cast.base, case_id=case.id, revision=case.revision, judgement="agrees", actor=IRINA)


def test_a_freeze_is_lifted_with_how_the_holder_was_asked_and_then_decided(cast: Cast) -> None:
    receipt = referred(cast)
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    case = taken(cast, receipt)
    with refused("frozen"):
        decisions.approve(cast.base, case_id=case.id, revision=case.revision, actor=IRINA)
    with refused("frozen"):
        decisions.ask(cast.base, case_id=case.id, revision=case.revision, request="in_person", actor=IRINA)
    lifted = decisions.unfreeze(cast.base, case_id=case.id, revision=case.revision, how="called_back", actor=IRINA)
    [event] = some(cast.base, Event, case_id=case.id, kind="case.unfreeze")
    assert event.reason == "called_back"
    decisions.approve(cast.base, case_id=case.id, revision=lifted.revision, actor=IRINA)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_nothing_is_decided_in_a_case_that_has_moved_on(cast: Cast) -> None:
    receipt = cast.declare()
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    cast.work()
    case = taken(cast, receipt)
    lifted = decisions.unfreeze(cast.base, case_id=case.id, revision=case.revision, how="by_mail", actor=IRINA)
    assert lifted.state == "waiting"
    with refused("not_assigned"):
        decisions.approve(cast.base, case_id=case.id, revision=lifted.revision, actor=IRINA)
    with refused("nothing_to_review"):
        taken(cast, receipt)


def test_a_reviewer_takes_papers_in_but_proves_nobody(cast: Cast) -> None:
    receipt = cast.declare(door="hotline")
    evidence.sign(cast.base, case_id=receipt.case_id, actor=ROMAN)
    assert cast.case(receipt).signed_at == cast.time.now()
    assert "signed" in [told.code for told in dossier(cast.base, case_id=receipt.case_id).story.happened]
    with refused("not_allowed", NotAllowed):
        evidence.choose_refund(cast.base, case_id=receipt.case_id, method="bank_account", actor=ROMAN)


def test_the_file_compares_and_shows_no_number_name_or_document(cast: Cast) -> None:
    receipt = referred(cast)
    found = dossier(cast.base, case_id=receipt.case_id)
    sides = {side.what: side for side in found.sides}
    assert sides["document"].outcome == "agrees"
    assert sides["document"].on_file == ("foreign_passport CN 5678",)
    assert (sides["declarant"].on_file[0], sides["original"].outcome) == ("L. W.", "not_given")
    shown = repr(found.sides) + repr(found.contacts) + found.number
    for secret in ("79000001001", "E12345678", "Wei", "李伟", "example.org"):
        assert secret not in shown


def test_what_was_not_given_or_is_wrong_shows_as_such(cast: Cast) -> None:
    declaring = Declaring(
        msisdn=LI_WEI_MSISDN, door="portal", language="en", contact=Contacted("mail", "somebody@example.org")
    )
    receipt = declare(cast.base, declaring=declaring, key="with a contact", policy=cast.policy, actor=ON_THE_WEB)
    kind, issuer, number = SERGEIS_PASSPORT
    verify_document(cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=ON_THE_WEB)
    sides = {side.what: side.outcome for side in dossier(cast.base, case_id=receipt.case_id).sides}
    assert sides == {
        "number": "agrees", "declarant": "unclear", "document": "differs", "code": "not_given", "original": "not_given",
        "photo": "not_given", "sim": "not_given", "signature": "not_given", "contact": "differs", "language": "differs",
    }  # fmt: skip


def test_a_number_that_is_no_line_of_ours_has_one_side(cast: Cast) -> None:
    found = dossier(cast.base, case_id=cast.declare(FREE_MSISDN).case_id)
    assert [(side.what, side.outcome) for side in found.sides] == [("number", "unclear")]
    assert found.contacts == ()


def test_where_to_ask_the_holder_is_shown_to_whoever_has_the_frozen_case_and_noted(cast: Cast) -> None:
    receipt = referred(cast)
    case = taken(cast, receipt)
    with refused("not_frozen"):
        contacts_to_ask(cast.base, case_id=case.id, actor=IRINA)
    freeze(cast.base, case_id=case.id, actor=SOMEBODY)
    with refused("not_assigned"):
        contacts_to_ask(cast.base, case_id=case.id, actor=ROMAN)
    put_contact_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="mail", address="thief@example.org", actor=OLGA
    )
    shown = contacts_to_ask(cast.base, case_id=case.id, actor=IRINA)
    assert {contact.address for contact in shown} == {"li@example.org", f"+{LI_WEI_MSISDN}"}
    assert "review.contacts_shown" in cast.events(receipt)
