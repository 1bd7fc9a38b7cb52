"""Before you leave: it helps, keeps ticks on the device or with the case, and never stands in the way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from lastcall.core.closing import preparation
from lastcall.core.policies.load import load
from lastcall.core.ports import Printer
from lastcall.doors.portal.presenters.prepare import prepare_page
from tests.cast import Cast
from tests.doors.portal import scenes
from tests.doors.portal.scenes import open_case, speak, text
from tests.doors.portal.test_closing_a_line import cases, confirmed
from tests.doors.portal.test_receipt_page import PrintsWords, printed_by  # noqa: F401 - a fixture

DONE = ["document", "unlink.banks"]


def ticked(answer: scenes.Answer) -> list[str]:
    """The boxes that are ticked on a page."""
    return re.findall(r'name="done" value="([^"]+)"[^>]* checked', answer.content.decode())


def of_case(cast: Cast, case_id: int) -> frozenset[str]:
    return cast.base.transact(lambda rows: preparation.ticked(rows, case_id))


def marked(browser: Client) -> dict[str, str]:
    """The hidden field that says which case the page belongs to."""
    body = browser.get("/case/prepare/").content.decode()
    found = re.search(r'name="of" value="([^"]+)"', body)
    assert found is not None
    return {"of": found[1]}


def test_it_has_a_box_for_every_task(browser: Client, cast: Cast) -> None:
    body = browser.get("/prepare/").content.decode()
    pack = load("demo", on=cast.time.now().date())
    assert tuple(re.findall(r'name="done" value="([^"]+)"', body)) == preparation.tasks(pack)
    assert "checked" not in body


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Banks and payment services", "Take the number to another operator", "a SIM has no term")),
        ("ru", ("Банки и платёжные сервисы", "Перенос номера к другому оператору", "Срока у SIM-карты нет")),
        ("zh-hans", ("银行和支付服务", "携号转网", "SIM卡没有期限")),
    ],
    ids=["en", "ru", "zh-hans"],
)
def test_it_speaks_in_the_packs_words(browser: Client, language: str, words: tuple[str, ...]) -> None:
    speak(browser, language)
    page = text(browser.get("/prepare/")).lower()
    assert all(word.lower() in page for word in words)


def test_the_rules_of_taking_the_number_along_are_the_packs(browser: Client) -> None:
    page = text(browser.get("/prepare/"))
    assert "within 8 days" in page
    assert "100.00 ₽ for each number" in page
    assert "in your name for 60 days. (not confirmed)" in page
    assert "ask first. (not confirmed)" in page


def test_ticks_stay_on_the_device(browser: Client, cast: Cast) -> None:
    answer = browser.post("/prepare/", {"done": DONE})
    assert "Saved: 2 of 14 done." in text(answer)
    assert ticked(browser.get("/prepare/")) == DONE
    assert ticked(Client(headers={"host": "localhost"}).get("/prepare/")) == []
    browser.post("/prepare/", {"done": DONE[:1]})
    assert ticked(browser.get("/prepare/")) == DONE[:1]


def test_the_cookie_holds_keys_that_we_know_and_nothing_else(browser: Client) -> None:
    browser.post("/prepare/", {"done": ["document", "<b>x</b>", "unlink.nothing"]})
    assert ticked(browser.get("/prepare/")) == ["document"]


def test_ticks_go_along_with_the_declaration(browser: Client, cast: Cast) -> None:
    browser.post("/prepare/", {"done": DONE})
    confirmed(browser)
    (case,) = cases(cast)
    assert of_case(cast, case.id) == frozenset(DONE)


def test_nothing_ticked_declares_as_well(browser: Client, cast: Cast) -> None:
    confirmed(browser)
    assert of_case(cast, cases(cast)[0].id) == frozenset()


def test_with_a_case_open_the_ticks_belong_to_it(browser: Client, cast: Cast) -> None:
    receipt = scenes.unproved(cast)
    open_case(browser, receipt)
    answer = browser.post("/case/prepare/", {"done": DONE} | marked(browser))
    assert "The ticks are kept with your closing." in text(answer)
    assert of_case(cast, receipt.case_id) == frozenset(DONE)
    assert ticked(browser.get("/case/prepare/")) == DONE
    assert ticked(browser.get("/prepare/")) == []


def test_a_page_of_another_case_ticks_nothing(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.unproved(cast))
    elsewhere = marked(browser)
    other = cast.declare(cast.anna.msisdn)
    open_case(browser, other)
    browser.post("/case/prepare/", {"done": DONE} | elsewhere)
    assert of_case(cast, other.case_id) == frozenset()


def test_without_an_open_case_it_is_the_list_of_the_device(browser: Client) -> None:
    assert browser.get("/case/prepare/")["Location"] == "/prepare/"


def test_the_receipt_leads_to_the_list_of_its_case(browser: Client) -> None:
    confirmed(browser)
    answer = browser.get("/receipt/prepare/", follow=True)
    assert answer.redirect_chain == [("/case/prepare/", 302)]
    assert "The ticks are kept with your closing." in text(answer)


def test_another_language_keeps_unsaved_ticks_and_saves_none(browser: Client) -> None:
    answer = browser.post("/prepare/", {"done": DONE, "lang": "ru"})
    assert ticked(answer) == DONE
    assert '<html lang="ru">' in answer.content.decode()
    assert ticked(browser.get("/prepare/")) == []


def test_it_can_be_had_on_paper(
    browser: Client,
    printed_by: Callable[[Printer], None],  # noqa: F811
) -> None:
    printed_by(PrintsWords())
    answer = browser.get("/prepare/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == b"%PDF checklist en"


def test_a_shops_card_reader_is_offered_only_where_the_pack_says_so(cast: Cast) -> None:
    on = cast.time.now().date()
    with translation.override("en"):
        offered, not_offered = (
            {
                how.on
                for task in prepare_page(load(name, on=on), done=frozenset(), language="en").tasks
                for how in task.how
            }
            for name in ("demo", "mts")
        )
    assert offered - not_offered == {"In our shops"}
