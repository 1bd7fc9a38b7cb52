"""A visitor in a real browser, who notes whatever a page should not do."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.doors.chromium import picture
from tests.doors.portal import scenes

WIDTHS = (320, 1280)


@dataclass
class Visit:
    """A visitor with one language and one width, who notes whatever a page should not do."""

    page: Page
    site: str
    language: str
    pictures: Path
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    console: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.goto(f"{self.site}/?lang={self.language}")

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(f"{self.site}{path}")

    def post(self, path: str, **fields: str) -> None:
        """Fill a form and press its button."""
        self.go(path)
        for name, value in fields.items():
            self.page.fill(f"#id_{name}", value)
        with self.page.expect_navigation():
            self.page.click("button.go")

    def look(self, name: str) -> None:
        """At each width, take a picture and note what is wrong with the page."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            self._look(f"{name}-{self.language}-{width}", width)

    def _look(self, name: str, width: int) -> None:
        picture(self.page, self.pictures / f"{name}.png")
        needed = self.page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            self.complaints.append(f"{name}: needs {needed} px")
        if self.page.evaluate("document.documentElement.lang") != scenes.LANGUAGES[self.language]:
            self.complaints.append(f"{name}: is in another language")
        small = self.page.evaluate(
            "[...document.querySelectorAll('a:not(.skip), button:not(.unseen), input:not([type=hidden])')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).map(e => e.textContent.trim())"
        )
        self.complaints += [f"{name}: hard to hit: {text}" for text in small]


def assert_clean(visit: Visit) -> None:
    """Nothing too wide, no word on the console, no request to anybody else."""
    assert visit.complaints == []
    assert visit.console == []
    assert visit.hosts == {urlsplit(visit.site).netloc}
