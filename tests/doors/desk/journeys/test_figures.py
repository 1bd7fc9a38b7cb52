"""A reviewer looks at the figures in a real browser: charts are there under the strict policy, narrow and wide, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from lastcall.core.figures import report
from tests import axe
from tests.core.figures.story import closed
from tests.doors import chromium
from tests.doors.desk.staffed import Staffed

LOADED = "[...document.images].filter(image => image.complete && image.naturalWidth > 0).map(image => image.currentSrc)"
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def site(staffed: Staffed) -> Iterator[str]:
    """The desk after the story."""
    closed(staffed.cast)
    report.forget()
    with chromium.served() as address:
        yield address
    report.forget()


def opened(
    chrome: Browser, staffed: Staffed, site: str, *, width: int, scheme: Literal["light", "dark"], complaints: list[str]
) -> Page:
    """The figures before Irina, once every chart has come."""
    key = staffed.at_desk("irina").cookies[settings.SESSION_COOKIE_NAME].value
    context = chrome.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": f"{site}/desk/"}])
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda trouble: complaints.append(str(trouble)))
    page.goto(f"{site}/desk/figures/", wait_until="load")
    return page


@pytest.mark.parametrize(("width", "scheme", "look"), [(1280, "light", "wide"), (320, "dark", "narrow-dark")])
def test_every_chart_is_shown_and_the_page_is_for_everybody(
    chrome: Browser, staffed: Staffed, site: str, width: int, scheme: Literal["light", "dark"], look: str
) -> None:
    complaints: list[str] = []
    page = opened(chrome, staffed, site, width=width, scheme=scheme, complaints=complaints)
    shown = page.evaluate(LOADED)
    assert len(shown) == 9 and all(address.endswith(f"look={look}") for address in shown)
    assert page.evaluate(TOO_WIDE) <= 0
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert complaints == []
    assert axe.violations(page) == []
    page.context.close()


def test_the_table_beneath_a_chart_opens_and_a_shorter_period_is_kept(
    chrome: Browser, staffed: Staffed, site: str
) -> None:
    page = opened(chrome, staffed, site, width=768, scheme="light", complaints=[])
    page.get_by_label("Period", exact=True).select_option("7")
    page.get_by_label("Door", exact=True).select_option("hotline")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**days=7&door=hotline**")
    assert page.get_by_label("Period", exact=True).input_value() == "7"
    card = page.locator("section", has=page.locator("#flow"))
    card.locator("summary").click()
    assert card.locator("tbody tr").count() == 7
    with page.expect_download() as kept:
        card.get_by_role("link", name="Download (CSV)").click()
    assert kept.value.suggested_filename.startswith("flow-2026-03-")
    page.context.close()
