"""Questions to a caller: right or wrong as a whole, counted, locked, never weaker after a stronger one failed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from lastcall.core.actor import REVIEWER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import prove, texts
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.closing.codes import digits_of, latest, proving
from lastcall.core.closing.review import approve
from lastcall.core.closing.story import is_proved
from lastcall.core.errors import BadInput, Conflict, NotFound
from lastcall.core.hotline import agents, calls, questions
from lastcall.core.hotline.asking import Asking
from lastcall.core.hotline.call import Call
from lastcall.core.numbers.assign import Terms
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.numbers.sweep import sweep
from lastcall.core.staff.opening import Opening
from lastcall.core.subscribers.file import put_representative_on_file
from lastcall.core.subscribers.subscriber import Document
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, OLGA, ON_THE_WEB, Cast
from tests.core.hotline.calling import TAMARA, TIMUR, Hotline
from tests.core.tools import change, nothing_changes, only, race, refused, some, winners, written

WRONG = ("4512 999888", "Сергей Кузнецов")


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    """The cast on the phone."""
    return Hotline(cast)


def begin(cast: Cast, call: Call, kind: str = "questions") -> Asking:
    return questions.begin(cast.base, call_id=call.id, kind=kind, policy=cast.policy, actor=TIMUR)


def test_right_answers_open_the_file_for_guidance_and_prove_nothing(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    opening = hotline.opened(call, cast.anna)
    case = hotline.case(call)
    assert (opening.case_id, opening.ground, opening.ground_id) == (case.id, "call", call.id)
    assert opening.reason == "subscriber_on_the_phone"
    assert not is_proved(case)
    assert [event.reason for event in some(cast.base, Event, kind="case.read")] == ["subscriber_on_the_phone"]
    with nothing_changes():
        assert hotline.open(call) == opening


@pytest.mark.parametrize("said", ["Петрова Анна", "ANNA PETROVA", "  анна   петрова "])
def test_a_name_is_right_however_it_is_written(cast: Cast, hotline: Hotline, said: str) -> None:
    assert hotline.ask(hotline.taken(), "4510 123456", said).outcome == "right"


def test_a_chinese_name_is_right_in_either_script(cast: Cast, hotline: Hotline) -> None:
    for said in ("李伟", "Li Wei"):
        call = hotline.taken(LI_WEI_MSISDN)
        assert hotline.ask(call, "e 1234-5678", said).outcome == "right"
        agents.finish(cast.base, call_id=call.id, outcome="guided", actor=TIMUR)


@pytest.mark.parametrize(
    "said",
    [
        ("4512999888", "Анна Петрова"),
        ("4510123456", "Сергей Кузнецов"),
        WRONG,
        ("", "Анна Петрова"),
        ("4510123456", ""),
    ],
)
def test_one_wrong_answer_makes_the_set_wrong_and_nothing_says_which(
    cast: Cast, hotline: Hotline, said: tuple[str, str]
) -> None:
    call = hotline.taken()
    first = hotline.ask(call, said[0])
    assert (first.question, first.outcome) == ("name", "")
    done = hotline.answer(call, "name", said[1])
    assert (done.outcome, done.question) == ("wrong", "")
    assert hotline.fresh(call).wrong_answers == 1
    assert hotline.fresh(call).verified_at is None
    with refused("not_verified"):
        hotline.open(call)


def test_a_number_that_is_no_line_is_asked_the_same_and_never_right(cast: Cast, hotline: Hotline) -> None:
    stranger, known = hotline.taken(FREE_MSISDN), hotline.taken(actor=TAMARA)
    asked = hotline.ask(stranger)
    assert asked.questions == hotline.ask(known, actor=TAMARA).questions
    assert hotline.ask(stranger, *hotline.right(cast.anna)).outcome == "wrong"


def test_what_cannot_be_an_answer_counts_nothing(cast: Cast, hotline: Hotline) -> None:
    hotline.set_policy(hotline_questions=("digits", "name"))
    call = hotline.taken()
    begin(cast, call)
    for question, said, code in (("digits", "12", "not_four_signs"), ("digits", "!!", "malformed_document_number")):
        with refused(code, BadInput):
            hotline.answer(call, question, said)
    assert hotline.answer(call, "digits", "3456").question == "name"
    with refused("malformed_name", BadInput):
        hotline.answer(call, "name", "12345")
    assert hotline.answer(call, "name", "Анна Петрова").outcome == "right"


def test_an_answer_sent_twice_is_taken_once(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.ask(call, "4510 123456")
    with refused("conflict", Conflict):
        hotline.answer(call, "document", "4510 123456")
    outcomes = race(*(partial(hotline.answer, call, "name", "Сергей") for _ in range(2)))
    assert len(winners(outcomes)) == 1
    assert hotline.fresh(call).wrong_answers == 1


def test_after_too_many_wrong_sets_only_a_shop_helps(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    for _ in range(cast.policy.hotline_wrong_answers):
        hotline.ask(call, *WRONG)
    with refused("identity_locked"):
        begin(cast, call)
    with refused("identity_locked"):
        begin(cast, call, "code")


def test_another_agent_or_another_call_does_not_set_the_count_back(cast: Cast, hotline: Hotline) -> None:
    first = hotline.taken()
    for _ in range(2):
        hotline.ask(first, *WRONG)
    agents.finish(cast.base, call_id=first.id, outcome="not_verified", actor=TIMUR)
    second = hotline.taken(actor=TAMARA)
    hotline.ask(second, *WRONG, actor=TAMARA)
    with refused("identity_locked"):
        questions.begin(cast.base, call_id=second.id, kind="questions", policy=cast.policy, actor=TAMARA)
    other = hotline.taken(LI_WEI_MSISDN)
    assert hotline.ask(other, *hotline.right(cast.li_wei)).outcome == "right"
    cast.time.advance(timedelta(days=1, minutes=1))
    agents.finish(cast.base, call_id=second.id, outcome="not_verified", actor=TAMARA)
    assert hotline.ask(hotline.taken(actor=TAMARA), *hotline.right(cast.anna), actor=TAMARA).outcome == "right"


def test_two_calls_at_once_do_not_get_more_tries_together(cast: Cast, hotline: Hotline) -> None:
    hotline.set_policy(hotline_wrong_answers_per_day=1)
    here, there = hotline.taken(), hotline.taken(actor=TAMARA)
    outcomes = race(
        partial(questions.begin, cast.base, call_id=here.id, kind="questions", policy=cast.policy, actor=TIMUR),
        partial(questions.begin, cast.base, call_id=there.id, kind="questions", policy=cast.policy, actor=TAMARA),
    )
    assert len(winners(outcomes)) == 1


def test_too_many_wrong_sets_close_what_was_open(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    opening = hotline.opened(call, cast.anna)
    for _ in range(2):
        hotline.ask(call, *WRONG)
    assert only(cast.base, Opening, id=opening.id).closed_at is not None
    with refused("identity_locked"):
        begin(cast, call)
    with refused("not_verified"):
        hotline.open(call)


def test_the_document_and_a_code_read_out_prove_identity_for_the_closing(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.ask(call, "4510 123456", kind="code")
    cast.work()
    facts = {"code": hotline.code(call), "number": mask_msisdn(ANNA_MSISDN)}
    assert [text for text in sent(cast) if hotline.code(call) in text] == [
        texts.notice("code_aloud", language="ru", facts=facts)[1]
    ]
    assert hotline.answer(call, "code", hotline.code(call)).outcome == "right"
    case = hotline.case(call)
    assert is_proved(case)
    assert case.verifier == "agent:timur"
    assert hotline.open(call).case_id == case.id


def sent(cast: Cast) -> list[str]:
    """The texts of all mails and SMS."""
    outboxes = (cast.elements.messengers["mail"], cast.elements.messengers["sms"])
    return [message.text for outbox in outboxes for message in outbox.messages()]  # type: ignore[attr-defined]


def test_whoever_verified_on_the_phone_does_not_approve(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.ask(call, "4510 123456", kind="code")
    hotline.answer(call, "code", hotline.code(call))
    cast.work()
    with refused("four_eyes"):
        approve(cast.base, case_id=hotline.case(call).id, actor=Actor(REVIEWER, "timur", "desk"))


def test_no_code_goes_out_for_a_wrong_document_and_nobody_can_tell(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    asking = hotline.ask(call, "4512 999888", kind="code")
    assert asking.question == "code"
    assert only(cast.base, Code, case_id=hotline.case(call).id).contact_id is None
    assert hotline.answer(call, "code", hotline.code(call)).outcome == "wrong"
    assert not is_proved(hotline.case(call))


def test_a_code_that_failed_is_never_followed_by_questions(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.ask(call, "4510 123456", "000000", kind="code")
    with refused("weaker_factor"):
        begin(cast, call)
    agents.finish(cast.base, call_id=call.id, outcome="not_verified", actor=TIMUR)
    again = hotline.taken(declared=False)
    with refused("weaker_factor"):
        begin(cast, again)
    cast.time.advance(timedelta(days=1, minutes=1))
    assert begin(cast, again).kind == "questions"


def test_neither_is_one_that_was_given_up(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.ask(call, "4510 123456", kind="code")
    with refused("weaker_factor"):
        begin(cast, call)


def test_a_proof_of_before_does_not_stand_in_for_the_code(cast: Cast, hotline: Hotline) -> None:
    receipt = cast.declare(ANNA_MSISDN)
    cast.prove_remotely(receipt, cast.anna)
    call = hotline.taken(declared=False)
    agents.quote(cast.base, call_id=call.id, typed=receipt.reference, policy=cast.policy, actor=TIMUR)
    hotline.ask(call, "4512 999888", kind="code")
    cast.time.advance(timedelta(minutes=11))
    assert hotline.answer(call, "code", "123456").outcome == "wrong"


def test_a_code_of_the_web_is_not_taken_on_the_phone(cast: Cast, hotline: Hotline) -> None:
    """Whoever is told on the phone to read out the code of a page that somebody else filled in gives nothing away."""
    call = hotline.taken()
    case = hotline.case(call)
    kind, issuer, number = cast.anna.document
    prove.begin(cast.base, case_id=case.id, kind=kind, issuer=issuer, number=number, channel="mail", actor=ON_THE_WEB)
    webs = cast.base.transact(lambda rows: latest(rows, case.id, proving(case)))
    assert webs is not None
    hotline.ask(call, "4512 999888", kind="code")
    assert hotline.answer(call, "code", digits_of(webs, cast.policy)).outcome == "wrong"


def test_where_no_code_is_said_aloud_none_is_asked_for(cast: Cast, hotline: Hotline) -> None:
    hotline.set_policy(hotline_code_aloud=False)
    call = hotline.taken()
    with refused("no_code_aloud"):
        begin(cast, call, "code")


def test_a_code_needs_the_callers_own_declaration(cast: Cast, hotline: Hotline) -> None:
    """A stranger's declaration is never proved by the holder who calls about it."""
    stranger = cast.declare(ANNA_MSISDN)
    call = hotline.taken(declared=False)
    with refused("declare_first"):
        begin(cast, call, "code")
    opening = hotline.opened(call, cast.anna)
    assert opening.case_id == stranger.case_id
    assert not is_proved(cast.case(stranger))


def test_the_holders_proof_takes_the_line_from_a_strangers_declaration(cast: Cast, hotline: Hotline) -> None:
    stranger = cast.declare(ANNA_MSISDN)
    call = hotline.taken()
    assert hotline.case(call).line_id is None
    hotline.ask(call, "4510 123456", kind="code")
    assert hotline.answer(call, "code", hotline.code(call)).outcome == "right"
    assert hotline.case(call).line_id is not None
    assert cast.case(stranger).state == "lapsed"


def test_a_number_without_a_declaration_is_asked_about_and_opens_nothing_yet(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken(declared=False)
    assert hotline.ask(call, *hotline.right(cast.anna)).outcome == "right"
    with refused("declare_first"):
        hotline.open(call)
    agents.declare(cast.base, call_id=call.id, policy=cast.policy, actor=TIMUR)
    assert hotline.open(call).case_id == hotline.case(call).id


def test_a_former_holders_closing_is_not_opened_by_the_new_holders_answers(cast: Cast, hotline: Hotline) -> None:
    closed = cast.closed(cast.anna)
    cast.time.advance(timedelta(days=400))
    cast.work()
    sweep(cast.base)
    sweep(cast.base)
    cast.give_line(cast.sergei, ANNA_MSISDN, terms=Terms())
    call = hotline.taken(declared=False)
    agents.quote(cast.base, call_id=call.id, typed=closed.reference, policy=cast.policy, actor=TIMUR)
    assert hotline.ask(call, *hotline.right(cast.sergei)).outcome == "wrong"


def test_where_too_little_is_on_file_a_shop_helps(cast: Cast, hotline: Hotline) -> None:
    document = only(cast.base, Document, subscriber_id=cast.anna.subscriber.id)
    change(cast.base, Document, document.id, valid_until=cast.time.now().date() - timedelta(days=1))
    call = hotline.taken()
    with refused("nothing_to_ask"):
        begin(cast, call)


def test_somebody_who_acts_for_the_holder_is_sent_to_a_shop(cast: Cast, hotline: Hotline) -> None:
    papers = put_representative_on_file(
        cast.base, subscriber_id=cast.anna.subscriber.id, kind="power_of_attorney", name="Сергей Кузнецов",
        document=cast.sergei.document, powers=("close",), notarised=True, actor=OLGA,
    )  # fmt: skip
    receipt = cast.declare(ANNA_MSISDN)
    change(cast.base, Case, receipt.case_id, declared_by="representative", representative_id=papers.id)
    call = hotline.taken(declared=False)
    agents.quote(cast.base, call_id=call.id, typed=receipt.reference, policy=cast.policy, actor=TIMUR)
    with refused("nothing_to_ask"):
        begin(cast, call)


def test_nothing_is_asked_once_the_caller_has_gone(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.ask(call, "4510 123456")
    calls.hang_up(cast.base, call_id=call.id)
    with refused("caller_gone"):
        hotline.answer(call, "name", "Анна Петрова")


def test_right_answers_grow_old(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.opened(call, cast.anna)
    cast.time.advance(timedelta(minutes=cast.policy.staff_opening_minutes))
    with refused("not_verified"):
        hotline.open(call)


def test_somebody_elses_call_is_not_asked_about(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.ask(call)
    with refused("not_found", NotFound):
        questions.begin(cast.base, call_id=call.id, kind="questions", policy=cast.policy, actor=TAMARA)
    with refused("not_found", NotFound):
        hotline.answer(call, "document", "4510123456", actor=TAMARA)
    with refused("not_found", NotFound):
        hotline.open(call, actor=TAMARA)


def test_no_answer_is_written_down(cast: Cast, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.ask(call, "45 10 123456", "Анна Сергеевна")
    hotline.ask(call, "4510123456", "Анна Петрова")
    kept = written()
    assert "4510123456" not in kept
    assert "Сергеевна" not in kept
