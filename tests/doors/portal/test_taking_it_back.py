"""Taking a declaration back on the web: one page that says what it means, one button, until the switching off begins."""

from __future__ import annotations

import pytest
from django.test import Client

from lastcall.core.closing import freeze, withdraw
from lastcall.core.numbers.msisdn import format_msisdn
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, ON_THE_WEB, SOMEBODY, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import hidden, send
from tests.doors.portal.scenes import LANGUAGES, open_case, text, without_token


def test_it_is_taken_back_and_said(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    answer = send(browser, "/case/withdraw/")
    assert answer.redirect_chain == [("/case/", 302)]
    assert "The declaration was taken back. The line stays as it is." in text(answer)
    assert cast.case(receipt).state == "withdrawn"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_the_number_what_stays_and_until_when(browser: Client, cast: Cast, language: str) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt, language=language)
    page = text(browser.get("/case/withdraw/"))
    assert page.count(format_msisdn(LI_WEI_MSISDN)) >= 3
    until = cast.case(receipt).hold_until
    assert until is not None
    assert f"{until.year}" in page


def test_the_page_of_the_case_leads_there_in_one_click(browser: Client, cast: Cast) -> None:
    page = open_case(browser, cast.on_hold())
    assert 'id="act-withdraw" href="/case/withdraw/"' in browser.get("/case/").content.decode()
    assert "can still be taken back, until" in page


def test_opening_the_page_does_nothing(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    browser.get("/case/withdraw/")
    assert cast.case(receipt).state == "on_hold"


def test_a_double_click_is_said_as_done(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/withdraw/"))
    browser.post("/case/withdraw/", form)
    answer = browser.post("/case/withdraw/", form, follow=True)
    assert answer.redirect_chain == [("/case/", 302)]
    assert "The declaration was taken back." in text(answer)
    assert cast.events(receipt).count("case.withdraw") == 1


def test_whoever_has_only_declared_can_take_it_back(browser: Client, cast: Cast) -> None:
    receipt = scenes.unproved(cast)
    open_case(browser, receipt)
    send(browser, "/case/withdraw/")
    assert cast.case(receipt).state == "withdrawn"


def test_when_the_switching_off_has_begun_it_is_too_late_and_says_what_then(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/withdraw/"))
    cast.time.advance(cast.case(receipt).hold_until - cast.time.now())  # type: ignore[operator]
    cast.work()
    assert cast.case(receipt).state == "closed"
    body = browser.post("/case/withdraw/", form).content.decode()
    assert "<title>Error:" in body
    assert 'id="withdraw"' not in body


def test_a_case_taken_back_elsewhere_meanwhile_is_no_error(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/withdraw/"))
    withdraw.withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    assert "Taken back" in text(browser.post("/case/withdraw/", form, follow=True))


def test_a_frozen_case_can_still_be_taken_back(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    freeze.freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    open_case(browser, receipt)
    send(browser, "/case/withdraw/")
    assert cast.case(receipt).state == "withdrawn"


def test_a_form_of_another_case_in_a_second_tab_takes_nothing_back(browser: Client, cast: Cast) -> None:
    mine, hers = cast.on_hold(), cast.on_hold(cast.anna)
    open_case(browser, mine)
    form = hidden(browser.get("/case/withdraw/"))
    open_case(browser, hers)
    page = text(browser.post("/case/withdraw/", form, follow=True))
    assert "Another closing was opened on this device meanwhile, so nothing was done." in page
    assert cast.case(mine).state == cast.case(hers).state == "on_hold"


def test_a_form_without_the_mark_of_its_case_does_nothing(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    browser.post("/case/withdraw/", {})
    assert cast.case(receipt).state == "on_hold"


def test_without_the_words_the_form_stands_there_and_leads_back(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    page = browser.get("/case/withdraw/")
    assert "Open it first" in text(page)
    back = browser.post("/case/", scenes.words(receipt) | hidden(page), follow=True)
    assert back.redirect_chain == [("/case/withdraw/", 302)]
    assert cast.case(receipt).state == "on_hold"


def test_the_form_leads_to_no_other_site(browser: Client, cast: Cast) -> None:
    given = scenes.words(cast.on_hold()) | {"then": "//example.org/"}
    assert browser.post("/case/", given)["Location"] == "/case/"


def test_a_stranger_sees_the_same_for_a_line_in_service_and_a_number_that_is_not_ours(
    browser: Client, cast: Cast
) -> None:
    pages = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        open_case(browser, cast.declare(msisdn))
        shown = [browser.get("/case/withdraw/"), send(browser, "/case/withdraw/")]
        pages.append([without_token(page, msisdn=msisdn) for page in shown])
    assert pages[0] == pages[1]
