"""The hotline's pages: the queue, the call's screen and what it never shows, the acts, the call-backs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lastcall.core.audit.event import Event
from lastcall.core.closing import callbacks
from lastcall.core.closing.case import Case
from lastcall.core.closing.link import words_of
from lastcall.core.closing.link_copy import LinkCopy
from lastcall.core.hotline import agents, calls, questions
from lastcall.core.hotline.call import Call
from lastcall.core.numbers.msisdn import format_msisdn
from tests.cast import ANNA_MSISDN
from tests.core.hotline.calling import TIMUR, Hotline
from tests.core.tools import change, only, some
from tests.doors.desk.samples import calls as samples
from tests.doors.desk.staffed import Staffed

RIGHT = {"document": "4510 123456", "name": "Анна Петрова"}


@pytest.fixture
def hotline(staffed: Staffed, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    """The cast on the phone, of an installation with a site."""
    monkeypatch.setattr(settings, "LASTCALL_PUBLIC_HOST", "close.example.org")
    return Hotline(staffed.cast)


@pytest.fixture
def desk(staffed: Staffed, hotline: Hotline) -> Client:
    """Timur at the desk."""
    return staffed.at_desk("timur")


def at(name: str, **where: object) -> str:
    return reverse(f"desk:calls_{name}", kwargs=where)


def see(desk: Client, name: str = "queue", **where: object) -> str:
    """A page that is there."""
    answer = desk.get(at(name, **where))
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def do(desk: Client, name: str, data: dict[str, Any] | None = None, **where: object) -> str:
    """Press a button; the page that follows."""
    answer = desk.post(at(name, **where), data or {}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def reply(desk: Client, call: Call, question: str, said: str, **more: str) -> str:
    return do(desk, "answer", {"question": question, "said": said} | more, call_id=call.id)


def pass_questions(desk: Client, call: Call) -> str:
    do(desk, "ask", call_id=call.id, kind="questions")
    reply(desk, call, "document", RIGHT["document"])
    return reply(desk, call, "name", RIGHT["name"])


def test_the_queue_shows_a_callers_language_and_nothing_else(desk: Client, hotline: Hotline) -> None:
    hotline.queued(language="zh-hans")
    gone = hotline.queued(language="en")
    calls.hang_up(hotline.cast.base, call_id=gone.id)
    shown = see(desk)
    assert "简体中文" in shown
    assert "Hung up before an agent came" in shown
    assert not re.search(r"900|\+7", shown)


def test_the_agents_languages_stand_first(desk: Client, hotline: Hotline) -> None:
    chinese, russian = hotline.queued(language="zh-hans"), hotline.queued(language="ru")

    def order(shown: str) -> list[int]:
        return [int(found) for found in re.findall(r"/desk/calls/(\d+)/take/", shown)]

    assert order(see(desk)) == [russian.id, chinese.id]
    assert order(desk.get(at("queue"), {"speak": "zh-hans"}).content.decode()) == [chinese.id, russian.id]


def test_a_call_is_taken_and_its_ticket_shows_the_menu_and_no_more(desk: Client, hotline: Hotline) -> None:
    waiting = hotline.queued(pressed="3456")
    shown = do(desk, "take", call_id=waiting.id)
    assert "+7 900 ***-**-02" in shown
    assert "they agreed" in shown
    assert "completed by signature or in person" in shown
    assert "(not confirmed)" in shown
    for hidden in ("350", "Анна", "Petrova", format_msisdn(ANNA_MSISDN), "3456", "example.org"):
        assert hidden not in shown


def test_a_caller_whom_somebody_else_took_is_not_there_any_more(
    desk: Client, staffed: Staffed, hotline: Hotline
) -> None:
    waiting = hotline.queued()
    do(staffed.at_desk("tamara"), "take", call_id=waiting.id)
    assert "Somebody else was quicker" in do(desk, "take", call_id=waiting.id)
    assert desk.get(at("call", call_id=waiting.id)).status_code == 404


def test_a_call_past_the_menu_goes_from_its_number_to_the_declaration(desk: Client, hotline: Hotline) -> None:
    shown = do(desk, "open", {"language": "ru", "key": "a click"})
    call = only(hotline.cast.base, Call)
    assert "Which number is it about?" in shown
    assert "not a phone number" in do(desk, "number", {"number": "12"}, call_id=call.id)
    do(desk, "number", {"number": "8 900 000 10 02"}, call_id=call.id)
    shown = do(desk, "declare", call_id=call.id)
    assert "The declaration was registered." in shown
    assert only(hotline.cast.base, Case).opener == "agent:timur"


def test_a_caller_who_chose_no_language_is_asked_for_it(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken(declared=False)
    change(hotline.cast.base, Call, call.id, language="")
    assert "not chosen" in see(desk, "call", call_id=call.id)
    assert "Choose a language." in do(desk, "declare", call_id=call.id)
    shown = do(desk, "language", {"language": "zh-hans"}, call_id=call.id)
    assert 'lang="zh-Hans" class="theirs"' in shown or 'class="theirs" lang="zh-Hans"' in shown
    assert "Choose a language." in do(desk, "language", {"language": "xx"}, call_id=call.id)
    do(desk, "declare", call_id=call.id)
    assert hotline.case(call).language == "zh-hans"


def test_the_reference_that_a_caller_quotes_is_taken_up(desk: Client, hotline: Hotline) -> None:
    receipt = hotline.cast.declare(ANNA_MSISDN)
    call = hotline.taken(declared=False)
    assert "no closing of this number" in do(desk, "reference", {"reference": "12345678"}, call_id=call.id)
    do(desk, "reference", {"reference": receipt.reference}, call_id=call.id)
    assert hotline.fresh(call).case_id == receipt.case_id


def test_questions_come_one_by_one_and_right_answers_open_the_file(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.cast.work()
    shown = do(desk, "ask", call_id=call.id, kind="questions")
    assert "Question 1 of 2" in shown
    shown = reply(desk, call, "document", RIGHT["document"])
    assert "Question 2 of 2" in shown
    assert RIGHT["document"] not in shown
    shown = reply(desk, call, "name", RIGHT["name"])
    assert "The answers were right." in shown
    assert "What is missing" in shown
    assert "350.50" in shown
    assert [event.reason for event in some(hotline.cast.base, Event, kind="case.read")] == ["subscriber_on_the_phone"]


def test_a_wrong_answer_is_told_at_the_end_and_never_which(desk: Client, hotline: Hotline) -> None:
    for said in (("4512 999888", RIGHT["name"]), (RIGHT["document"], "Сергей")):
        call = hotline.taken()
        do(desk, "ask", call_id=call.id, kind="questions")
        assert "wrong" not in reply(desk, call, "document", said[0]).lower().replace("right or wrong", "")
        assert "The answers were not all right." in reply(desk, call, "name", said[1])
        do(desk, "finish", {"outcome": "not_verified"}, call_id=call.id)


def test_the_caller_does_not_know(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    do(desk, "ask", call_id=call.id, kind="questions")
    assert "Type what the caller says" in reply(desk, call, "document", "  ")
    assert "Question 2 of 2" in reply(desk, call, "document", "", unknown="1")
    assert "The answers were not all right." in reply(desk, call, "name", RIGHT["name"])


def test_after_too_many_wrong_answers_the_screen_names_a_shop(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    for _ in range(2):
        do(desk, "ask", call_id=call.id, kind="questions")
        reply(desk, call, "document", "4512999888")
        shown = reply(desk, call, "name", "Сергей")
    assert "Only a shop helps" in shown
    assert "Ask the questions" not in shown
    assert "Only a shop helps" in do(desk, "ask", call_id=call.id, kind="questions")
    refusals = some(hotline.cast.base, Event, kind="staff.refused")
    assert [event.reason for event in refusals] == ["identity_locked"]


def test_a_code_is_asked_for_wherever_it_went(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    shown = do(desk, "ask", call_id=call.id, kind="code")
    assert "another phone on file" in shown
    shown = reply(desk, call, "document", RIGHT["document"], channel="mail")
    first = hotline.code(call)
    assert first not in shown
    assert "A new code is on its way" in do(desk, "again", call_id=call.id)
    code = hotline.code(call)
    assert code != first
    assert "The answers were right." in reply(desk, call, "code", code)
    assert hotline.case(call).code_ok_at is not None


def test_the_link_is_sent_in_one_click_and_never_shown(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    pass_questions(desk, call)
    shown = do(desk, "link", {"channel": "line", "turn": "0"}, call_id=call.id)
    do(desk, "link", {"channel": "line", "turn": "0"}, call_id=call.id)
    assert "on its way" in shown
    assert len(some(hotline.cast.base, LinkCopy)) == 1
    reference, secret = hotline.cast.base.transact(lambda rows: words_of(rows, hotline.case(call)))
    assert not any(word in see(desk, "call", call_id=call.id) for word in (reference, secret, "close.example.org"))
    for odd in ("+79001112233", ""):
        assert "refused" in do(desk, "link", {"channel": odd, "turn": "5"}, call_id=call.id)


def test_a_call_back_is_booked_from_the_times_that_are_free(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    pass_questions(desk, call)
    slot = callbacks.slots(hotline.cast.base, case_id=hotline.case(call).id)[0]
    chosen = {"start": slot.start.isoformat()}
    assert "needs a proved identity first" in do(desk, "callback", chosen, call_id=call.id)
    hotline.ask(call, "4510 123456", kind="code")
    hotline.answer(call, "code", hotline.code(call))
    assert "The call-back is booked" in do(desk, "callback", chosen, call_id=call.id)
    assert "The call-back is booked" in do(desk, "callback", chosen, call_id=call.id)
    assert desk.post(at("callback", call_id=call.id), {"start": "2026-01-01T00:00:00+00:00"}).status_code == 200


def test_taking_back_and_stopping_are_asked_once_more(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    assert "Stop it now" in see(desk, "stop", call_id=call.id)
    assert "stands still" in do(desk, "stop", call_id=call.id)
    assert hotline.case(call).frozen_at is not None
    pass_questions(desk, call)
    assert "Yes, take it back" in see(desk, "withdraw", call_id=call.id)
    assert "was taken back" in do(desk, "withdraw", call_id=call.id)
    assert hotline.case(call).state == "withdrawn"
    assert "moved on" in do(desk, "withdraw", call_id=call.id)


def test_it_is_too_late_once_the_switching_off_has_begun(staffed: Staffed, hotline: Hotline) -> None:
    hotline.cast.ceasing(hotline.cast.anna)
    desk = staffed.at_desk("timur")
    case = only(hotline.cast.base, Case)
    change(hotline.cast.base, Case, case.id, effect_attempted_at=hotline.cast.time.now())
    call = hotline.taken()
    pass_questions(desk, call)
    assert "being switched off already" in do(desk, "withdraw", call_id=call.id)
    do(desk, "stop", call_id=call.id)
    assert only(hotline.cast.base, Case, id=case.id).frozen_at is None


def test_the_end_of_a_call_closes_its_file(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    pass_questions(desk, call)
    answer = desk.post(at("finish", call_id=call.id), {"outcome": ""})
    assert answer.status_code == 200
    assert "The call is finished." in do(desk, "finish", {"outcome": "guided"}, call_id=call.id)
    assert desk.get(at("call", call_id=call.id)).status_code == 404


def test_a_caller_who_hung_up_is_shown_so_and_soon_the_call_ends_by_itself(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    pass_questions(desk, call)
    calls.hang_up(hotline.cast.base, call_id=call.id)
    assert "The caller has hung up" in see(desk, "call", call_id=call.id)
    hotline.cast.time.advance(timedelta(minutes=10))
    assert desk.get(at("call", call_id=call.id)).status_code == 404


def test_somebody_elses_call_is_as_if_it_were_none(staffed: Staffed, hotline: Hotline) -> None:
    call = hotline.taken()
    hotline.opened(call, staffed.cast.anna)
    tamara = staffed.at_desk("tamara")
    for name in (
        "call",
        "language",
        "again",
        "number",
        "reference",
        "declare",
        "answer",
        "file",
        "link",
        "callback",
        "withdraw",
        "stop",
        "finish",
    ):
        for answer in (tamara.get(at(name, call_id=call.id)), tamara.post(at(name, call_id=call.id))):
            assert answer.status_code == 404, name
    assert tamara.post(at("ask", call_id=call.id, kind="questions")).status_code == 404


def test_whoever_is_no_agent_sees_no_call(staffed: Staffed, hotline: Hotline) -> None:
    call = hotline.taken()
    for login in ("olga", "irina", "nikolai", "arkady", "alla"):
        assert staffed.at_desk(login).get(at("queue")).status_code == 403
        assert staffed.at_desk(login).get(at("call", call_id=call.id)).status_code == 403


def test_a_call_back_of_today_is_taken_dialled_and_not_answered(
    desk: Client, staffed: Staffed, hotline: Hotline
) -> None:
    where = samples.SAMPLES["calls_back_take"](staffed)
    shown = see(desk, "backs")
    assert "To be called" in shown
    assert not re.search(r"\+7|Анна", shown)
    shown = do(desk, "back_take", callback_id=where["callback_id"])
    assert format_msisdn(ANNA_MSISDN) in shown
    assert "If you are in doubt, hang up" in shown
    call = only(hotline.cast.base, Call)
    do(desk, "finish", {"outcome": "no_answer"}, call_id=call.id)
    assert "No answer" in see(desk, "backs")
    assert "Take this call-back" in see(staffed.at_desk("tamara"), "backs")


def every_page(desk: Client, hotline: Hotline) -> Iterator[str]:
    """Every page of the hotline along a whole call, right answers and wrong ones, before and after."""
    call = hotline.taken()
    yield see(desk)
    yield see(desk, "call", call_id=call.id)
    for kind, given in (("questions", ("4512999888", "Сергей")), ("questions", ("4510-123-456", "Петрова Анна"))):
        yield do(desk, "ask", call_id=call.id, kind=kind)
        yield reply(desk, call, "document", given[0])
        yield reply(desk, call, "name", given[1])
    yield do(desk, "ask", call_id=call.id, kind="code")
    yield reply(desk, call, "document", "45 10 123 456", channel="mail")
    yield reply(desk, call, "code", hotline.code(call))
    yield do(desk, "link", {"channel": "mail", "turn": "0"}, call_id=call.id)
    for name in ("callback", "withdraw", "stop"):
        yield see(desk, name, call_id=call.id)
    yield do(desk, "stop", call_id=call.id)
    yield do(desk, "finish", {"outcome": "guided"}, call_id=call.id)
    yield see(desk, "backs")


def test_no_answer_to_a_question_is_ever_on_a_page(desk: Client, hotline: Hotline) -> None:
    shown = list(every_page(desk, hotline))
    code = hotline.code(only(hotline.cast.base, Call))
    assert any("The answers were right." in text for text in shown)
    for text in shown:
        plain = re.sub(r"[\s\-]", "", text)
        assert "4510123456" not in plain
        assert "123456" not in plain
        assert not re.search(r"Анна|Петров|Petrova|anna@", text)
        assert not re.search(rf"(?<!\d){code}(?!\d)", text)
        assert f"{ANNA_MSISDN}"[1:] not in plain


def test_every_text_of_the_pages_has_its_words(desk: Client, hotline: Hotline) -> None:
    """A refusal that an agent can meet has words of its own."""
    from lastcall.doors.desk.calls.words import CHANNELS, OUTCOMES, QUESTIONS, refusal

    assert set(OUTCOMES) == set(agents.OUTCOMES)
    assert set(QUESTIONS) == {questions.DOCUMENT, questions.DIGITS, questions.NAME, questions.CODE}
    assert set(CHANNELS) == {"line", "sms", "mail"}
    assert "refused" not in refusal("weaker_factor")


def test_an_answer_that_was_sent_twice_leads_back_to_the_call(desk: Client, hotline: Hotline) -> None:
    call = hotline.taken()
    do(desk, "ask", call_id=call.id, kind="questions")
    reply(desk, call, "document", RIGHT["document"])
    assert "Question 2 of 2" in reply(desk, call, "document", RIGHT["document"])
    assert hotline.ask(call, actor=TIMUR).answered == 1
