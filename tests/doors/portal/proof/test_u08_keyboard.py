"""The whole journey by keyboard alone, every stop to be seen, no trap; twice as large without scrolling sideways (U8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from tests.cast import LI_WEI_MSISDN, PASSPORT
from tests.doors.portal.proof.looking import WIDTHS
from tests.doors.portal.proof.stage import NUMBER, World
from tests.doors.portal.proof.visitor import LANGUAGES, START, Visitor, code_in

Visit = Callable[..., Visitor]
MOST_STOPS: Final = 90
NEAR: Final = 12
_STOP: Final = """
selector => {
  const here = document.activeElement;
  if (here === document.body) return {end: true};
  const box = here.getBoundingClientRect();
  const label = here.labels && here.labels[0];
  const shown = getComputedStyle(here);
  const at = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + box.height / 2);
  return {hit: here.matches(selector), what: here.outerHTML.slice(0, 90),
    outlined: shown.outlineStyle !== 'none' && parseFloat(shown.outlineWidth) >= 2,
    inside: box.top >= -1 && box.bottom <= innerHeight + 1 || box.height > innerHeight,
    free: !!at && (here.contains(at) || at.contains(here) || !!label && label.contains(at))};
}
"""


def tab_to(visitor: Visitor, selector: str) -> None:
    """Press Tab until what is wanted has the focus; each stop on the way must be outlined, in sight and not covered."""
    for _ in range(MOST_STOPS):
        visitor.page.keyboard.press("Tab")
        stop = visitor.page.evaluate(_STOP, selector)
        if stop.get("end"):
            continue
        assert stop["outlined"], f"no outline: {stop['what']}"
        assert stop["inside"] and stop["free"], f"not in sight: {stop['what']}"
        if stop["hit"]:
            return
    pytest.fail(f"Tab does not reach {selector} at {visitor.path()}")


def enter(visitor: Visitor, key: str = "Enter") -> None:
    """Press the key, and wait for the page behind it."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(key)


def choose(visitor: Visitor, value: str) -> None:
    """An answer among radio buttons: Tab into the group, arrows to the answer, Enter."""
    tab_to(visitor, "[name=answer]")
    visitor.page.keyboard.press("Space")
    for _ in range(8):
        if visitor.page.evaluate("document.activeElement.value") == value:
            break
        visitor.page.keyboard.press("ArrowDown")
    assert visitor.page.is_checked(f"[name=answer][value={value}]")
    enter(visitor)


def test_from_home_to_the_proved_identity(visit: Visit, world: World, language: str, scripts: bool) -> None:
    """Each language at one width with scripts, at another one without: every width is met twice."""
    place = list(LANGUAGES).index(language)
    visitor = visit(language, scripts=scripts, width=WIDTHS[place if scripts else place - 1])
    tab_to(visitor, "main a.go")
    assert visitor.page.evaluate("document.activeElement.textContent") == START[language]
    enter(visitor)
    tab_to(visitor, "#id_line")
    visitor.page.keyboard.type(NUMBER)
    tab_to(visitor, "main button.go")
    enter(visitor, "Space")
    visitor.at("/close/check/")
    tab_to(visitor, "main button.go")
    enter(visitor)
    visitor.at("/receipt/")
    tab_to(visitor, "a[href='/receipt/case/']")
    enter(visitor)
    tab_to(visitor, "#to-identity")
    enter(visitor)
    _identity(visitor, world)
    assert visitor.page.inner_text("#said")


def _identity(visitor: Visitor, world: World) -> None:
    choose(visitor, PASSPORT[0])
    tab_to(visitor, "#id_country")
    while visitor.page.input_value("#id_country") != PASSPORT[1]:  # one of those that are chosen often, so it is near
        visitor.page.keyboard.press("ArrowDown")
        assert visitor.page.evaluate("document.activeElement.selectedIndex") <= NEAR
    tab_to(visitor, "#continue")
    enter(visitor)
    choose(visitor, "line")
    tab_to(visitor, "#id_document")
    visitor.page.keyboard.type(PASSPORT[2])
    enter(visitor)
    visitor.at("/case/identity/code/")
    world.cast.work()
    tab_to(visitor, "#id_code")
    visitor.page.keyboard.type(code_in(world.codes(str(LI_WEI_MSISDN))[-1].text))
    enter(visitor)
    visitor.at("/case/")


def test_nobody_is_trapped(visit: Visit, world: World, scripts: bool) -> None:
    visitor = visit("ru", scripts=scripts)
    visitor.open_receipt(world.receipts["on-hold"])
    for path in ("/", "/close/", "/prepare/", "/stop/", "/case/", "/case/withdraw/"):
        visitor.go(path)
        stops = visitor.page.locator("a, button, input:not([type=hidden]), select, summary").count()
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate("document.activeElement.matches('.skip')"), path
        for _ in range(stops + 2):
            visitor.page.keyboard.press("Tab")
            if visitor.page.evaluate("document.activeElement.matches('body, .skip')"):  # out, or round to the beginning
                break
        else:
            pytest.fail(f"Tab never leaves {path}")


def test_the_first_stop_leads_past_the_head(visit: Visit, language: str) -> None:
    visitor = visit(language)
    visitor.go("/close/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("!!document.activeElement.closest('main')")


def test_twice_as_large_nothing_is_cut(visit: Visit, world: World, language: str) -> None:
    """A window of 1280 by 800 at 200 % has 640 by 400 CSS pixels; then a browser's own setting of letters twice as large."""
    visitor = visit(language)
    visitor.declare()
    visitor.open_receipt(world.receipts["on-hold"])
    wide = []
    for path in ("/", "/close/", "/prepare/", "/stop/", "/number/", "/receipt/", "/case/", "/case/papers/"):
        visitor.go(path)
        for width, height, letters in ((640, 400, "100%"), (320, 200, "100%"), (640, 800, "200%")):
            visitor.page.set_viewport_size({"width": width, "height": height})
            visitor.page.evaluate(
                "share => document.documentElement.style.fontSize = share === '100%' ? '' : '212.5%'", letters
            )
            needed = visitor.page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                wide.append(f"{path} at {width} px, letters {letters}: needs {needed} px")
    assert wide == []
