"""Declaring in a real browser: home to receipt in three presses, by keyboard, without scripts, twice clicked, going back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from lastcall.core.closing.case import Case
from tests.cast import Cast
from tests.doors.portal import scenes
from tests.doors.portal.browsing.visit import Visit, assert_clean

NUMBER = "+7 900 000-10-01"
START = {"en": "Close a line", "ru": "Закрыть номер", "zh-hans": "注销号码"}


def cases(cast: Cast) -> list[Case]:
    """All there are."""
    return cast.base.transact(lambda rows: rows.some(Case, {}))


def to_the_check(page: Page, language: str = "en") -> None:
    """From home to the page before the declaration, by two presses."""
    page.get_by_role("link", name=START[language], exact=True).click()
    page.fill("#id_line", NUMBER)
    page.click("main button.go")


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_every_page_of_the_journey_fits_and_stays_quiet(visit: Callable[..., Visit], language: str) -> None:
    visitor = visit(language)
    page = visitor.page
    visitor.look("home")
    page.get_by_role("link", name=START[language], exact=True).click()
    visitor.look("close")
    page.fill("#id_line", "12345")
    page.fill("#id_end_date", "31.02.2026")
    page.click("main button.go")
    visitor.look("close-refused")
    page.fill("#id_line", NUMBER)
    page.fill("#id_end_date", "31.12.2026")
    page.fill("#id_contact", "li@example.org")
    page.click("main button.go")
    visitor.look("check")
    page.click("main button.go")
    assert page.url == f"{visitor.site}/receipt/"
    visitor.look("receipt")
    for path, name in (("/prepare/", "prepare"), ("/stop/", "stop")):
        visitor.go(path)
        visitor.look(name)
    page.fill("#id_number", NUMBER)
    page.fill("#id_word", "ABCD 1234")
    page.click("main button.go")
    visitor.look("stopped")
    visitor.go("/receipt/")
    page.click(".leave button")
    visitor.look("no-receipt")
    assert_clean(visitor)


def test_three_presses_lead_from_home_to_the_receipt(visit: Callable[..., Visit], cast: Cast) -> None:
    visitor = visit("ru")
    to_the_check(visitor.page, "ru")
    visitor.page.click("main button.go")
    assert visitor.page.url == f"{visitor.site}/receipt/"
    assert len(cases(cast)) == 1
    visitor.page.reload()
    assert visitor.page.locator("#reference").count() == 1
    assert_clean(visitor)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_quick_clicks_are_one_case(visit: Callable[..., Visit], cast: Cast, scripts: bool) -> None:
    visitor = visit("en", scripts=scripts)
    to_the_check(visitor.page)
    visitor.page.dblclick("main button.go")
    visitor.page.wait_for_url("**/receipt/")
    assert len(cases(cast)) == 1


def test_going_back_and_on_is_one_case(visit: Callable[..., Visit], cast: Cast) -> None:
    visitor = visit("en")
    to_the_check(visitor.page)
    visitor.page.click("main button.go")
    reference = visitor.page.inner_text("#reference")
    visitor.page.go_back()
    visitor.page.wait_for_url("**/receipt/")
    assert visitor.page.inner_text("#reference") == reference
    assert len(cases(cast)) == 1


def test_the_journey_works_by_keyboard_alone(visit: Callable[..., Visit], cast: Cast) -> None:
    page = visit("en").page

    def tab_to(wanted: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            here = page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", here
            if re.fullmatch(wanted, here):
                return
        pytest.fail(f"Tab does not reach {wanted}")

    tab_to("Close a line")
    page.keyboard.press("Enter")
    page.wait_for_url("**/close/")
    tab_to("id_line")
    page.keyboard.type(NUMBER)
    tab_to("id_contact")
    page.keyboard.press("Enter")
    page.wait_for_url("**/close/check/")
    tab_to("Close .* now")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/")
    assert len(cases(cast)) == 1


def test_the_language_switch_on_the_way_loses_nothing(visit: Callable[..., Visit], cast: Cast) -> None:
    visitor = visit("en")
    page = visitor.page
    page.get_by_role("link", name="Close a line", exact=True).click()
    page.fill("#id_line", NUMBER)
    page.check("#id_identity_representative")
    page.click("nav.languages button[value=ru]")
    assert page.input_value("#id_line") == NUMBER
    assert page.is_checked("#id_identity_representative")
    page.click("main button.go")
    page.click("nav.languages button[value=zh-hans]")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert NUMBER in page.inner_text("main button.go")
    assert cases(cast) == []
    page.click("main button.go")
    (case,) = cases(cast)
    assert (case.language, case.declared_by) == ("zh-hans", "representative")
    assert_clean(visitor)


def test_a_typed_day_chooses_the_day_and_back(visit: Callable[..., Visit]) -> None:
    visitor = visit("en")
    visitor.go("/close/")
    visitor.page.fill("#id_end_date", "31.12.2026")
    assert visitor.page.is_checked("#id_end_day")
    visitor.page.check("#id_end")
    assert visitor.page.input_value("#id_end_date") == ""


@pytest.mark.parametrize("path", ["/", "/close/", "/prepare/", "/stop/"])
def test_twice_as_large_it_needs_no_sideways_scrolling(visit: Callable[..., Visit], path: str) -> None:
    visitor = visit("ru")
    visitor.go(path)
    visitor.page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_it_is_dark_for_those_who_want_it(visit: Callable[..., Visit], language: str) -> None:
    visitor = visit(language, scheme="dark")
    to_the_check(visitor.page, language)
    visitor.look("dark-check")
    visitor.page.click("main button.go")
    visitor.look("dark-receipt")
    assert_clean(visitor)


def test_buttons_and_links_that_act_are_large_enough(visit: Callable[..., Visit]) -> None:
    visitor = visit("en")
    for path in ("/", "/close/", "/prepare/", "/stop/"):
        visitor.go(path)
        small = visitor.page.evaluate(
            "[...document.querySelectorAll('main a, main button, main summary, footer a, .choice label')]"
            ".filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.textContent.trim())"
        )
        assert small == [], path


def test_an_open_case_warns_before_it_closes_and_stays_as_often_as_asked(visit: Callable[..., Visit]) -> None:
    visitor = visit("en")
    page = visitor.page
    page.clock.install()
    to_the_check(page)
    page.click("main button.go")
    page.click("a[href='/receipt/prepare/']")
    warning = page.locator("[data-session]")
    for _ in range(11):
        assert not warning.is_visible()
        page.clock.fast_forward("13:10")
        warning.wait_for(state="visible")
        assert page.evaluate("document.activeElement.hasAttribute('data-stay')")
        with page.expect_response(lambda answer: answer.request.method == "HEAD" and answer.status == 200):
            page.click("[data-stay]")
        warning.wait_for(state="hidden")
    page.clock.fast_forward("13:10")
    page.clock.fast_forward("02:00")
    assert_clean(visitor)


def test_what_was_ticked_survives_the_end_of_the_session(visit: Callable[..., Visit]) -> None:
    page = visit("en").page
    page.clock.install()
    to_the_check(page)
    page.click("main button.go")
    page.click("a[href='/receipt/prepare/']")
    page.check("#id_document")
    page.clock.fast_forward("15:10")
    page.locator("[data-over]").wait_for(state="visible")
    assert page.is_checked("#id_document")


def test_words_of_the_receipt_can_be_copied(chrome: Browser, site: str, cast: Cast) -> None:
    context = chrome.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/?lang=en")
    to_the_check(page)
    page.click("main button.go")
    page.get_by_role("button", name="Copy Reference").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.inner_text("#reference")
    context.close()


def test_print_leaves_the_controls_out_and_keeps_the_words(visit: Callable[..., Visit]) -> None:
    visitor = visit("en")
    to_the_check(visitor.page)
    visitor.page.click("main button.go")
    visitor.page.emulate_media(media="print")
    assert not visitor.page.is_visible("nav.languages")
    assert not visitor.page.is_visible(".leave button")
    assert visitor.page.is_visible("#reference") and visitor.page.is_visible("#secret")
    visitor.page.pdf(path=visitor.pictures / "print-receipt-en.pdf")
    visitor.go("/prepare/")
    assert visitor.page.is_visible("#id_document")
