"""Asking on the web for a longer rest of the number: chosen, confirmed, done once, in time, where it is offered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from lastcall.core.closing.receipts import Receipt
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.tenure import Tenure
from tests.cast import LI_WEI_MSISDN, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import hidden, send
from tests.doors.portal.scenes import LANGUAGES, open_case, text
from tests.elements.letters.test_typst_printer import text_of
from tests.printed import squeezed

ALL = '<a class="on" id="act-rest" href="/case/rest/">'


def ends(cast: Cast, receipt: Receipt) -> datetime:
    """The end of the rest, which the tenure and the number's place among the resting agree about."""
    tenure_id = cast.case(receipt).tenure_id
    pending = cast.base.transact(lambda rows: rows.some(PendingRelease, {"msisdn": LI_WEI_MSISDN}))
    quarantined = cast.base.transact(lambda rows: rows.some(Quarantine, {"msisdn": LI_WEI_MSISDN}))
    tenure = cast.base.transact(lambda rows: rows.one(Tenure, {"id": tenure_id}))
    assert tenure is not None and [
        *(each.quarantine_until for each in pending), *(each.quarantine_until for each in quarantined),
    ] == [tenure.quarantine_until]  # fmt: skip
    assert tenure.quarantine_until is not None
    return tenure.quarantine_until


def extended(cast: Cast, receipt: Receipt) -> int:
    return cast.events(receipt).count("number.rest_extended")


def test_chosen_confirmed_and_done(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    before = ends(cast, receipt)
    open_case(browser, receipt)
    assert ALL in browser.get("/case/").content.decode()
    asked = text(send(browser, "/case/rest/", answer="90"))
    assert "Let the number rest 90 days longer?" in asked
    assert ends(cast, receipt) == before, "nothing is done before it was confirmed"
    page = send(browser, "/case/rest/", answer="90", sure="yes")
    assert page.redirect_chain == [("/case/", 302)]
    assert "Done: the number rests longer." in text(page)
    assert "The number's rest was made longer." in text(page)
    assert ends(cast, receipt) == before + timedelta(days=90)


def test_it_says_what_it_means_and_until_when_with_each_choice(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.closed())
    page = text(browser.get("/case/rest/"))
    assert "may go on sending codes to it" in page
    assert page.count("Somebody else can get the number on") == 2
    assert "90 days longer" in page and "180 days longer" in page


def test_in_quarantine_it_can_still_be_asked_for(browser: Client, cast: Cast) -> None:
    receipt = scenes.quarantined(cast)
    before = ends(cast, receipt)
    open_case(browser, receipt)
    send(browser, "/case/rest/", answer="180", sure="yes")
    assert ends(cast, receipt) == before + timedelta(days=180)


def test_asked_twice_it_is_done_once_and_then_not_offered_again(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/rest/")) | {"answer": "90", "sure": "yes"}
    browser.post("/case/rest/", form)
    until = ends(cast, receipt)
    assert "Done: the number rests longer." in text(browser.post("/case/rest/", form, follow=True))
    assert (ends(cast, receipt), extended(cast, receipt)) == (until, 1)
    assert 'id="act-rest"' not in browser.get("/case/").content.decode()
    assert "That is no longer needed" in text(browser.get("/case/rest/", follow=True))


@pytest.mark.parametrize("answer", ["", "7", "91", "3650"])
def test_only_what_is_offered_can_be_chosen(browser: Client, cast: Cast, answer: str) -> None:
    receipt = cast.closed()
    before = ends(cast, receipt)
    open_case(browser, receipt)
    assert "Choose how much longer." in text(send(browser, "/case/rest/", answer=answer, sure="yes"))
    assert ends(cast, receipt) == before


def test_too_late_is_said_kindly(browser: Client, cast: Cast) -> None:
    receipt = scenes.quarantined(cast)
    open_case(browser, receipt)
    form = hidden(browser.get("/case/rest/")) | {"answer": "90", "sure": "yes"}
    cast.time.advance(timedelta(minutes=10))
    cast.time.advance(ends(cast, receipt) - cast.time.now())
    open_case(browser, receipt)
    assert "Too late: the rest of the number is over" in text(browser.post("/case/rest/", form, follow=True))
    sweep(cast.base)
    assert "Too late: the rest of the number is over" in text(browser.post("/case/rest/", form, follow=True))
    assert extended(cast, receipt) == 0


def test_where_the_policy_offers_none_nothing_is_offered(browser: Client, cast: Cast) -> None:
    cast.policy = replace(cast.policy, quarantine_longer_days=())
    receipt = cast.closed()
    open_case(browser, receipt)
    assert 'id="act-rest"' not in browser.get("/case/").content.decode()
    assert browser.get("/case/rest/")["Location"] == "/case/"


def test_before_the_line_is_closed_or_anybody_showed_who_they_are_nothing_is_offered(
    browser: Client, cast: Cast
) -> None:
    for receipt in (cast.on_hold(), scenes.unproved(cast)):
        open_case(browser, receipt)
        assert 'id="act-rest"' not in browser.get("/case/").content.decode()
        assert browser.get("/case/rest/")["Location"] == "/case/"


def test_a_form_of_another_closing_does_nothing(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    open_case(browser, receipt)
    form = hidden(browser.get("/case/rest/")) | {"answer": "90", "sure": "yes", "of": "of-another-closing"}
    assert browser.post("/case/rest/", form)["Location"] == "/case/"
    assert extended(cast, receipt) == 0


def test_the_case_file_has_the_new_date(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    open_case(browser, receipt)
    send(browser, "/case/rest/", answer="90", sure="yes")
    when = text(browser.get("/case/")).split("Somebody else can get the number on ")[1].split(" at the earliest")[0]
    pdf = browser.get("/case/letters/case-file/")
    assert pdf.status_code == 200 and pdf["Content-Type"] == "application/pdf"
    assert squeezed(when) in text_of(pdf.content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_language_keeps_the_choice_and_does_nothing(browser: Client, cast: Cast, language: str) -> None:
    receipt = cast.closed()
    open_case(browser, receipt)
    body = send(browser, "/case/rest/", answer="180", sure="yes", lang=language).content.decode()
    assert 'value="180" checked' in body
    assert extended(cast, receipt) == 0
