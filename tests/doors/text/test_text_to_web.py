"""From a text to the web: the link in the answer opens the case, and nothing of it is ever in a request's address."""

from __future__ import annotations

import pytest

from lastcall.site.wiring import provide_elements
from tests.doors import chromium
from tests.doors.text.server import serving
from tests.doors.text.stage import ON_SQLITE, Stage

pytestmark = pytest.mark.element


@ON_SQLITE
def test_the_link_in_the_answer_opens_the_case(by_smpp: Stage, port: int) -> None:
    chromium.require()
    by_smpp.smsc.phone("销户")
    (answer,) = by_smpp.answered(1)
    words = answer.partition("https://lastcall.example/case/#")[2].split()[0]
    provide_elements(by_smpp.cast.elements)
    asked: list[str] = []
    with serving(port), chromium.running() as browser:
        page = browser.new_page(locale="en")
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"http://127.0.0.1:{port}/case/#{words}")
        assert words not in page.url
        page.get_by_role("button", name="Show the closing").click()
        page.get_by_role("heading", name="Waiting for you").wait_for()
        assert not any(word in url for url in asked for word in words.split("."))
    by_smpp.smsc.phone("取消")
    by_smpp.answered(2)
    assert by_smpp.cases()[0].state == "withdrawn"
