"""From the voice menu to the web: an agent takes the call, asks, guides, sends the link and books a call-back, in chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from lastcall.core.hotline.call import Call
from tests import axe
from tests.cast import ANNA_MSISDN
from tests.core.hotline.calling import Hotline
from tests.doors import chromium
from tests.doors.chromium import picture
from tests.doors.desk.staffed import Staffed

HOST = "close.example.org"


@pytest.fixture
def site(staffed: Staffed, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The doors on the cast's database, known to subscribers by a name of their own."""
    monkeypatch.setattr(settings, "LASTCALL_PUBLIC_HOST", HOST)
    with chromium.served() as address:
        yield address


def _desk(chrome: Browser, site: str, staffed: Staffed, *, scripts: bool = True) -> Page:
    """Timur's desk: he is signed in."""
    context = chrome.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts, locale="en-GB")
    session = staffed.at_desk("timur").cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    return context.new_page()


def _look(page: Page, pictures: Path, name: str) -> None:
    """A picture at two widths, no fault that axe finds, and nothing that sticks out of the page."""
    for width in (768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, pictures / f"calls-{name}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe.violations(page) == []


def _answer(page: Page, *said: str) -> None:
    for answer in said:
        page.locator("#id_said").fill(answer)
        page.get_by_role("button", name="Next").click()


def test_from_the_menu_over_the_agent_to_the_web(chrome: Browser, site: str, staffed: Staffed, pictures: Path) -> None:
    hotline = Hotline(staffed.cast)
    call = hotline.queued(pressed="3456")
    staffed.cast.work()
    desk = _desk(chrome, site, staffed)
    _take_and_ask(desk, site, pictures)
    _prove(desk, hotline, call, pictures)
    _send_the_link(desk, pictures)
    staffed.cast.work()
    _open_it_on_the_web(chrome, site, staffed)
    _book_and_finish(desk, pictures)


def _take_and_ask(desk: Page, site: str, pictures: Path) -> None:
    desk.goto(f"{site}/desk/calls/")
    _look(desk, pictures, "queue")
    desk.get_by_role("button", name="Take this call").click()
    expect(desk.get_by_text("they agreed")).to_be_visible()
    _look(desk, pictures, "ticket")
    desk.get_by_role("button", name="Ask the questions").click()
    _answer(desk, "4512 999888")
    _look(desk, pictures, "question")
    _answer(desk, "Анна Петрова")
    expect(desk.get_by_text("The answers were not all right.")).to_be_visible()
    desk.get_by_role("button", name="Ask the questions").click()
    _answer(desk, "4510 123456", "Петрова Анна")
    expect(desk.get_by_role("heading", name="What is missing")).to_be_visible()
    _look(desk, pictures, "guide")


def _prove(desk: Page, hotline: Hotline, call: Call, pictures: Path) -> None:
    desk.get_by_role("button", name="Prove with a code").click()
    desk.get_by_label("The code goes").select_option("mail")
    _answer(desk, "4510 123456")
    _look(desk, pictures, "code")
    _answer(desk, hotline.code(call))
    expect(desk.get_by_text("The answers were right.")).to_be_visible()


def _send_the_link(desk: Page, pictures: Path) -> None:
    desk.get_by_role("button", name="Send the link").first.click()
    expect(desk.get_by_text("The link is on its way to the contact on file.")).to_be_visible()
    assert HOST not in desk.content()
    _look(desk, pictures, "linked")


def _open_it_on_the_web(chrome: Browser, site: str, staffed: Staffed) -> None:
    outbox = staffed.cast.elements.messengers["sms"]
    [message] = [text for text in outbox.messages() if HOST in text.text]  # type: ignore[attr-defined]
    assert message.address == f"+{ANNA_MSISDN}"
    link = re.search(rf"https://{HOST}(/case/#\S+)", message.text)
    assert link is not None
    phone = chrome.new_context(viewport={"width": 320, "height": 700}, locale="ru-RU").new_page()
    phone.goto(site + link[1])
    phone.locator("main form button.go").first.click()
    expect(phone.get_by_text("+7 900 000-10-02").first).to_be_visible()
    phone.context.close()


def _book_and_finish(desk: Page, pictures: Path) -> None:
    desk.get_by_role("link", name="Book a call-back").click()
    _look(desk, pictures, "callback")
    desk.get_by_label("Day and time").select_option(index=0)
    desk.get_by_role("button", name="Book").click()
    expect(desk.get_by_text("The call-back is booked")).to_be_visible()
    desk.get_by_label("How the call ended").select_option("guided")
    desk.get_by_role("button", name="Finish").click()
    expect(desk.get_by_text("The call is finished.")).to_be_visible()
    desk.get_by_role("link", name="Call-backs of today").click()
    _look(desk, pictures, "backs")


def test_without_scripts_a_call_past_the_menu_is_declared_and_stopped(
    chrome: Browser, site: str, staffed: Staffed, pictures: Path
) -> None:
    desk = _desk(chrome, site, staffed, scripts=False)
    desk.goto(f"{site}/desk/calls/")
    desk.get_by_role("button", name="Open a call").click()
    desk.get_by_label("The number").fill("8 900 000 10 02")
    desk.get_by_role("button", name="Take this number").click()
    desk.get_by_role("button", name="Register the declaration now").click()
    expect(desk.get_by_text("The declaration was registered.")).to_be_visible()
    desk.get_by_role("link", name="stop the closing").click()
    _look(desk, pictures, "stop")
    desk.get_by_role("button", name="Stop it now").click()
    expect(desk.get_by_text("it stands still now")).to_be_visible()


def test_the_list_of_callers_renews_itself(chrome: Browser, site: str, staffed: Staffed) -> None:
    desk = _desk(chrome, site, staffed)
    desk.clock.install()
    desk.goto(f"{site}/desk/calls/")
    expect(desk.get_by_text("Nobody waits.")).to_be_visible()
    Hotline(staffed.cast).queued(language="en")
    desk.clock.run_for(16_000)
    expect(desk.get_by_role("button", name="Take this call")).to_be_visible()
