"""The screen as people see it: in a browser, in three languages, on a small phone's width and a counter's monitor."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from lastcall.core.database import database
from lastcall.doors.reader.stage import SILENT, STAGES
from tests import axe
from tests.doors import chromium
from tests.doors.reader.counter import PIN, Beside, secret_on
from tests.secrecy import stands_in

WIDTHS: Final = (320, 1280)
TAGS: Final = {"zh-hans": "zh-Hans", "ru": "ru", "en": "en"}
_SMALL: Final = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), label')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"""


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go."""
    folder = Path(os.environ.get("LASTCALL_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def site(fresh: Beside) -> Iterator[str]:
    """The screen on an address of its own."""
    with chromium.served() as address:
        yield address
    database().close()


@pytest.fixture
def opened(chrome: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens the screen in a browser, with or without scripts."""
    contexts = []

    def begin(*, scripts: bool = True, dark: bool = False) -> Page:
        context = chrome.new_context(java_script_enabled=scripts, color_scheme="dark" if dark else "light")
        contexts.append(context)
        page = context.new_page()
        page.goto(site)
        return page

    yield begin
    for context in contexts:
        context.close()


def _unpaired(beside: Beside) -> None:
    beside.press("pair", code="WRONGWRONG")


def _waiting(beside: Beside) -> None:
    beside.pair()


def _asked(beside: Beside) -> None:
    beside.pair().ask(language="")


def _pin(beside: Beside) -> None:
    beside.card.pin.tries = 2
    _asked(beside)
    beside.press("agree")
    beside.press("pin", pin="9999")


def _puk(beside: Beside) -> None:
    beside.card.pin.tries = 0
    _asked(beside)
    beside.press("agree")


def _working(beside: Beside) -> None:
    _asked(beside)
    beside.agent.showing.claim("agree", beside.agent.stage.page)
    beside.agent.showing.progress("reading", 120, 280)
    beside.visit.cast.time.advance(SILENT)


def _done(beside: Beside) -> None:
    _asked(beside)
    beside.press("agree")
    beside.press("pin", pin=PIN)


def _stopped(beside: Beside) -> None:
    _asked(beside)
    beside.links.pull_out(1)
    beside.press("agree")


SCENES: Final = {
    "unpaired": _unpaired, "waiting": _waiting, "asked": _asked, "pin": _pin, "puk": _puk, "working": _working,
    "done": _done, "stopped": _stopped,
}  # fmt: skip


def test_every_stage_has_its_scene() -> None:
    assert set(SCENES) == set(STAGES)


@pytest.mark.parametrize("scene", SCENES)
def test_a_stage_reads_well_in_every_language_and_width(
    fresh: Beside, opened: Callable[..., Page], pictures: Path, scene: str
) -> None:
    axe.require()
    SCENES[scene](fresh)
    assert fresh.agent.stage.name == scene
    page = opened(dark=scene == "pin")
    for language, tag in TAGS.items():
        fresh.agent.speak(language)
        page.reload()
        assert page.locator("html").get_attribute("lang") == tag
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(_SMALL) == []
            page.screenshot(path=pictures / f"reader-{scene}-{language}-{width}.png", full_page=True)
    assert axe.violations(page) == []


def _go_on(page: Page, act: str) -> None:
    page.locator(f"button[value={act}]").click()


def test_it_all_works_without_scripts(fresh: Beside, opened: Callable[..., Page]) -> None:
    fresh.agent.speak("en")
    page = opened(scripts=False)
    page.fill("#id_code", fresh.code())
    _go_on(page, "pair")
    expect(page.locator("h1")).to_have_text("Waiting for the desk")
    fresh.visit.token = fresh.agent.desk._token
    fresh.ask()
    expect(page.locator("h1")).to_have_text("Your SIM card", timeout=10_000)
    _go_on(page, "agree")
    page.fill("#id_pin", PIN)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Done")
    secret = secret_on(page.content())
    assert re.fullmatch("[0-9A-Z]{24}", secret)
    _go_on(page, "finish")
    expect(page.locator("h1")).to_have_text("Waiting for the desk")
    page.go_back()
    assert not [word for word in (secret[:5], PIN) if stands_in(word, page.content())]


def _looks_again(page: Page) -> None:
    """A second passes in the page, and it asks what there is now."""
    with page.expect_response(page.url):
        page.clock.fast_forward(1_000)


def test_with_scripts_the_screen_follows_by_itself_and_says_when_the_program_ends(
    fresh: Beside, opened: Callable[..., Page]
) -> None:
    fresh.agent.speak("en")
    fresh.pair()
    page = opened()
    page.clock.install()
    page.reload()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    fresh.ask()
    _looks_again(page)
    expect(page.locator("h1")).to_have_text("Your SIM card")
    fresh.agent.showing.claim("agree", fresh.agent.stage.page)
    fresh.agent.showing.progress("reading", 10, 20)
    _looks_again(page)
    expect(page.locator("progress")).to_have_attribute("value", "10")
    fresh.agent.showing.progress("reading", 20, 20)
    _looks_again(page)
    expect(page.locator("progress")).to_have_js_property("value", 20)
    fresh.visit.cast.time.advance(SILENT)
    button = page.locator("button[value=give_up]")
    button.focus()
    for _ in range(2):
        _looks_again(page)
    expect(button).to_be_focused()  # what is looked at every second is not taken from under a finger
    assert said == [], "nothing was against the Content-Security-Policy"
    page.route("**/*", lambda route: route.abort())
    for _ in range(3):
        with page.expect_event("requestfailed"):
            page.clock.fast_forward(1_000)
    expect(page.locator("#gone")).to_be_visible(timeout=10_000)
    page.unroute("**/*")
    page.route("**/*", lambda route: route.fulfill(status=403, body="another program, and another key"))
    page.clock.fast_forward(1_000)
    expect(page.locator("body")).to_have_text("another program, and another key", timeout=10_000)


def test_a_secret_can_be_read_from_the_picture(fresh: Beside, opened: Callable[..., Page]) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    import io

    _done(fresh)
    page = opened()
    shot = image.open(io.BytesIO(page.locator(".qr").screenshot()))
    (found,) = zxingcpp.read_barcodes(shot)
    address = page.locator(".address").inner_text()
    assert found.text == f"{address}#{secret_on(page.content())}"
