""" "This was not me", said on the page of the case: everything stops, whoever says it."""

from __future__ import annotations

from django.test import Client

from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import hidden, send
from tests.doors.portal.scenes import open_case, text, without_token


def test_one_button_stops_everything(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    page = text(send(browser, "/case/stop/"))
    assert "Everything is stopped." in page
    assert "Stopped Somebody said that this was not them." in page
    assert cast.case(receipt).frozen_at is not None


def test_pressed_twice_it_is_one_stop(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/stop/"))
    browser.post("/case/stop/", form)
    assert "Everything is stopped." in text(browser.post("/case/stop/", form, follow=True))
    assert cast.events(receipt).count("case.freeze") == 1


def test_opening_the_page_stops_nothing(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    browser.get("/case/stop/")
    assert cast.case(receipt).frozen_at is None


def test_a_stopped_case_offers_it_no_more(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.frozen(cast))
    assert 'id="act-stop"' not in browser.get("/case/").content.decode()
    assert browser.get("/case/stop/")["Location"] == "/case/"


def test_it_never_asks_for_anything(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.on_hold())
    body = browser.get("/case/stop/").content.decode()
    assert 'type="text"' not in body
    assert "We never ask you for a code or a password." in body


def test_a_line_that_has_ended_cannot_be_stopped(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/stop/"))
    cast.time.advance(cast.case(receipt).hold_until - cast.time.now())  # type: ignore[operator]
    cast.work()
    body = browser.post("/case/stop/", form).content.decode()
    assert "<title>Error:" in body
    assert cast.case(receipt).frozen_at is None


def test_a_stranger_sees_the_same_for_a_line_in_service_and_a_number_that_is_not_ours(
    browser: Client, cast: Cast
) -> None:
    pages = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        open_case(browser, cast.declare(msisdn))
        shown = [browser.get("/case/stop/"), send(browser, "/case/stop/")]
        pages.append([without_token(page, msisdn=msisdn) for page in shown])
    assert pages[0] == pages[1]
