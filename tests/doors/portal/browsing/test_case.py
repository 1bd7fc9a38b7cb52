"""The pages of a case in a real browser: in three languages, on a telephone and on a desk, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from lastcall.core.closing.receipts import Receipt
from tests import axe
from tests.cast import Cast
from tests.doors.portal import scenes
from tests.doors.portal.browsing.visit import Visit, assert_clean
from tests.doors.portal.case_forms import code_of

pytestmark = pytest.mark.usefixtures("with_axe")


def look(visitor: Visit, name: str) -> None:
    """As :meth:`Visit.look`, and nothing that keeps people out."""
    visitor.look(name)
    found = axe.violations(visitor.page)
    assert found == [], name


def show_who(visitor: Visit, cast: Cast, receipt: Receipt, *, looking: bool = False) -> None:
    """Through the four questions and the code, by what a reader sees."""
    page = visitor.page
    for name, step in (("kind", "#id_answer_0"), ("country", ""), ("where", "#id_answer_2")):
        page.select_option("#id_country", "CN") if not step else page.check(step)
        if looking:
            look(visitor, f"identity-{name}")
        page.click("#continue")
    page.fill("#id_document", cast.li_wei.document[2])
    if looking:
        look(visitor, "identity-number")
    page.click("#send-code")
    if looking:
        look(visitor, "identity-code")
        page.fill("#id_code", "000000")
        page.click("#confirm")
        look(visitor, "identity-code-refused")
    page.fill("#id_code", code_of(cast, receipt))
    page.click("#confirm")


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_every_page_of_a_case_fits_and_stays_quiet(visit: Callable[..., Visit], cast: Cast, language: str) -> None:
    receipt = cast.declare(language=language)
    cast.work()
    visitor = visit(language)
    visitor.post("/case/", **scenes.words(receipt))
    look(visitor, "case-1-received")
    visitor.page.click("#to-identity")
    show_who(visitor, cast, receipt, looking=True)
    cast.work()
    visitor.go("/case/")
    look(visitor, "case-2-proved")
    for path in ("photo", "callback", "papers", "sim", "refund", "withdraw", "stop"):
        visitor.go(f"/case/{path}/")
        look(visitor, f"case-{path}")
    visitor.go("/case/photo/")
    visitor.page.click("#give")
    look(visitor, "case-photo-refused")
    visitor.go("/case/papers/")
    visitor.page.check("#id_answer_0")
    visitor.page.click("#announce")
    look(visitor, "case-papers-sheet")
    visitor.go("/case/callback/")
    visitor.page.check("#id_start_0_0")
    visitor.page.click("#book")
    look(visitor, "case-callback-booked")
    visitor.go("/case/stop/")
    visitor.page.click("#stop")
    look(visitor, "case-3-stopped")
    assert_clean(visitor)


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_the_number_can_be_asked_back_in_every_language(visit: Callable[..., Visit], cast: Cast, language: str) -> None:
    visitor = visit(language)
    visitor.post("/case/", **scenes.words(cast.closed()))
    visitor.page.click("#act-back")
    look(visitor, "case-back")
    visitor.page.click("#ask-back")
    look(visitor, "case-4-asked-back")
    assert cast.base is not None
    assert_clean(visitor)


def test_the_whole_way_without_scripts(visit: Callable[..., Visit], cast: Cast) -> None:
    receipt = cast.declare(language="ru")
    visitor = visit("ru", scripts=False)
    visitor.post("/case/", **scenes.words(receipt))
    visitor.page.click("#to-identity")
    show_who(visitor, cast, receipt)
    assert visitor.page.url == f"{visitor.site}/case/"
    assert visitor.page.locator("#said").count() == 1
    cast.work()
    visitor.go("/case/sim/")
    visitor.page.check("#id_answer_0")
    visitor.page.click("#save")
    assert cast.case(receipt).sim_custody == "subscriber"


def test_a_code_can_be_pasted(visit: Callable[..., Visit], cast: Cast) -> None:
    receipt = cast.declare(language="en")
    visitor = visit("en")
    visitor.post("/case/", **scenes.words(receipt))
    visitor.page.click("#to-identity")
    page: Page = visitor.page
    page.check("#id_answer_0")
    page.click("#continue")
    page.select_option("#id_country", "CN")
    page.click("#continue")
    page.check("#id_answer_2")
    page.click("#continue")
    page.fill("#id_document", cast.li_wei.document[2])
    page.press("#id_document", "Enter")
    code = code_of(cast, receipt)
    page.focus("#id_code")
    page.keyboard.insert_text(f"{code[:3]} {code[3:]}")  # what a paste does to a field
    page.press("#id_code", "Enter")
    assert page.url == f"{visitor.site}/case/"


def test_a_session_that_ran_out_leads_back_to_the_page_with_what_was_chosen(
    visit: Callable[..., Visit], cast: Cast
) -> None:
    receipt = scenes.waiting(cast)
    visitor = visit("en")
    visitor.post("/case/", **scenes.words(receipt))
    visitor.go("/case/sim/")
    visitor.page.check("#id_answer_2")
    visitor.page.context.clear_cookies(name="lastcall_case")
    visitor.page.click("#save")
    visitor.page.fill("#id_reference", receipt.reference)
    visitor.page.fill("#id_secret", receipt.secret)
    visitor.page.press("#id_secret", "Enter")
    assert visitor.page.url == f"{visitor.site}/case/sim/"
    assert visitor.page.is_checked("#id_answer_2")


def test_the_bill_and_the_story_print_and_the_controls_do_not(visit: Callable[..., Visit], cast: Cast) -> None:
    visitor = visit("ru")
    visitor.post("/case/", **scenes.words(cast.closed()))
    visitor.page.emulate_media(media="print")
    assert visitor.page.is_visible("table")
    assert visitor.page.is_visible("section[aria-labelledby=happened]")
    assert visitor.page.is_visible("section[aria-labelledby=number]")
    for control in (".leave", "#act-back", "#letter-case-file"):
        assert not visitor.page.is_visible(control)
    visitor.page.pdf(path=visitor.pictures / "print-case-closed-ru.pdf")
