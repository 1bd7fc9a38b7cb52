"""Papers by post: a cover sheet from the web, so that they find their case."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lastcall.core.closing import papers
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, OLGA, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import hidden, send
from tests.doors.portal.scenes import open_case, text, without_token


def test_the_cover_sheet_is_made_and_its_barcode_shown(browser: Client, cast: Cast) -> None:
    receipt = scenes.unproved(cast)
    open_case(browser, receipt)
    answer = send(browser, "/case/papers/", answer=["statement", "document_copy"])
    assert answer.redirect_chain == [("/case/papers/", 302)]
    page = text(answer)
    assert "The cover sheet is ready." in page
    (sheet,) = cast.base.transact(lambda rows: papers.sheets(rows, receipt.case_id))
    assert sheet.barcode in page
    assert "the statement, signed" in page


def test_the_barcode_finds_the_case(browser: Client, cast: Cast) -> None:
    receipt = scenes.unproved(cast)
    open_case(browser, receipt)
    page = text(send(browser, "/case/papers/", answer=["statement"]))
    barcode = re.search(r"LC1-[0-9A-Z-]+", page)
    assert barcode is not None
    assert papers.arrived(cast.base, barcode=barcode[0], actor=OLGA).id == receipt.case_id
    assert "The papers arrived on" in text(browser.get("/case/papers/"))


def test_a_double_click_makes_one_sheet(browser: Client, cast: Cast) -> None:
    receipt = scenes.unproved(cast)
    open_case(browser, receipt)
    form = hidden(browser.get("/case/papers/")) | {"answer": ["statement"]}
    browser.post("/case/papers/", form)
    browser.post("/case/papers/", form)
    assert len(cast.base.transact(lambda rows: papers.sheets(rows, receipt.case_id))) == 1


@pytest.mark.parametrize("answer", [[], ["a letter to my aunt"]], ids=["none", "unknown"])
def test_at_least_one_known_paper_must_be_chosen(browser: Client, cast: Cast, answer: list[str]) -> None:
    receipt = scenes.unproved(cast)
    open_case(browser, receipt)
    assert "Choose at least one paper" in text(send(browser, "/case/papers/", answer=answer))
    assert cast.base.transact(lambda rows: papers.sheets(rows, receipt.case_id)) == ()


def test_an_address_that_nobody_confirmed_is_not_invented(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.unproved(cast))
    page = text(send(browser, "/case/papers/", answer=["statement"]))
    assert "We cannot name a postal address here that we are sure of." in page


def test_it_can_be_sent_by_whoever_is_locked_out(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.unproved(cast))
    assert '/case/papers/"' in browser.get("/case/identity/").content.decode()


def test_a_case_that_has_ended_takes_no_papers(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.withdrawn(cast))
    assert browser.get("/case/papers/")["Location"] == "/case/"


def test_another_language_keeps_the_ticks_and_makes_nothing(browser: Client, cast: Cast) -> None:
    receipt = scenes.unproved(cast)
    open_case(browser, receipt)
    body = send(browser, "/case/papers/", answer=["statement"], lang="ru").content.decode()
    assert 'value="statement" checked' in body
    assert cast.base.transact(lambda rows: papers.sheets(rows, receipt.case_id)) == ()


def test_a_stranger_sees_the_same_for_a_line_in_service_and_a_number_that_is_not_ours(
    browser: Client, cast: Cast
) -> None:
    pages = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        open_case(browser, cast.declare(msisdn))
        shown = [
            browser.get("/case/papers/"),
            send(browser, "/case/papers/", answer=["statement"]),
            browser.get("/case/"),
        ]
        pages.append([re.sub(rb"LC1-[0-9A-Z]+", b"", without_token(page, msisdn=msisdn)) for page in shown])
    assert pages[0] == pages[1]
