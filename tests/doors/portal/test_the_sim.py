"""What becomes of the SIM, said on the web."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import hidden, proved, send
from tests.doors.portal.scenes import open_case, text, without_token


@pytest.mark.parametrize("answer", ["keep", "esim"])
def test_keeping_it_is_noted_and_said(browser: Client, cast: Cast, answer: str) -> None:
    receipt = scenes.waiting(cast)
    open_case(browser, receipt)
    page = send(browser, "/case/sim/", answer=answer)
    assert page.redirect_chain == [("/case/", 302)]
    assert "Noted: the SIM stays with you." in text(page)
    assert cast.case(receipt).sim_custody == "subscriber"


def test_the_page_of_the_case_leads_there(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.waiting(cast))
    assert '<a class="do" id="to-sim" href="/case/sim/">' in browser.get("/case/").content.decode()


def test_handing_it_in_is_done_in_a_shop_and_nothing_is_noted_before(browser: Client, cast: Cast) -> None:
    receipt = scenes.waiting(cast)
    open_case(browser, receipt)
    assert "Bring the SIM to any shop of ours." in text(send(browser, "/case/sim/", answer="hand_in"))
    assert cast.case(receipt).sim_custody == ""


def test_said_twice_it_is_one_piece_of_news(browser: Client, cast: Cast) -> None:
    receipt = scenes.waiting(cast)
    open_case(browser, receipt)
    form = hidden(browser.get("/case/sim/")) | {"answer": "keep"}
    browser.post("/case/sim/", form)
    revision = cast.case(receipt).revision
    assert "Noted" in text(browser.post("/case/sim/", form, follow=True))
    assert cast.case(receipt).revision == revision


def test_it_explains_what_deleting_an_esim_does_not_do_in_the_packs_words(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.waiting(cast), language="en")
    assert "Deleting the eSIM profile on the phone does not end the agreement" in text(browser.get("/case/sim/"))


@pytest.mark.parametrize("answer", ["", "collected", "destroyed"])
def test_nothing_else_can_be_said_here(browser: Client, cast: Cast, answer: str) -> None:
    receipt = scenes.waiting(cast)
    open_case(browser, receipt)
    assert "Choose what becomes of the SIM." in text(send(browser, "/case/sim/", answer=answer))
    assert cast.case(receipt).sim_custody == ""


def test_a_card_that_was_handed_in_is_no_longer_asked_about(browser: Client, cast: Cast) -> None:
    receipt = scenes.waiting(cast)
    cast.hand_in_sim(receipt, cast.li_wei)
    open_case(browser, receipt)
    form = {"of": hidden(browser.get("/case/withdraw/"))["of"], "answer": "keep"}
    assert "That is no longer needed" in text(browser.post("/case/sim/", form, follow=True))
    assert cast.case(receipt).sim_custody == "collected"


def test_a_line_that_is_being_switched_off_is_no_longer_asked_about(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.ceasing())
    assert browser.get("/case/sim/")["Location"] == "/case/"


def test_a_stranger_sees_the_same_for_a_line_in_service_and_a_number_that_is_not_ours(
    browser: Client, cast: Cast
) -> None:
    pages = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        open_case(browser, cast.declare(msisdn))
        shown = [browser.get("/case/sim/"), send(browser, "/case/sim/", answer="keep"), browser.get("/case/sim/")]
        pages.append([without_token(page, msisdn=msisdn) for page in shown])
    assert pages[0] == pages[1]


def test_another_language_keeps_the_choice_and_notes_nothing(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    body = send(browser, "/case/sim/", answer="esim", lang="ru").content.decode()
    assert 'value="esim" checked' in body
    assert cast.case(receipt).sim_custody == ""
