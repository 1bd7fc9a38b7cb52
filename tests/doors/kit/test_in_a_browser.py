"""The kit's page in a real browser: small and large, light and dark, without scripts; what is typed is printed and never sent."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.kit.choices import LANGUAGES
from tests import axe
from tests.doors import chromium

KIT: Final = "/kit/show/?operator=mts&reason=leaving&situation=foreigner"
EVERY = pytest.mark.parametrize("language", LANGUAGES)
WIDTHS: Final = (320, 768, 1280)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with clock.use(ManualClock(datetime(2026, 1, 12, 9, tzinfo=UTC))), chromium.served() as address:
        yield address


@pytest.fixture
def visit(chrome: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page in a language; what the browser complains of ends the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def go(path: str, language: str = "en", **options: Any) -> Page:
        context = chrome.new_context(**{"viewport": {"width": 320, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda trouble: complaints.append(str(trouble)))
        page.goto(f"{site}{path}{'&' if '?' in path else '?'}lang={language}")
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


def printed(page: Page) -> str:
    """What comes out of the printer."""
    document = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    try:
        return " ".join(" ".join(each.get_textpage().get_text_range() for each in document).split())
    finally:
        document.close()


@EVERY
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/kit/", "/kit/show/?operator=mts", KIT])
def test_it_fits_and_is_for_everybody(visit: Callable[..., Page], language: str, scheme: str, path: str) -> None:
    axe.require()
    page = visit(path, language, color_scheme=scheme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe.violations(page) == []


def test_columns_stand_beside_each_other_where_there_is_room(visit: Callable[..., Page]) -> None:
    page = visit(KIT, "zh-hans")
    pair = page.locator("h2.beside:has(> [lang=ru]) > span").first.locator("xpath=..").locator("span")

    narrow = [pair.nth(place).bounding_box() for place in (0, 1)]
    page.set_viewport_size({"width": 1280, "height": 800})
    wide = [pair.nth(place).bounding_box() for place in (0, 1)]
    assert narrow[0] and narrow[1] and wide[0] and wide[1]
    assert narrow[1]["y"] > narrow[0]["y"] and narrow[1]["x"] == narrow[0]["x"]
    assert wide[1]["y"] == wide[0]["y"] and wide[1]["x"] > wide[0]["x"]


@EVERY
def test_it_works_without_scripts_from_the_questions_to_the_files(visit: Callable[..., Page], language: str) -> None:
    page = visit("/kit/", language, java_script_enabled=False, accept_downloads=True)
    for name, value in (("operator", "t2"), ("reason", "lost"), ("situation", "abroad")):
        page.locator(f"[name={name}][value={value}]").check()
    page.click("form button")
    assert "/kit/show/?operator=t2&reason=lost&situation=abroad" in page.url
    assert page.locator("html").get_attribute("lang") == {"zh-hans": "zh-Hans"}.get(language, language)
    assert page.locator("section.part").count() > 5
    with page.expect_download() as taken:
        page.click("a[href*='deadlines.ics']")
    assert taken.value.suggested_filename == "deadlines-t2.ics"


def test_the_form_chooses_the_language_too(visit: Callable[..., Page]) -> None:
    page = visit("/kit/", "en")
    for name, value in (("operator", "t2"), ("lang", "zh-hans"), ("reason", "lost"), ("situation", "abroad")):
        page.locator(f"[name={name}][value={value}]").check()
    page.click("form button")

    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.url.endswith("/kit/show/?operator=t2&reason=lost&situation=abroad")


def test_what_is_typed_is_printed_and_never_sent(visit: Callable[..., Page]) -> None:
    page = visit(KIT)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))
    fields = page.locator("section.part textarea, section.part input.gap")
    typed = [f"Typed {place} 李伟" for place in range(fields.count())]
    for place, text in enumerate(typed):
        fields.nth(place).fill(text)
        fields.nth(place).press("Enter")
    page.locator("section.part input[type=checkbox]").first.check()
    paper = printed(page)

    assert len(typed) > 5
    for place in range(len(typed)):
        assert f"Typed {place} " in paper
    assert asked == []
    assert page.evaluate("document.cookie + JSON.stringify([localStorage.length, sessionStorage.length])") == "[0,0]"


@EVERY
def test_paper_shows_the_letters_and_nothing_of_the_screen(visit: Callable[..., Page], language: str) -> None:
    page = visit(KIT, language)
    paper = printed(page)
    titles = page.locator("section.part h2 > span:last-child").all_inner_texts()

    assert all(" ".join(title.split()) in paper for title in titles)
    for hidden in (page.inner_text(".screen-only"), page.inner_text(".bottom p"), page.inner_text("p.up >> nth=0")):
        assert " ".join(hidden.split()) not in paper


def test_every_part_begins_on_a_page_of_its_own(visit: Callable[..., Page]) -> None:
    page = visit(KIT)
    document = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    tops = [each.get_textpage().get_text_range().strip()[:200] for each in document]
    size = document[0].get_size()
    document.close()

    assert [round(side) for side in size] == [595, 842]
    for title in page.locator("section.part h2").all_inner_texts()[1:]:
        assert any(top.startswith(title.split()[0]) for top in tops), title


def test_the_keyboard_reaches_the_first_answer_and_sees_where_it_is(visit: Callable[..., Page]) -> None:
    page = visit("/kit/")
    stops = []
    for _ in range(6):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert stops[0] == "Skip to the content"
    assert "operator-1" in stops
