"""Light enough for an old phone on a slow line, strict, and alone: nobody else is asked for anything (U17)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

import pytest

from tests.doors.portal.proof.looking import HEAVIEST
from tests.doors.portal.proof.stage import World
from tests.doors.portal.proof.visitor import Visitor

Visit = Callable[..., Visitor]

SLOW_BYTES_PER_SECOND: Final = 400_000 / 8
SLOW_ROUND_TRIP_SECONDS: Final = 0.4
"""A slow 3G line as Lighthouse and WebPageTest have it: 400 kbit/s each way, 400 ms there and back.

The developer tools of Chrome have another one of that name, with 2000 ms before each answer: no page whose style is a file of its
own can be there within three seconds on a first visit then.
"""
MOST_SECONDS: Final = 3.0
OURS_SECONDS: Final = 0.2
"""What we grant the server for the page itself."""
PAGES: Final = ("/", "/close/", "/close/check/", "/receipt/", "/prepare/", "/case/", "/number/", "/stop/")
SHEETS: Final = "all => all.filter(link => link.rel === 'stylesheet').map(link => link.href)"


def loaded(visitor: Visitor) -> tuple[float, int]:
    """When the page was there, in seconds after it was asked for, and after how many turns of asking."""
    timing = json.loads(visitor.page.evaluate("JSON.stringify(performance.getEntriesByType('navigation')[0])"))
    fetched = visitor.page.evaluate("performance.getEntriesByType('resource').length")
    return timing["loadEventStart"] / 1000, 2 if fetched else 1


@pytest.fixture
def weighed(visit: Visit, world: World) -> Visitor:
    """A visitor with a receipt and an open case, whose pages are weighed without a cache."""
    visitor = visit("zh-hans")
    visitor.declare()
    visitor.to_check("+7 900 000-10-02")
    visitor.open_receipt(world.receipts["closed"])
    visitor.weigh()
    return visitor


def test_each_page_with_all_it_needs_is_light_and_there_within_three_seconds_by_reckoning(weighed: Visitor) -> None:
    """Bytes by bandwidth and turns by round trip, one turn more to connect: the same on every machine."""
    heavy = []
    for path in PAGES:
        weighed.go(path)
        _, turns = loaded(weighed)
        weight = weighed.transferred
        seconds = (turns + 1) * SLOW_ROUND_TRIP_SECONDS + weight / SLOW_BYTES_PER_SECOND + OURS_SECONDS
        print(f"{path}: {weight:.0f} bytes, {turns} turns, {seconds:.2f} s on slow 3G by reckoning")  # noqa: T201
        if not 0 < weight <= HEAVIEST or seconds > MOST_SECONDS:
            heavy.append(f"{path}: {weight:.0f} bytes, {seconds:.2f} s")
    assert heavy == []


def test_on_a_throttled_line_it_is_there_in_good_time(weighed: Visitor) -> None:
    wire = weighed.page.context.new_cdp_session(weighed.page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": SLOW_ROUND_TRIP_SECONDS * 1000, "downloadThroughput": SLOW_BYTES_PER_SECOND,
        "uploadThroughput": SLOW_BYTES_PER_SECOND,
    })  # fmt: skip
    took = {}
    for path in PAGES:
        weighed.go(path)
        took[path] = loaded(weighed)[0]
    print("throttled:", ", ".join(f"{path} {seconds:.2f} s" for path, seconds in took.items()))  # noqa: T201
    assert max(took.values()) < 3 * MOST_SECONDS, "far beyond what a busy machine explains"


def test_nobody_else_is_asked_and_the_policy_is_never_broken(visit: Visit, world: World, language: str) -> None:
    visitor = visit(language)
    visitor.page.context.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('policy broken: ' + e.violatedDirective))"
    )
    visitor.declare(contact="li@example.org")
    visitor.open_receipt(world.receipts["closed"])
    visitor.go("/prepare/")
    assert visitor.hosts == {world.site.removeprefix("http://")}
    assert visitor.console == []
    for _, path, headers in visitor.answers:
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy, path
        assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy


def test_the_policy_stops_a_script_that_is_not_ours(visit: Visit) -> None:
    visitor = visit("en")
    visitor.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.broken = 1'}))"
    )
    assert visitor.page.evaluate("window.broken") is None
    assert any("Content Security Policy" in line for line in visitor.console)


def test_styles_come_with_the_page_and_are_kept(visit: Visit) -> None:
    """Pages are kept by nobody; the files they share may be."""
    visitor = visit("en")
    sheets = visitor.page.eval_on_selector_all("link", SHEETS)
    for address in sheets:
        assert "no-store" not in visitor.page.request.get(address).headers.get("cache-control", "")
    assert visitor.answers[-1][2]["cache-control"] == "no-store"
