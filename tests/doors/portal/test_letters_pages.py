"""Letters of the open case as PDF."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import send
from tests.doors.portal.scenes import LANGUAGES, open_case

KINDS = ("case-file", "statement", "end-notice", "power-memo")


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_a_pdf_with_a_harmless_name_that_nobody_keeps(browser: Client, cast: Cast, kind: str) -> None:
    open_case(browser, cast.closed())
    answer = browser.get(f"/case/letters/{kind}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="lastcall-{kind}.pdf"'
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_to_be_had_in_every_language(browser: Client, cast: Cast, language: str) -> None:
    open_case(browser, cast.on_hold(), language=language)
    assert browser.get("/case/letters/case-file/").content.startswith(b"%PDF-")


def test_the_page_of_the_case_lists_what_there_is(browser: Client, cast: Cast) -> None:
    def listed() -> list[str]:
        return re.findall(r'id="letter-([\w-]+)"', browser.get("/case/").content.decode())

    open_case(browser, scenes.unproved(cast))
    assert listed() == ["case-file", "statement", "power-memo"]
    open_case(browser, cast.closed(cast.anna))
    assert listed() == ["case-file", "statement", "end-notice", "power-memo"]


def test_the_cover_sheet_is_there_once_papers_are_announced(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.unproved(cast))
    assert browser.get("/case/letters/cover-sheet/")["Location"] == "/case/"
    send(browser, "/case/papers/", answer=["statement"])
    assert browser.get("/case/letters/cover-sheet/").content.startswith(b"%PDF-")


def test_a_letter_that_is_not_there_yet_is_said(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.on_hold())
    for kind in ("end-notice", "destruction-record"):
        answer = browser.get(f"/case/letters/{kind}/", follow=True)
        if kind == "end-notice":
            assert "There is no such letter for this closing yet." in scenes.text(answer)


def test_an_unknown_letter_is_no_page(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.on_hold())
    assert browser.get("/case/letters/ransom-note/").status_code == 404


def test_a_card_that_was_destroyed_has_its_record(browser: Client, cast: Cast) -> None:
    from lastcall.core.closing import evidence
    from tests.cast import OLGA

    receipt = scenes.waiting(cast)
    evidence.declare_sim(
        cast.base, case_id=receipt.case_id, custody="destroyed", actor=OLGA, pin_removed=True,
        iccid=cast.sim_of(cast.li_wei).iccid,
    )  # fmt: skip
    open_case(browser, receipt)
    assert 'id="letter-destruction-record"' in browser.get("/case/").content.decode()
    assert browser.get("/case/letters/destruction-record/").content.startswith(b"%PDF-")


def test_without_an_open_case_there_is_no_letter(browser: Client, cast: Cast) -> None:
    answer = browser.get("/case/letters/statement/")
    assert answer["Content-Type"].startswith("text/html")
    assert "Show the closing" in scenes.text(answer)


def test_a_strangers_letters_say_the_same_for_a_line_in_service_and_a_number_that_is_not_ours(
    browser: Client, cast: Cast
) -> None:
    for kind in ("end-notice", "destruction-record"):
        answers = []
        for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
            open_case(browser, cast.declare(msisdn))
            answer = browser.get(f"/case/letters/{kind}/")
            answers.append((answer.status_code, answer["Location"], answer.content))
        assert answers[0] == answers[1] == (302, "/case/", b"")
