"""The visit: nothing is seen before the document matched, nothing after the end; the case is taken on or declared here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lastcall.core.audit.auditor import audit
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.audit.reading import readings
from lastcall.core.audit.sequencer import sequence
from lastcall.core.closing import evidence
from lastcall.core.closing.case import Case
from lastcall.core.counter import calls, visits
from lastcall.core.counter.ticket import Ticket
from lastcall.core.errors import BadInput, NotFound, Refused
from tests.cast import ANNAS_PASSPORT, SERGEIS_PASSPORT
from tests.core.counter.conftest import OLGA, PAVEL, Counter

UNKNOWN = ("ru_passport", "RU", "4599000111")


def _case(counter: Counter, ticket_id: int) -> Case:
    case = visits.opened(counter.base, ticket_id=ticket_id, actor=OLGA).case
    assert case is not None
    return case


def test_before_the_document_nothing_is_seen(counter: Counter) -> None:
    ticket = counter.serving()
    seen = visits.visit(counter.base, ticket_id=ticket.id, actor=OLGA)
    assert (seen.case, seen.bound, seen.documents) == (None, None, ())
    with pytest.raises(NotFound):
        visits.opened(counter.base, ticket_id=ticket.id, actor=OLGA)


def test_a_document_that_matches_declares_and_opens_the_file(counter: Counter) -> None:
    ticket = counter.serving()
    assert counter.identify(ticket, counter.cast.li_wei).accepted
    case = _case(counter, ticket.id)
    assert (case.door, case.language, case.verifier) == ("store", "zh-hans", "clerk:olga")
    assert case.in_person_at is not None
    told = counter.base.transact(lambda rows: readings(rows, case_id=case.id))
    assert [(reading.role, reading.reason) for reading in told] == [("clerk", "subscriber_present")]


def test_twice_is_one_declaration(counter: Counter) -> None:
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei)
    first = _case(counter, ticket.id)
    counter.identify(ticket, counter.cast.li_wei)
    assert _case(counter, ticket.id).id == first.id


def _another_holder(counter: Counter) -> tuple[str, tuple[str, str, str], str]:
    return f"+{counter.cast.li_wei.msisdn}", ANNAS_PASSPORT, ""


def _wrong_number_of_the_document(counter: Counter) -> tuple[str, tuple[str, str, str], str]:
    return f"+{counter.cast.li_wei.msisdn}", UNKNOWN, ""


def _no_such_line(counter: Counter) -> tuple[str, tuple[str, str, str], str]:
    return "+7 900 000 77 77", SERGEIS_PASSPORT, ""


def _no_such_case(counter: Counter) -> tuple[str, tuple[str, str, str], str]:
    return f"+{counter.cast.li_wei.msisdn}", counter.cast.li_wei.document, "0000-0000"


def _case_of_another(counter: Counter) -> tuple[str, tuple[str, str, str], str]:
    receipt = counter.cast.declare(counter.cast.anna.msisdn)
    return f"+{counter.cast.li_wei.msisdn}", counter.cast.li_wei.document, receipt.reference


@pytest.mark.parametrize(
    "wrong",
    [_another_holder, _wrong_number_of_the_document, _no_such_line, _no_such_case, _case_of_another],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    counter: Counter, wrong: Callable[[Counter], tuple[str, tuple[str, str, str], str]]
) -> None:
    ticket = counter.serving()
    msisdn, document, reference = wrong(counter)
    answer = visits.identify(
        counter.base, ticket_id=ticket.id, msisdn=msisdn, document=document, actor=OLGA, policy=counter.cast.policy,
        reference=reference, declares=True,
    )  # fmt: skip
    assert answer == visits.Identified(accepted=False, tries_left=counter.cast.policy.identity_document_tries - 1)
    assert visits.visit(counter.base, ticket_id=ticket.id, actor=OLGA).case is None


def test_wrong_documents_are_limited(counter: Counter) -> None:
    ticket = counter.serving()
    for _ in range(counter.cast.policy.identity_document_tries):
        counter.identify(ticket, counter.cast.li_wei, document=UNKNOWN)
    with pytest.raises(Refused) as refusal:
        counter.identify(ticket, counter.cast.li_wei)
    assert refusal.value.code == "too_many_documents"


def test_a_wrong_document_at_the_counter_locks_nobody_out_elsewhere(counter: Counter) -> None:
    receipt = counter.cast.declare()
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei, document=UNKNOWN)
    assert counter.cast.case(receipt).identity_failures == 0


@pytest.mark.parametrize(("msisdn", "document"), [("12", UNKNOWN), ("+7 900 000 10 01", ("ru_passport", "RU", "12"))])
def test_what_cannot_be_a_number_costs_no_try(counter: Counter, msisdn: str, document: tuple[str, str, str]) -> None:
    ticket = counter.serving()
    with pytest.raises(BadInput):
        visits.identify(
            counter.base, ticket_id=ticket.id, msisdn=msisdn, document=document, actor=OLGA, policy=counter.cast.policy
        )
    assert counter.read(ticket).wrong_documents == 0


def test_a_case_from_the_web_is_taken_on_by_its_reference(counter: Counter) -> None:
    receipt = counter.cast.declare()
    ticket = counter.serving()
    assert counter.identify(ticket, counter.cast.li_wei, reference=receipt.reference).accepted
    assert _case(counter, ticket.id).id == receipt.case_id


def test_a_case_from_the_web_is_taken_on_when_the_visitor_declared_it(counter: Counter) -> None:
    receipt = counter.cast.declare()
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei, declared_before=True)
    assert _case(counter, ticket.id).id == receipt.case_id


def test_a_strangers_declaration_does_not_become_the_holders(counter: Counter) -> None:
    receipt = counter.cast.declare()
    ticket = counter.serving()
    assert counter.identify(ticket, counter.cast.li_wei).accepted
    case = _case(counter, ticket.id)
    assert case.id != receipt.case_id and case.line_id is not None
    assert counter.cast.case(receipt).state == "lapsed"


def test_a_case_that_was_proved_already_is_the_holders_own(counter: Counter) -> None:
    receipt = counter.cast.on_hold()
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei)
    assert _case(counter, ticket.id).id == receipt.case_id


def test_a_colleague_sees_nothing(counter: Counter) -> None:
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei)
    for act in (visits.visit, visits.opened):
        with pytest.raises(NotFound):
            act(counter.base, ticket_id=ticket.id, actor=PAVEL)
    with pytest.raises(NotFound):
        counter.identify(ticket, counter.cast.li_wei, actor=PAVEL)


def test_before_the_visit_begins_no_document_is_compared(counter: Counter) -> None:
    counter.take()
    counter.sit()
    ticket = counter.called()
    with pytest.raises(NotFound):
        counter.identify(ticket, counter.cast.li_wei)


def test_after_the_visit_nothing_can_be_read(counter: Counter) -> None:
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei)
    calls.finish(counter.base, ticket_id=ticket.id, actor=OLGA)
    for act in (visits.visit, visits.opened):
        with pytest.raises(NotFound):
            act(counter.base, ticket_id=ticket.id, actor=OLGA)


def test_who_is_passed_on_is_looked_at_anew(counter: Counter) -> None:
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei)
    counter.sit(PAVEL, "4")
    calls.transfer(counter.base, ticket_id=ticket.id, actor=OLGA, window="4")
    calls.begin(counter.base, ticket_id=counter.called(PAVEL).id, actor=PAVEL)
    assert visits.visit(counter.base, ticket_id=ticket.id, actor=PAVEL).case is None


def test_a_file_left_open_closes_by_itself(counter: Counter) -> None:
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei)
    counter.cast.time.advance(timedelta(minutes=counter.cast.policy.staff_opening_minutes))
    assert visits.visit(counter.base, ticket_id=ticket.id, actor=OLGA).case is None
    assert counter.identify(ticket, counter.cast.li_wei).accepted


def test_with_everything_present_the_line_is_ceased_at_once(counter: Counter) -> None:
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei)
    case = _case(counter, ticket.id)
    billing = counter.cast.elements.billing
    visits.go_on(counter.base, case_id=case.id, billing=billing)
    assert _case(counter, ticket.id).state == "waiting"
    evidence.declare_sim(
        counter.base, case_id=case.id, custody="collected", actor=OLGA, pin_removed=True,
        iccid=counter.cast.sim_of(counter.cast.li_wei).iccid,
    )  # fmt: skip
    visits.go_on(counter.base, case_id=case.id, billing=billing)
    assert _case(counter, ticket.id).state == "ceasing"
    counter.cast.work()
    assert _case(counter, ticket.id).state == "closed"
    calls.finish(counter.base, ticket_id=ticket.id, actor=OLGA)
    assert [event.kind for event in counter.base.transact(lambda rows: rows.some(Event, {})) if personal(event)] == []
    sequence(counter.base)
    assert audit(counter.base).broken == ()


def test_who_declares_nothing_leaves_without_a_closing(counter: Counter) -> None:
    ticket = counter.serving()
    with pytest.raises(Refused) as refusal:
        counter.identify(ticket, counter.cast.li_wei, declares=False)
    assert refusal.value.code == "no_case"
    assert counter.base.transact(lambda rows: rows.count(Case, {})) == 0


def _stop(counter: Counter, ticket: Ticket, document: tuple[str, str, str]) -> visits.Identified:
    return visits.stop(
        counter.base,
        ticket_id=ticket.id,
        msisdn=f"+{counter.cast.li_wei.msisdn}",
        document=document,
        actor=OLGA,
        policy=counter.cast.policy,
    )


def test_the_holder_stops_what_a_stranger_declared(counter: Counter) -> None:
    receipt = counter.cast.declare()
    ticket = counter.serving()
    for _ in range(2):
        assert _stop(counter, ticket, counter.cast.li_wei.document).accepted
    case = counter.cast.case(receipt)
    assert case.frozen_at is not None and case.in_person_at is None
    assert visits.visit(counter.base, ticket_id=ticket.id, actor=OLGA).case is None


def test_a_stranger_stops_nothing_at_the_counter(counter: Counter) -> None:
    receipt = counter.cast.declare()
    ticket = counter.serving()
    assert not _stop(counter, ticket, UNKNOWN).accepted
    assert counter.cast.case(receipt).frozen_at is None
    assert counter.read(ticket).wrong_documents == 1


def test_where_nothing_stands_there_is_nothing_to_stop(counter: Counter) -> None:
    with pytest.raises(Refused) as refusal:
        _stop(counter, counter.serving(), counter.cast.li_wei.document)
    assert refusal.value.code == "no_case"


def test_a_closing_that_is_being_carried_out_is_shown_and_left_alone(counter: Counter) -> None:
    receipt = counter.cast.ceasing()
    before = counter.cast.case(receipt)
    ticket = counter.serving()
    assert counter.identify(ticket, counter.cast.li_wei).accepted
    assert _case(counter, ticket.id) == before


def test_a_line_that_has_ended_is_answered_like_any_wrong_one(counter: Counter) -> None:
    counter.cast.closed()
    assert not counter.identify(counter.serving(), counter.cast.li_wei).accepted
