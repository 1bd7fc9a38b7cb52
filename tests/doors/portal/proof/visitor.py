"""A visitor with a language, a width and scripts or none, and the journey in small steps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page, Response

from lastcall.core.closing.receipts import Receipt
from tests.doors.portal.proof.stage import NUMBER

LANGUAGES: Final = {"zh-hans": "zh-Hans", "ru": "ru", "en": "en"}
START: Final = {"en": "Close a line", "ru": "Закрыть номер", "zh-hans": "注销号码"}
CONTINUE: Final = {"en": "Continue", "ru": "Продолжить", "zh-hans": "继续"}
ERROR: Final = {"en": "Error: ", "ru": "Ошибка: ", "zh-hans": "错误："}
GO: Final = "main button.go:visible"


@dataclass
class Visitor:
    """One browser context with one page. ``hosts``, ``console``: whom the page asked, and what it complained of."""

    page: Page
    site: str
    language: str
    scripts: bool
    hosts: set[str] = field(default_factory=set)
    console: list[str] = field(default_factory=list)
    answers: list[tuple[int, str, Mapping[str, str]]] = field(default_factory=list)
    transferred: float = 0
    _wire: CDPSession | None = None

    def __post_init__(self) -> None:
        self.page.set_default_timeout(20_000)
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("response", self._note)
        self.page.goto(f"{self.site}/?lang={self.language}")

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.answers.append((response.status, response.url, response.headers))

    def weigh(self) -> None:
        """From now on :attr:`transferred` counts the bytes on the wire, with nothing taken from a cache."""
        self._wire = wire = self.page.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.loadingFinished", self._weigh)

    def _weigh(self, told: dict[str, float]) -> None:
        self.transferred += told["encodedDataLength"]

    def go(self, path: str) -> None:
        """Open a page."""
        self.transferred = 0
        self.page.goto(f"{self.site}{path}", wait_until="load")

    def press(self, selector: str = GO) -> None:
        """Press a button or follow a link, and wait for the page behind it."""
        with self.page.expect_navigation():
            self.transferred = 0
            self.page.click(selector)

    def path(self) -> str:
        """Where we are."""
        return urlsplit(self.page.url).path

    def at(self, path: str) -> None:
        """Assert where we are."""
        assert self.path() == path, f"at {self.path()} instead of {path}: {self.said()}"

    def said(self) -> str:
        """What the page tells in its main part."""
        return " ".join(self.page.inner_text("main").split())

    def switch(self, language: str) -> None:
        """Press another language."""
        name = LANGUAGES[language]
        self.press(f"nav.languages [lang={name}]:is(a, button)")
        self.language = language

    def start(self) -> None:
        """From any page to the form of a declaration."""
        self.press(f"a:visible:text-is('{START[self.language]}')")
        self.at("/close/")

    def fill(self, number: str = NUMBER, *, who: str = "", day: str = "", contact: str = "") -> None:
        """Fill the form of a declaration."""
        self.page.fill("#id_line", number)
        if who:
            self.page.check(f"[name=identity][value={who}]")
        if day:
            self.page.check("#id_end_day")
            self.page.fill("#id_end_date", day)
        if contact:
            self.page.fill("#id_contact", contact)

    def to_check(self, number: str = NUMBER, **answers: str) -> None:
        """From home to the page before the declaration."""
        self.go("/")
        self.start()
        self.fill(number, **answers)
        self.press()
        self.at("/close/check/")

    def declare(self, number: str = NUMBER, **answers: str) -> tuple[str, str]:
        """From home to the receipt: reference and secret as they stand there."""
        self.to_check(number, **answers)
        self.press()
        self.at("/receipt/")
        return self.words()

    def words(self) -> tuple[str, str]:
        """Reference and secret of the receipt that is shown."""
        return self.page.inner_text("#reference"), self.page.inner_text("#secret")

    def open(self, reference: str, secret: str) -> None:
        """Open a case by its words; one that was open is forgotten."""
        self.page.context.clear_cookies(name="lastcall_case")
        self.go("/case/")
        self.page.fill("#id_reference", reference)
        self.page.fill("#id_secret", secret)
        self.press()

    def open_receipt(self, receipt: Receipt) -> None:
        """Open the case of a receipt."""
        self.open(receipt.reference, receipt.secret)
        assert self.page.locator(".state h1").count() == 1, self.said()

    def identify(self, document: tuple[str, str, str], channel: str) -> None:
        """Answer the four questions; a code is on its way then."""
        kind, issuer, number = document
        self.go("/case/identity/")
        self.choose(kind)
        if kind != "ru_passport":
            self.page.select_option("#id_country", issuer)
            self.press()
        self.choose(channel)
        self.page.fill("#id_document", number)
        self.press()
        self.at("/case/identity/code/")

    def choose(self, value: str) -> None:
        """One of several answers, and on."""
        self.page.check(f"[name=answer][value={value}]")
        self.press()

    def give_code(self, code: str) -> None:
        """Type the code and send it."""
        self.page.fill("#id_code", code)
        self.press()


def code_in(text: str) -> str:
    """The one-time code in a message."""
    found = re.findall(r"(?<![\d*])\d{6}(?!\d)", text)
    assert len(found) >= 1, "there is no code in the message"
    return str(found[0])
