"""Nikolai looks at a number and asks for its early release, Nadia approves, the sweep releases it: all in chromium."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.number import Quarantine
from lastcall.core.numbers.pools import count_pools
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from tests import axe
from tests.cast import FIRST, LI_WEI_MSISDN
from tests.doors import chromium
from tests.doors.chromium import picture
from tests.doors.desk.samples.numbers import resting, stuck
from tests.doors.desk.staffed import Staffed

WIDTHS = (1280, 768, 320)


@pytest.fixture
def site(staffed: Staffed) -> Iterator[str]:
    """The desk on the cast's database, with Li Wei's number in quarantine and others that rest beside it."""
    resting(staffed)
    _others(staffed, 40)
    with chromium.served() as address:
        yield address


def _others(staffed: Staffed, count: int) -> None:
    now, writes = staffed.cast.time.now(), []
    for place in range(count):
        end = now + timedelta(days=1 + place * place % 23)
        tenure = Tenure(
            id=100 + place, msisdn=FIRST + 7_000 + place, ordinal=1, subscriber_id=staffed.cast.sergei.subscriber.id,
            since=now - timedelta(days=400), until=now - timedelta(days=200), ending="ceased", reclaim_until=now,
            quarantine_until=end,
        )  # fmt: skip
        writes += [Insert(tenure), Insert(Quarantine(quarantine_until=end, msisdn=tenure.msisdn, tenure_id=tenure.id))]
    staffed.base.transact(lambda rows: rows.apply(Plan(tuple(writes))))


def _desk(chrome: Browser, site: str, staffed: Staffed, login: str, *, dark: bool = False) -> Page:
    context = chrome.new_context(
        viewport={"width": WIDTHS[0], "height": 800}, locale="en-GB", color_scheme="dark" if dark else "light"
    )
    session = staffed.at_desk(login).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    return context.new_page()


def _look(page: Page, pictures: Path, name: str) -> None:
    """Pictures, no fault that axe finds, and nothing that sticks out of the page at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        picture(page, pictures / f"numbers-{name}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} sticks out at {width}"
    assert axe.violations(page) == []
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})


def test_asked_by_one_approved_by_another_and_released_by_the_sweep(
    chrome: Browser, site: str, staffed: Staffed, pictures: Path
) -> None:
    nikolai = _desk(chrome, site, staffed, "nikolai")
    _search(nikolai, site, pictures)
    _ask(nikolai, pictures)
    nadia = _desk(chrome, site, staffed, "nadia", dark=True)
    nadia.goto(f"{site}/desk/numbers/early/")
    _look(nadia, pictures, "requests")
    nadia.get_by_role("button", name="Look at the number and decide").click()
    _look(nadia, pictures, "decide")
    nadia.get_by_role("button", name="Approve").click()
    expect(nadia.get_by_role("status")).to_contain_text("The next sweep releases the number.")
    assert sweep(staffed.base).released == 1
    nadia.reload()
    expect(nadia.get_by_role("heading", level=1)).to_contain_text("Available")
    _look(nadia, pictures, "released")
    assert staffed.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state == "available"


def _search(page: Page, site: str, pictures: Path) -> None:
    page.goto(f"{site}/desk/numbers/")
    page.get_by_label("Number", exact=True).fill("8 900 000-10-01")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose one of the reasons.")
    _look(page, pictures, "search")
    page.get_by_label("Reason").select_option(label="Planning of numbers")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("+7 900 000-10-01")
    expect(page.get_by_role("list", name="What happened")).to_contain_text("The number went into quarantine.")
    assert "9000001001" not in page.url
    _look(page, pictures, "life")


def _ask(page: Page, pictures: Path) -> None:
    page.get_by_role("link", name="Ask for an early release").click()
    _look(page, pictures, "ask")
    page.get_by_label("Reason").select_option(label="Numbers run short")
    page.get_by_label("Reference of the order").fill("ORD-2026/17")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status")).to_have_text("Asked for. Another number manager decides.")
    _look(page, pictures, "asked")


def test_the_counts_are_readable_at_every_width(chrome: Browser, site: str, staffed: Staffed, pictures: Path) -> None:
    count_pools(staffed.base, operator_inn="7700000000")
    sweep(staffed.base)
    stuck(staffed)
    page = _desk(chrome, site, staffed, "nikolai")
    for name in ("calendar", "ranges", "sweeps", "stuck"):
        page.goto(f"{site}/desk/numbers/{name}/")
        _look(page, pictures, name)
    page.goto(f"{site}/desk/numbers/calendar/")
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("table")).to_contain_text("Together")
    page.get_by_role("link", name="Next month").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("2026")
