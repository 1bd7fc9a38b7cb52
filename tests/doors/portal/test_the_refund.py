"""Where the refund shall go, chosen on the web by whoever has shown who they are."""

from __future__ import annotations

import pytest
from django.test import Client

from lastcall.core.policies.policy import Policy
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import hidden, send
from tests.doors.portal.scenes import open_case, text, without_token


def test_a_way_of_the_policy_is_chosen_and_shown(browser: Client, cast: Cast) -> None:
    receipt = scenes.waiting(cast)
    open_case(browser, receipt)
    page = text(send(browser, "/case/refund/", answer="bank_account"))
    assert "The way of the refund is noted." in page
    assert "Refund: To a bank account in your name." in page
    assert cast.case(receipt).refund_target == "bank_account"


def test_every_way_of_the_policy_has_words(browser: Client, cast: Cast) -> None:
    receipt = scenes.waiting(cast)
    open_case(browser, receipt)
    page = text(browser.get("/case/refund/"))
    for method in Policy.from_json(cast.case(receipt).policy).refund_methods:
        assert method not in page
    assert "within 30 days" in page


def test_what_is_not_confirmed_says_so(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.waiting(cast))
    assert "is not confirmed" in text(browser.get("/case/refund/"))


@pytest.mark.parametrize("answer", ["", "cash_in_store", "my_friend"])
def test_no_other_way_is_taken(browser: Client, cast: Cast, answer: str) -> None:
    receipt = scenes.waiting(cast)
    open_case(browser, receipt)
    body = send(browser, "/case/refund/", answer=answer).content.decode()
    assert "Choose where the refund shall go." in body
    assert cast.case(receipt).refund_target == ""


def test_chosen_twice_it_is_one_piece_of_news(browser: Client, cast: Cast) -> None:
    receipt = scenes.waiting(cast)
    open_case(browser, receipt)
    form = hidden(browser.get("/case/refund/")) | {"answer": "bank_account"}
    browser.post("/case/refund/", form)
    revision = cast.case(receipt).revision
    browser.post("/case/refund/", form)
    assert cast.case(receipt).revision == revision


def test_whoever_has_not_shown_who_they_are_learns_nothing_of_money(browser: Client, cast: Cast) -> None:
    pages = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        receipt = cast.declare(msisdn)
        open_case(browser, receipt)
        of = hidden(browser.get("/case/withdraw/"))
        assert browser.get("/case/refund/")["Location"] == "/case/identity/"
        shown = [
            browser.get("/case/refund/", follow=True),
            browser.post("/case/refund/", of | {"answer": "bank_account"}),
        ]
        pages.append([without_token(page, msisdn=msisdn) for page in shown])
        assert cast.case(receipt).refund_target == ""
    assert pages[0] == pages[1]


def test_a_closed_line_shows_where_the_refund_goes_and_offers_no_change(browser: Client, cast: Cast) -> None:
    page = open_case(browser, cast.closed())
    assert "Choose where the refund goes" not in page
    assert browser.get("/case/refund/")["Location"] == "/case/"
