"""A call-back, booked, moved and cancelled on the web."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.test import Client

from lastcall.core import clock
from lastcall.core.closing import callbacks
from lastcall.core.closing.callback import Callback
from lastcall.core.plan import Insert, Plan
from lastcall.core.store import Store
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.portal.case_forms import hidden, proved, send
from tests.doors.portal.scenes import LANGUAGES, open_case, speak, text, without_token


def starts(browser: Client) -> list[str]:
    """The times that the page offers."""
    return re.findall(r'name="start" value="([^"]+)"', browser.get("/case/callback/").content.decode())


def _add(call: Callback, rows: Store) -> None:
    rows.apply(Plan((Insert(call),)))


def fill(cast: Cast, start: str) -> None:
    """Every place at that time is taken by others."""
    when = datetime.fromisoformat(start)
    for place in range(1, cast.policy.callback_per_slot + 1):
        other = cast.declare(FREE_MSISDN)
        call = Callback(
            id=clock.new_id(), case_id=other.case_id, start=when, end=when + timedelta(hours=2), place=place,
            language="ru", booked_at=cast.time.now(),
        )  # fmt: skip
        cast.base.transact(partial(_add, call))


def test_a_call_is_booked_in_a_language_and_shown(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    page = text(send(browser, "/case/callback/", start=starts(browser)[0], language="zh-hans"))
    assert "The call is booked." in page
    assert "A call is booked" in page
    assert "简体中文" in page
    call = cast.base.transact(lambda rows: callbacks.booked(rows, receipt.case_id))
    assert call is not None
    assert call.language == "zh-hans"
    assert "14:00" in text(browser.get("/case/")).partition("What comes next")[2]


@pytest.mark.parametrize(
    ("language", "day"),
    [("zh-hans", "2026年3月13日 (星期五)"), ("ru", "13 марта 2026 г. (пятница)"), ("en", "March 13, 2026 (Friday)")],
    ids=LANGUAGES,
)
def test_times_are_grouped_by_day_in_the_readers_form_with_the_zone(
    browser: Client, cast: Cast, language: str, day: str
) -> None:
    proved(browser, cast)
    speak(browser, language)
    page = text(browser.get("/case/callback/"))
    assert day in page
    assert re.search(r"14:00–16:00 \((MSK|МСК|莫斯科时间)\)", page)


def test_a_time_that_somebody_else_has_just_taken_is_said(browser: Client, cast: Cast) -> None:
    proved(browser, cast)
    start = starts(browser)[0]
    form = hidden(browser.get("/case/callback/")) | {"start": start, "language": "ru"}
    fill(cast, start)
    page = text(browser.post("/case/callback/", form, follow=True))
    assert "This time can no longer be booked." in page or "Somebody else has just taken this time." in page
    assert start not in starts(browser)


def test_a_time_that_has_passed_meanwhile_is_said(browser: Client, cast: Cast) -> None:
    proved(browser, cast)
    form = hidden(browser.get("/case/callback/")) | {"start": starts(browser)[0], "language": "ru"}
    cast.time.advance(timedelta(days=1))
    assert "This time can no longer be booked." in text(browser.post("/case/callback/", form))


def test_a_double_click_books_one_call(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    form = hidden(browser.get("/case/callback/")) | {"start": starts(browser)[0], "language": "en"}
    browser.post("/case/callback/", form)
    revision = cast.case(receipt).revision
    assert "The call is booked." in text(browser.post("/case/callback/", form, follow=True))
    assert cast.case(receipt).revision == revision


def test_it_can_be_moved_and_cancelled(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    first, second = starts(browser)[:2]
    send(browser, "/case/callback/", start=first, language="en")
    send(browser, "/case/callback/", start=second, language="en")
    call = cast.base.transact(lambda rows: callbacks.booked(rows, receipt.case_id))
    assert call is not None and call.start.isoformat() != first
    assert "The call is cancelled." in text(send(browser, "/case/callback/", cancel="1"))
    assert cast.base.transact(lambda rows: callbacks.booked(rows, receipt.case_id)) is None


def test_a_time_and_a_language_must_be_chosen(browser: Client, cast: Cast) -> None:
    proved(browser, cast)
    page = text(send(browser, "/case/callback/"))
    assert "Choose a time." in page
    assert "Choose a language." in page


def test_another_language_keeps_the_choice_and_books_nothing(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    start = starts(browser)[1]
    body = send(browser, "/case/callback/", start=start, language="ru", lang="zh-hans").content.decode()
    assert f'value="{start}" checked' in body
    assert cast.base.transact(lambda rows: callbacks.booked(rows, receipt.case_id)) is None


def test_whoever_has_not_shown_who_they_are_is_sent_to_do_so_whatever_the_number(browser: Client, cast: Cast) -> None:
    pages = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        open_case(browser, cast.declare(msisdn))
        answer = browser.get("/case/callback/", follow=True)
        assert answer.redirect_chain == [("/case/identity/", 302)]
        pages.append(without_token(answer, msisdn=msisdn))
    assert pages[0] == pages[1]


def test_a_closed_line_needs_no_call(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.closed())
    assert browser.get("/case/callback/")["Location"] == "/case/"
