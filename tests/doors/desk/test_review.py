"""Review at the desk: the queue, taking, deciding; and what is refused to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lastcall.core.actor import AGENT, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import assignments, evidence
from lastcall.core.closing.assignment import Assignment
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.identity import verify_document
from lastcall.core.closing.review_queue import Held, held_by
from lastcall.core.staff.opening import Opening
from tests.cast import ON_THE_WEB, PASSPORT, SOMEBODY
from tests.core.tools import only, some
from tests.doors.desk.pictures_of_documents import with_unclear_photo
from tests.doors.desk.samples.review import referred, with_irina
from tests.doors.desk.staffed import Staffed
from tests.doors.portal.scenes import open_case

LI_WEI = ("79000001001", "Wei", "李伟", "12345678")


def url(name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=args)


def read(browser: Client, address: str, status: int = 200) -> str:
    """The page as text."""
    answer = browser.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def refusals(staffed: Staffed) -> list[tuple[str, str]]:
    """(who, why) of everything that was refused to staff."""
    return [(event.actor, event.reason) for event in some(staffed.base, Event, kind="staff.refused")]


def decide(staffed: Staffed, taken: Assignment, decision: str, choice: str, *, login: str = "irina") -> str:
    """Post a decision for the case as it is now; where it leads, or the page."""
    case = next(held.waiting.case for held in _held(staffed, login) if held.assignment.id == taken.id)
    answer = staffed.at_desk(login).post(
        url(f"review_{decision}", taken.id), {"revision": case.revision, "choice": choice}
    )
    return str(answer.headers.get("Location") or answer.content.decode())


def _held(staffed: Staffed, login: str) -> tuple[Held, ...]:
    return held_by(staffed.base, login=login)


def test_the_queue_tells_why_and_until_when_and_of_nobody_who(staffed: Staffed) -> None:
    referred(staffed)
    shown = read(staffed.at_desk("irina"), url("review_queue"))
    assert "Identity was proved from afar" in shown and "简体中文" in shown and "+7 900 ***-**-01" in shown
    assert not any(secret in shown for secret in LI_WEI)
    staffed.cast.time.advance(timedelta(hours=staffed.cast.policy.review_deadline_hours))
    assert "Overdue" in read(staffed.at_desk("irina"), url("review_queue"))


def test_taking_it_opens_the_file_and_the_subscriber_sees_that(staffed: Staffed) -> None:
    receipt = referred(staffed)
    irina = staffed.at_desk("irina")
    answer = irina.post(url("review_take", receipt.case_id), follow=True)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "L. W." in shown and "··5678" in shown
    assert not any(secret in shown for secret in LI_WEI)
    opening = only(staffed.base, Opening, case_id=receipt.case_id)
    assert (opening.login, opening.ground, opening.reason) == ("irina", "review", "review")
    irina.get(url("review_case", opening.ground_id))
    assert staffed.cast.events(receipt).count("case.read") == 1


def test_nobody_looks_without_having_it(staffed: Staffed) -> None:
    taken = with_irina(staffed)
    read(staffed.at_desk("roman"), url("review_case", taken.id), 404)
    read(staffed.at_desk("timur"), url("review_case", taken.id), 403)
    assert ("agent:timur", "no_right") in refusals(staffed)
    staffed.cast.time.advance(timedelta(minutes=staffed.cast.policy.review_assignment_minutes))
    read(staffed.at_desk("irina"), url("review_case", taken.id), 404)


def test_ones_own_case_is_refused_and_that_is_on_record(staffed: Staffed) -> None:
    cast = staffed.cast
    receipt = cast.declare()
    kind, issuer, number = PASSPORT
    irina_on_the_phone = Actor(AGENT, "irina", "hotline")
    verify_document(
        cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=irina_on_the_phone
    )
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    irina = staffed.at_desk("irina")
    assert "You had a hand in it" in read(irina, url("review_queue"))
    assert irina.post(url("review_take", receipt.case_id)).status_code == 403
    assert refusals(staffed) == [("reviewer:irina", "four_eyes")]
    assert some(staffed.base, Assignment) == [] and some(staffed.base, Opening) == []


def test_an_approval_is_for_what_was_shown(staffed: Staffed) -> None:
    cast = staffed.cast
    taken = with_irina(staffed)
    irina = staffed.at_desk("irina")
    before = only(cast.base, Assignment, id=taken.id)
    [case] = [held.waiting.case for held in _held(staffed, "irina")]
    evidence.choose_refund(cast.base, case_id=taken.case_id, method="bank_account", actor=ON_THE_WEB)
    stale = irina.post(url("review_approve", taken.id), {"revision": case.revision, "choice": ""})
    assert "The case has changed since this page was shown" in stale.content.decode()
    assert only(cast.base, Assignment, id=taken.id) == before
    assert decide(staffed, taken, "approve", "called_back") == url("review_queue")
    cast.work()
    assert only(cast.base, Assignment, id=taken.id).ending == "decided"
    [event] = some(cast.base, Event, case_id=taken.case_id, kind="case.approve")
    assert (event.reason, event.actor) == ("called_back", "reviewer:irina")
    read(irina, url("review_case", taken.id), 404)


@pytest.mark.parametrize(("decision", "choice"), [("reject", ""), ("reject", "no luck"), ("ask", "papers")])
def test_without_a_reason_that_is_offered_nothing_is_decided(staffed: Staffed, decision: str, choice: str) -> None:
    taken = with_irina(staffed)
    assert "There is a problem" in decide(staffed, taken, decision, choice)
    assert only(staffed.base, Assignment, id=taken.id).ended_at is None


def test_the_reviewer_reads_what_the_subscriber_will_read(staffed: Staffed) -> None:
    taken = with_irina(staffed)
    shown = read(staffed.at_desk("irina"), url("review_reject", taken.id))
    assert "Signs of fraud" in shown and 'lang="zh-Hans">存在诈骗迹象' in shown
    assert decide(staffed, taken, "reject", "suspected_fraud") == url("review_queue")


def test_what_is_asked_is_on_the_subscribers_page_and_leads_back_to_the_queue(staffed: Staffed) -> None:
    receipt = referred(staffed)
    irina = staffed.actor("irina", "review.decide")
    taken = assignments.take(staffed.base, case_id=receipt.case_id, actor=irina)
    assert decide(staffed, taken, "ask", "in_person") == url("review_queue")
    staffed.cast.work()
    assert "Nothing waits" in read(staffed.at_desk("irina"), url("review_queue"))
    shown = open_case(Client(headers={"host": "localhost"}), receipt)
    assert "Come to a shop with your original document." in shown


def test_a_stop_is_lifted_only_after_the_holder_was_asked_and_shown_contacts_are_noted(staffed: Staffed) -> None:
    taken = with_irina(staffed)
    irina = staffed.at_desk("irina")
    assert irina.post(url("review_contacts", taken.id)).status_code == 403
    freeze(staffed.base, case_id=taken.case_id, actor=SOMEBODY)
    shown = irina.post(url("review_contacts", taken.id)).content.decode()
    assert "li@example.org" in shown
    [event] = some(staffed.base, Event, kind="review.contacts_shown")
    assert event.data == {"contacts": 2}
    assert "There is a problem" in decide(staffed, taken, "unfreeze", "")
    assert decide(staffed, taken, "unfreeze", "called_back") == url("review_case", taken.id)
    assert decide(staffed, taken, "approve", "") == url("review_queue")


def test_a_photo_is_judged_before_anything_is_approved(staffed: Staffed) -> None:
    receipt = with_unclear_photo(staffed.cast)
    taken = assignments.take(staffed.base, case_id=receipt.case_id, actor=staffed.actor("irina", "review.decide"))
    assert "Say first what the photo shows" in decide(staffed, taken, "approve", "")
    assert decide(staffed, taken, "photo", "differs") == url("review_queue")
    staffed.cast.work()
    assert staffed.cast.case(receipt).photo == "differs"


def test_it_is_handed_to_a_colleague_or_given_back(staffed: Staffed) -> None:
    taken = with_irina(staffed)
    irina = staffed.at_desk("irina")
    shown = read(irina, url("review_hand_over", taken.id))
    assert 'value="roman"' in shown and 'value="irina"' not in shown and 'value="nikolai"' not in shown
    irina.post(url("review_hand_over", taken.id), {"to": "roman", "reason": "language"})
    [held] = _held(staffed, "roman")
    assert held.assignment.given_by == "reviewer:irina"
    read(irina, url("review_case", taken.id), 404)
    staffed.at_desk("roman").post(url("review_release", held.assignment.id))
    assert _held(staffed, "roman") == ()


def test_an_administrator_moves_cases_without_seeing_any(staffed: Staffed) -> None:
    taken = with_irina(staffed)
    alla = staffed.at_desk("alla")
    shown = read(alla, url("review_assigned"))
    assert "irina" in shown and "+7 900 ***-**-01" in shown
    read(alla, url("review_case", taken.id), 403)
    assert alla.post(url("review_reassign", taken.id), {"to": "roman", "reason": "absence"}).status_code == 302
    [held] = _held(staffed, "roman")
    alla.post(url("review_reassign", held.assignment.id), {"release": "1"})
    assert _held(staffed, "roman") == ()
    read(alla, url("review_reassign", held.assignment.id), 404)
