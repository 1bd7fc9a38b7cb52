"""The receipt on the screen: everything at once, again after a reload, on this device for a day, gone when asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lastcall.core import provided
from lastcall.core.closing.letters.letter import Letter
from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import Billing, Printer
from tests.cast import Cast
from tests.doors.portal import scenes
from tests.doors.portal.scenes import speak, text
from tests.doors.portal.test_closing_a_line import cases, confirmed


class PrintsWords:
    """A printer whose PDF tells what it was asked for."""

    name = "words"

    def make(self, letter: Letter) -> bytes:
        return f"%PDF {letter.kind} {letter.language}".encode()

    def bind(self, letters: Sequence[Letter]) -> bytes:
        return b" ".join(map(self.make, letters))


class NoPaper:
    """A printer that cannot."""

    name = "none"

    def make(self, letter: Letter) -> bytes:
        raise ElementTrouble("no paper", permanent=False, code="printer_failed")

    def bind(self, letters: Sequence[Letter]) -> bytes:
        return self.make(letters[0])


@pytest.fixture
def printed_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Printer], None]:
    """Put a printer in place for one test."""

    def put(printer: Printer) -> None:
        put_in_place(monkeypatch, Printer, printer)

    return put


def put_in_place(monkeypatch: pytest.MonkeyPatch, kind: type[Any], element: object) -> None:
    """Let ``provided(kind)`` give ``element`` for one test."""
    monkeypatch.setattr(provided, "_makers", dict(provided._makers))
    monkeypatch.setattr(provided, "_made", dict(provided._made))
    provided.provide(kind, lambda: element)


def test_it_tells_everything_at_once(browser: Client) -> None:
    page = text(confirmed(browser, end="day", end_date="31.12.2026", contact="+86 138 0013 8000"))
    for words in (
        "Received on March 13, 2026 12:00:00 (MSK, UTC+03:00)",
        "+7 900 000-10-01",
        "I am the holder",
        "Dec. 31, 2026",
        "The agreement ends Dec. 31, 2026 23:59 (MSK)",
        "The declaration is complete.",
        "by April 12, 2026 12:00 (MSK)",
        "24 hours, or for 72 hours",
        "paid out within 30 days",
        "For 60 days",
        "Until 180 days are over",
        "you can take the declaration back",
        "A copy is on its way to +***00.",
        "8 800 000-00-00",
    ):
        assert words in page
    assert re.search(r"Reference (?:[0-9A-Z]{4}-){3}[0-9A-Z]{4} Secret (?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", page)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "2026年3月13日 12:00:00 (莫斯科时间, UTC+03:00)"),
        ("ru", "13 марта 2026 г. 12:00:00 (МСК, UTC+03:00)"),
        ("en", "March 13, 2026 12:00:00 (MSK, UTC+03:00)"),
    ],
    ids=scenes.LANGUAGES,
)
def test_the_moment_is_in_the_readers_form(browser: Client, language: str, words: str) -> None:
    speak(browser, language)
    assert words in text(confirmed(browser))


def test_it_is_there_again_after_a_reload_and_from_a_bookmark(browser: Client, cast: Cast) -> None:
    first = scenes.without_token(confirmed(browser))
    cast.time.advance(timedelta(hours=23, minutes=59))
    assert scenes.without_token(browser.get("/receipt/")) == first
    assert len(cases(cast)) == 1


def test_after_a_day_the_device_shows_it_no_more(browser: Client, cast: Cast) -> None:
    confirmed(browser)
    cast.time.advance(timedelta(hours=24, seconds=1))
    assert "No receipt on this device" in text(browser.get("/receipt/"))


def test_it_can_be_forgotten_before(browser: Client) -> None:
    confirmed(browser)
    assert "No receipt on this device" in text(browser.post("/receipt/forget/", follow=True))
    assert "No receipt on this device" in text(browser.get("/receipt/"))


def test_nobody_else_sees_it(browser: Client) -> None:
    confirmed(browser)
    assert "No receipt on this device" in text(Client(headers={"host": "localhost"}).get("/receipt/"))


@pytest.mark.parametrize("forged", ["", "1.AAAA", "x" * 5000])
def test_a_forged_cookie_shows_nothing(browser: Client, forged: str) -> None:
    browser.cookies["lastcall_receipt"] = forged
    assert "No receipt on this device" in text(browser.get("/receipt/"))


def test_a_draft_is_no_receipt(browser: Client) -> None:
    browser.post("/close/", {"line": "+7 900 000-10-01"})
    browser.cookies["lastcall_receipt"] = browser.cookies["lastcall_draft"].value
    assert "No receipt on this device" in text(browser.get("/receipt/"))


def test_the_cookie_is_sealed_and_only_for_the_receipt(browser: Client) -> None:
    page = text(confirmed(browser))
    cookie = browser.cookies["lastcall_receipt"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/receipt/"
    assert cookie["max-age"] == 24 * 3600
    secret = re.search(r"Secret ([0-9A-Z-]{19})", page)
    assert secret is not None
    assert secret[1].replace("-", "") not in cookie.value


def test_it_opens_the_case_on_this_device(browser: Client) -> None:
    confirmed(browser)
    answer = browser.get("/receipt/case/", follow=True)
    assert answer.redirect_chain == [("/case/", 302)]
    assert "Closing of the line +7 900 000-10-01" in text(answer)


def test_without_a_receipt_no_case_is_opened(browser: Client) -> None:
    assert "Follow a closing" in text(browser.get("/receipt/case/", follow=True))
    assert "lastcall_case" not in browser.cookies


@pytest.mark.parametrize(("path", "kind"), [("pdf", "receipt"), ("statement", "statement")])
@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_it_can_be_saved_as_pdf(
    browser: Client, printed_by: Callable[[Printer], None], path: str, kind: str, language: str
) -> None:
    printed_by(PrintsWords())
    speak(browser, language)
    confirmed(browser)
    answer = browser.get(f"/receipt/{path}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="lastcall-{kind}.pdf"'
    assert answer.content == f"%PDF {kind} {language}".encode()


@pytest.mark.parametrize("path", ["pdf", "statement"])
def test_without_a_receipt_there_is_no_pdf(browser: Client, path: str) -> None:
    assert browser.get(f"/receipt/{path}/")["Location"] == "/receipt/"


def test_a_printer_that_cannot_is_told_calmly(browser: Client, printed_by: Callable[[Printer], None]) -> None:
    printed_by(NoPaper())
    confirmed(browser)
    answer = browser.get("/receipt/pdf/")
    assert answer.status_code == 503
    assert "Try again in 2 minutes." in text(answer)


def test_it_is_given_while_billing_is_down(browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(monkeypatch, Billing, None)
    assert "Your declaration was received" in text(confirmed(browser))
    assert len(cases(cast)) == 1


def test_whoever_acts_for_the_holder_is_told_of_the_papers(browser: Client) -> None:
    assert "papers that let you act for the holder" not in text(confirmed(browser))
    page = text(confirmed(browser, identity="representative"))
    assert "I act for the holder" in page
    assert "papers that let you act for the holder" in page


def test_the_real_printer_makes_a_pdf(browser: Client, cast: Cast) -> None:
    confirmed(browser)
    answer = browser.get("/receipt/pdf/")
    assert answer.content.startswith(b"%PDF-")
