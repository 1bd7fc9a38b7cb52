"""Asking for the number back on the web: a wish of its former holder, in time, and no promise."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from lastcall.core.numbers.sweep import sweep
from tests.cast import Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import hidden, send
from tests.doors.portal.scenes import open_case, text


def test_the_wish_is_noted_and_shown(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    open_case(browser, receipt)
    page = text(send(browser, "/case/back/"))
    assert "We have noted that you want the number back." in page
    assert "You asked for the number back on" in page
    assert cast.case(receipt).asked_back_at is not None


def test_the_page_says_until_when_what_to_bring_and_that_people_decide(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.closed())
    page = text(browser.get("/case/back/"))
    assert "60 days left" in page
    assert "a member of our staff decides. A second one must agree" in page
    assert "the original of the document" in page


def test_asked_twice_it_is_one_wish(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/back/"))
    browser.post("/case/back/", form)
    browser.post("/case/back/", form)
    assert cast.events(receipt).count("case.asked_back") == 1
    assert 'id="act-back"' not in browser.get("/case/").content.decode()


def test_when_the_number_is_in_quarantine_it_is_too_late(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/back/"))
    cast.time.advance(timedelta(days=61))
    sweep(cast.base)
    body = browser.post("/case/back/", form).content.decode()
    assert "The time in which you could have the number back is over." in body
    assert cast.case(receipt).asked_back_at is None


def test_a_line_that_has_not_ended_offers_nothing_to_ask_back(browser: Client, cast: Cast) -> None:
    for receipt in (cast.on_hold(), scenes.unproved(cast)):
        open_case(browser, receipt)
        assert browser.get("/case/back/")["Location"] == "/case/"
        assert 'id="act-back"' not in browser.get("/case/").content.decode()
