"""A visitor who reads Chinese only, from the kiosk to the closed line, with chromium for kiosk, screen, phone and desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lastcall.core.closing.case import Case
from lastcall.core.closing.filing import signed_papers
from tests import axe
from tests.cast import PASSPORT
from tests.doors import chromium
from tests.doors.chromium import picture
from tests.doors.desk.staffed import Staffed

DEBT = 50_000


@pytest.fixture
def site(staffed: Staffed) -> Iterator[str]:
    """The doors on the cast's database, in which Li Wei owes for calls."""
    line = staffed.cast.li_wei.line
    assert line is not None
    staffed.cast.elements.billing.charge(
        line.id, amount=DEBT, service_time=staffed.cast.time.now(), memo="calls", key="calls"
    )
    with chromium.served() as address:
        yield address


def _context(chrome: Browser, width: int, *, scripts: bool = True, dark: bool = False) -> BrowserContext:
    return chrome.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripts, locale="en-GB",
        color_scheme="dark" if dark else "light",
    )  # fmt: skip


def _desk(chrome: Browser, site: str, staffed: Staffed, **how: bool) -> Page:
    """Olga's desk: she is signed in."""
    context = _context(chrome, 1280, **how)
    session = staffed.at_desk("olga").cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    return context.new_page()


def _look(page: Page, pictures: Path, name: str) -> None:
    """A picture, no fault that axe finds, and nothing that sticks out of the page."""
    picture(page, pictures / f"counter-{name}.png")
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _case(staffed: Staffed) -> Case:
    [case] = staffed.base.transact(lambda rows: rows.some(Case, {}))
    return case


def test_from_the_kiosk_to_the_closed_line(chrome: Browser, site: str, staffed: Staffed, pictures: Path) -> None:
    kiosk, desk = _context(chrome, 320).new_page(), _desk(chrome, site, staffed)
    screen, phone = _context(chrome, 1280).new_page(), _context(chrome, 320, dark=True).new_page()
    _take_a_ticket(kiosk, site, pictures)
    phone.goto(kiosk.url.partition("?")[0])
    screen.goto(f"{site}/shop/centre/screen")
    _call(desk, site, pictures)
    expect(screen.locator("#calls")).to_contain_text("A001", timeout=10_000)
    expect(screen.locator("#said")).to_contain_text("A001 – 3")
    _look(screen, pictures, "screen")
    phone.reload()
    expect(phone.locator("h1")).to_contain_text("3")
    _look(phone, pictures, "phone-called")
    desk.get_by_role("button", name="The visitor is here").click()
    _identify(desk, pictures)
    _pay(desk)
    _sign(desk, staffed, pictures)
    _hand_in_the_card(desk, staffed, pictures)
    staffed.cast.work()
    desk.reload()
    expect(desk.locator(".state h2")).to_have_text("The line is closed")
    desk.get_by_role("button", name="End the visit").click()
    assert desk.goto(_visit_of(desk, site, kiosk)).status == 404  # type: ignore[union-attr]


def _visit_of(desk: Page, site: str, kiosk: Page) -> str:
    desk.go_back()
    return desk.url


def _take_a_ticket(kiosk: Page, site: str, pictures: Path) -> None:
    kiosk.goto(f"{site}/shop/centre/")
    _look(kiosk, pictures, "kiosk-language")
    kiosk.get_by_role("link", name="简体中文").click()
    _look(kiosk, pictures, "kiosk-purpose")
    kiosk.locator("button[value=close_line]").click()
    expect(kiosk.locator(".huge")).to_have_text("A001")
    assert kiosk.locator("html").get_attribute("lang") == "zh-Hans"
    _look(kiosk, pictures, "kiosk-ticket")
    kiosk.emulate_media(media="print")
    picture(kiosk, pictures / "counter-kiosk-printed.png")
    expect(kiosk.locator("svg")).to_be_visible()
    expect(kiosk.locator("[data-print]")).to_be_hidden()


def _call(desk: Page, site: str, pictures: Path) -> None:
    desk.goto(f"{site}/desk/counter/")
    desk.get_by_role("link", name="Choose a window").click()
    desk.get_by_label("Window").fill("3")
    desk.get_by_role("button", name="Sit here").click()
    _look(desk, pictures, "queue")
    desk.get_by_role("button", name="Call the next").click()
    _look(desk, pictures, "called")


def _identify(desk: Page, pictures: Path) -> None:
    _look(desk, pictures, "identify")
    desk.get_by_label("Number of the line").fill("+7 900 000-10-01")
    desk.get_by_text("No reader: type it").click()
    desk.get_by_label("State as in the passport").fill("CHN")
    desk.get_by_label("Number of the document").fill(PASSPORT[2])
    desk.get_by_role("button", name="Compare").click()
    expect(desk.get_by_text("Li Wei")).to_be_visible()
    _look(desk, pictures, "visit")
    desk.get_by_role("link", name="Show to the visitor").click()
    assert desk.locator("html").get_attribute("lang") == "zh-Hans"
    _look(desk, pictures, "show")
    desk.go_back()


def _pay(desk: Page) -> None:
    expect(desk.get_by_text(re.compile("Pay 149.50"))).to_be_visible()
    desk.get_by_role("button", name=re.compile("149.50.*in cash")).click()
    expect(desk.get_by_text("The payment was taken.")).to_be_visible()
    expect(desk.get_by_text(re.compile("Pay 149.50"))).to_have_count(0)


def _sign(desk: Page, staffed: Staffed, pictures: Path) -> None:
    printed = desk.request.get(f"{desk.url}statement/")
    assert printed.ok and printed.body().startswith(b"%PDF-")
    pad = desk.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + 40, box["y"] + 60)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 160, box["y"] + 110, steps=5)
    desk.mouse.up()
    desk.get_by_role("button", name="File the signature").click()
    expect(desk.get_by_text("The signed statement is on file.")).to_be_visible()
    case = _case(staffed)
    assert [paper.way for paper in staffed.base.transact(lambda rows: signed_papers(rows, case.id))] == ["drawn"]


def _hand_in_the_card(desk: Page, staffed: Staffed, pictures: Path) -> None:
    desk.get_by_label("Taken in").check()
    desk.get_by_label("Number on the card (ICCID)").fill(staffed.cast.sim_of(staffed.cast.li_wei).iccid)
    desk.get_by_label("The PIN is off").check()
    desk.get_by_role("button", name="Note it").click()
    expect(desk.locator(".state h2")).to_have_text("The line is being switched off")
    _look(desk, pictures, "ceasing")


def test_without_scripts_a_ticket_is_taken_and_called(
    chrome: Browser, site: str, staffed: Staffed, pictures: Path
) -> None:
    kiosk = _context(chrome, 320, scripts=False).new_page()
    desk = _desk(chrome, site, staffed, scripts=False, dark=True)
    kiosk.goto(f"{site}/shop/centre/")
    kiosk.get_by_role("link", name="Русский").click()
    kiosk.locator("button[value=pay]").click()
    _look(kiosk, pictures, "kiosk-plain")
    desk.goto(f"{site}/desk/counter/window/")
    desk.get_by_label("Window").fill("7")
    desk.get_by_role("button", name="Sit here").click()
    desk.get_by_role("button", name="Call to the window B001").click()
    desk.get_by_role("button", name="The visitor is here").click()
    _look(desk, pictures, "identify-dark")
    kiosk.goto(kiosk.url.partition("?")[0])
    expect(kiosk.locator("h1")).to_contain_text("7")
    kiosk.goto(f"{site}/shop/centre/screen")
    assert 'http-equiv="refresh"' in kiosk.content()
