"""Showing who one is on the web: four questions, a code, and nothing told to whoever guesses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from lastcall.core.closing.story import is_proved
from tests.cast import ANNAS_PASSPORT, FREE_MSISDN, LI_WEI_MSISDN, PASSPORT, SERGEIS_PASSPORT, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import answer_all, code_of, hidden, prove, send
from tests.doors.portal.scenes import LANGUAGES, open_case, text, without_token

STEPS = (
    "/case/identity/",
    "/case/identity/country/",
    "/case/identity/where/",
    "/case/identity/number/",
    "/case/identity/code/",
)


def test_the_holder_shows_who_they_are_in_four_questions_and_a_code(browser: Client, cast: Cast) -> None:
    receipt = cast.declare()
    answer = prove(browser, cast, receipt, cast.li_wei)
    assert answer.redirect_chain == [("/case/", 302)]
    assert "Thank you: you have shown who you are." in text(answer)
    assert is_proved(cast.case(receipt))


def test_the_page_of_the_case_leads_there(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.unproved(cast))
    assert '<a class="do" id="to-identity" href="/case/identity/">' in browser.get("/case/").content.decode()


def test_a_russian_passport_has_no_question_about_its_country(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare(cast.anna.msisdn))
    answer = send(browser, "/case/identity/", answer="ru_passport")
    assert answer.redirect_chain == [("/case/identity/where/", 302)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_countries_are_in_the_readers_language_and_order(browser: Client, cast: Cast, language: str) -> None:
    open_case(browser, cast.declare(), language=language)
    send(browser, "/case/identity/", answer="foreign_passport")
    body = browser.get("/case/identity/country/").content.decode()
    names = re.findall(r'<option value="[A-Z]{2}">([^<]+)</option>', body)
    assert len(names) > 190
    assert {"zh-hans": "中国", "ru": "Китай", "en": "China"}[language] in names
    expected = {"zh-hans": "阿", "ru": "А", "en": "A"}[language]
    assert names[12].startswith(expected), "after the twelve that are chosen often, the alphabet begins"


def test_each_question_wants_an_answer(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    page = send(browser, "/case/identity/").content.decode()
    assert "<title>Error: Which document" in page
    assert '<a href="#id_answer_0">Choose the kind of document.</a>' in page
    send(browser, "/case/identity/", answer="foreign_passport")
    assert "Choose the country" in text(send(browser, "/case/identity/country/", country=""))
    assert "Choose the country" in text(send(browser, "/case/identity/country/", country="Чу"))
    send(browser, "/case/identity/country/", country="CN")
    assert "Choose where the code shall go." in text(send(browser, "/case/identity/where/"))


def test_nobody_comes_to_a_later_question_before_the_earlier_ones(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    for step in STEPS[1:]:
        assert browser.get(step)["Location"] == "/case/identity/"


def test_a_number_that_cannot_be_one_costs_no_try(browser: Client, cast: Cast) -> None:
    receipt = cast.declare()
    open_case(browser, receipt)
    page = text(answer_all(browser, document=("foreign_passport", "CN", "E1")))
    assert "This cannot be the number of such a document." in page
    assert cast.case(receipt).identity_failures == 0


def test_the_number_is_never_written_back_into_the_page(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    body = answer_all(browser, document=("foreign_passport", "CN", "Q!7!X")).content.decode()
    assert 'id="id_document"' in body
    assert "Q!7!X" not in body


def test_a_code_is_taken_with_spaces_and_in_full_width(browser: Client, cast: Cast) -> None:
    receipt = cast.declare()
    open_case(browser, receipt)
    answer_all(browser, document=PASSPORT)
    code = code_of(cast, receipt)
    wide = code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    send(browser, "/case/identity/code/", code=f" {wide[:3]} {wide[3:]} ")
    assert is_proved(cast.case(receipt))


def test_the_field_of_the_code_can_be_filled_by_the_phone(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    answer = answer_all(browser, document=PASSPORT)
    field = re.search(r'<input class="code"[^>]*>', answer.content.decode())
    assert field is not None
    assert 'autocomplete="one-time-code"' in field[0]
    assert 'inputmode="numeric"' in field[0]
    assert "onpaste" not in field[0]


def test_a_wrong_code_says_the_same_whatever_was_wrong_and_how_many_tries_are_left(browser: Client, cast: Cast) -> None:
    pages = []
    for document in (PASSPORT, SERGEIS_PASSPORT):
        receipt = cast.declare()
        open_case(browser, receipt)
        answer_all(browser, document=document)
        wrong = f"{(int(code_of(cast, receipt)) + 1) % 1_000_000:06d}"
        pages.append(text(send(browser, "/case/identity/code/", code=wrong)))
    assert "You have 4 more tries." in pages[0]
    assert pages[0] == pages[1]


def test_something_that_is_no_code_costs_no_try(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    answer_all(browser, document=PASSPORT)
    assert "The code has 6 digits." in text(send(browser, "/case/identity/code/", code="12 34"))
    assert "You have 4 more tries." in text(send(browser, "/case/identity/code/", code="000000"))


def test_a_reload_after_a_wrong_code_costs_no_try(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    answer_all(browser, document=PASSPORT)
    answer = send(browser, "/case/identity/code/", code="000000")
    assert answer.redirect_chain == [("/case/identity/code/", 302)]
    browser.get("/case/identity/code/")
    assert "You have 3 more tries." in text(send(browser, "/case/identity/code/", code="000000"))


def test_a_double_click_on_a_wrong_code_is_one_try(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    answer_all(browser, document=PASSPORT)
    form = hidden(browser.get("/case/identity/code/")) | {"code": "000000"}
    browser.post("/case/identity/code/", form)
    assert "You have 4 more tries." in text(browser.post("/case/identity/code/", form, follow=True))


def test_a_double_click_on_the_right_code_is_no_error(browser: Client, cast: Cast) -> None:
    receipt = cast.declare()
    open_case(browser, receipt)
    answer_all(browser, document=PASSPORT)
    form = hidden(browser.get("/case/identity/code/")) | {"code": code_of(cast, receipt)}
    browser.post("/case/identity/code/", form)
    answer = browser.post("/case/identity/code/", form, follow=True)
    assert answer.redirect_chain == [("/case/", 302)]
    assert "problem" not in answer.content.decode()


def test_a_double_click_on_the_document_is_one_try_and_one_code(browser: Client, cast: Cast) -> None:
    receipt = cast.declare()
    open_case(browser, receipt)
    answer_all(browser, document=("foreign_passport", "CN", "E1"))
    form = hidden(browser.get("/case/identity/number/")) | {"document": PASSPORT[2]}
    browser.post("/case/identity/number/", form)
    answer = browser.post("/case/identity/number/", form, follow=True)
    assert answer.redirect_chain == [("/case/identity/code/", 302)]
    assert cast.case(receipt).identity_failures == 1


def test_a_code_that_ran_out_offers_a_new_one(browser: Client, cast: Cast) -> None:
    receipt = cast.declare()
    open_case(browser, receipt)
    answer_all(browser, document=PASSPORT)
    cast.time.advance(timedelta(minutes=11))
    page = text(browser.get("/case/identity/code/"))
    assert "This code has run out" in page
    assert "Send a new code" in page
    assert "a new code is on its way" in text(send(browser, "/case/identity/code/", again="1"))
    send(browser, "/case/identity/code/", code=code_of(cast, receipt))
    assert is_proved(cast.case(receipt))


def test_a_code_that_runs_out_on_the_open_page_says_so(browser: Client, cast: Cast) -> None:
    receipt = cast.declare()
    open_case(browser, receipt)
    answer_all(browser, document=PASSPORT)
    form = hidden(browser.get("/case/identity/code/")) | {"code": code_of(cast, receipt)}
    cast.time.advance(timedelta(minutes=11))
    assert "This code has run out" in text(browser.post("/case/identity/code/", form))


def test_too_many_codes_are_refused_with_what_to_do(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    answer_all(browser, document=PASSPORT)
    for _ in range(2):
        cast.time.advance(timedelta(seconds=2))
        send(browser, "/case/identity/code/", again="1")
    cast.time.advance(timedelta(seconds=2))
    assert "Wait ten minutes" in text(send(browser, "/case/identity/code/", again="1"))


def test_a_double_click_on_send_again_sends_one(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    answer_all(browser, document=PASSPORT)
    form = hidden(browser.get("/case/identity/code/")) | {"again": "1"}
    cast.time.advance(timedelta(seconds=2))
    for _ in range(4):
        answer = browser.post("/case/identity/code/", form, follow=True)
    assert "a new code is on its way" in text(answer)


@pytest.mark.parametrize("document", [PASSPORT, SERGEIS_PASSPORT], ids=["right", "wrong"])
def test_when_the_tries_are_used_up_it_says_where_to_go_whether_they_were_right_or_wrong(
    browser: Client, cast: Cast, document: tuple[str, str, str]
) -> None:
    open_case(browser, cast.declare())
    for _ in range(3):
        answer_all(browser, document=document)
        cast.time.advance(timedelta(minutes=11))
    page = text(browser.get("/case/identity/number/", follow=True))
    assert "Nothing more can be tried here" in page
    assert "Come to any shop of ours with the original document" in page
    assert "The declaration stays received" in page


def test_whoever_is_proved_has_no_more_questions(browser: Client, cast: Cast) -> None:
    prove(browser, cast, cast.declare(), cast.li_wei)
    for step in STEPS[:1]:
        assert "you have shown who you are" in text(browser.get(step, follow=True))


def test_a_case_that_has_ended_asks_nothing(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.withdrawn(cast))
    answer = browser.get("/case/identity/", follow=True)
    assert "That is no longer needed" in text(answer)


@pytest.mark.parametrize("document", [PASSPORT, ANNAS_PASSPORT], ids=["holder", "somebody else"])
def test_every_step_is_the_same_for_a_line_in_service_and_a_number_that_is_not_ours(
    browser: Client, cast: Cast, document: tuple[str, str, str]
) -> None:
    """Anybody can declare for any number and try any document: that must teach them nothing."""
    seen = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        open_case(browser, cast.declare(msisdn))
        pages = [browser.get("/case/identity/")]
        for channel in ("line", "sms"):
            pages.append(answer_all(browser, document=document, channel=channel))
            pages.append(send(browser, "/case/identity/code/", code="000000"))
            cast.time.advance(timedelta(seconds=2))
        pages += [browser.get("/case/identity/number/"), browser.get("/case/")]
        seen.append([without_token(page, msisdn=msisdn) for page in pages])
    assert len(seen[0]) == 7
    for ours, foreign in zip(*seen, strict=True):
        assert _timeless(ours) == _timeless(foreign)


def _timeless(body: bytes) -> bytes:
    return re.sub(rb'value="\d-\d+"|\d\d:\d\d|T[\d:+]+', b"", body)


def test_an_expired_session_keeps_the_kind_of_document_and_leads_back(browser: Client, cast: Cast) -> None:
    receipt = cast.declare()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/identity/")) | {"answer": "residence_permit"}
    del browser.cookies["lastcall_case"]
    page = browser.post("/case/identity/", form)
    assert "what you just sent was not taken" in text(page)
    back = browser.post("/case/", scenes.words(receipt) | hidden(page), follow=True)
    assert back.redirect_chain == [("/case/identity/", 302)]


def test_an_expired_session_never_keeps_the_number_of_the_document(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    answer_all(browser, document=("foreign_passport", "CN", "E1"))
    form = hidden(browser.get("/case/identity/number/")) | {"document": "E98765432"}
    del browser.cookies["lastcall_case"]
    answer = browser.post("/case/identity/number/", form)
    assert b"E98765432" not in answer.content
    assert all("E98765432" not in cookie.value for cookie in browser.cookies.values())


def test_another_language_keeps_the_answer_but_not_the_number(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.declare())
    body = send(browser, "/case/identity/", answer="other", lang="ru").content.decode()
    assert 'lang="ru"' in body
    assert re.search(r'value="other" checked', body)
    answer_all(browser, document=("foreign_passport", "CN", "E1"))
    body = send(browser, "/case/identity/number/", document="E98765432", lang="en").content.decode()
    assert "E98765432" not in body
    assert 'class="problem"' not in body
