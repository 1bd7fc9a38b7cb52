"""Declaring: found at once, without a login, with the least that is needed, and nobody talks anybody out of it (U1 to U6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.doors.portal.proof.looking import WIDTHS
from tests.doors.portal.proof.stage import NUMBER, World
from tests.doors.portal.proof.visitor import CONTINUE, START, Visitor

Visit = Callable[..., Visitor]

PLACES: Final = ("/", "/close/", "/case/", "/number/", "/stop/", "/prepare/", "/receipt/", "/nowhere/")
ALLOWED: Final = {"line", "identity", "end", "end_date", "contact"}
"""The kind of ending is always the ordinary one, so the page does not ask for it."""
OURS: Final = {"csrfmiddlewaretoken", "sent", "lang"}
NOW: Final = {"en": f"Close {NUMBER} now", "ru": f"Закрыть {NUMBER} сейчас", "zh-hans": f"立即注销 {NUMBER}"}
TALKING_OUT: Final = {
    "en": ("we will miss", "sorry to see you", "sure you want to leave", "don't go", "stay with us", "special offer",
           "discount", "exclusive", "you will lose your benefits", "no thanks", "before you decide", "why are you leaving"),
    "ru": ("будем скучать", "жаль, что вы", "уверены, что хотите", "не уходите", "останьтесь", "специальное предложение",
           "скидк", "подар", "только для вас", "нет, спасибо", "почему вы уходите", "причин"),
    "zh-hans": ("舍不得", "很遗憾", "确定要离开", "不要走", "留下来", "优惠", "折扣", "专属", "再考虑",
                "为什么离开", "挽留", "赠送"),
}  # fmt: skip


def test_u1_the_link_stands_on_every_page_and_is_one_press_away(visit: Visit, language: str) -> None:
    visitor = visit(language, scripts=False)
    for place in PLACES:
        visitor.go(place)
        link = visitor.page.get_by_role("link", name=START[language], exact=True)
        expect(link).to_have_count(1)
        expect(link).to_be_visible()
        assert visitor.page.locator("details a").filter(has_text=START[language]).count() == 0
    visitor.go("/")
    visitor.page.get_by_role("link", name=START[language], exact=True).click()
    visitor.at("/close/")


def test_u1_the_link_stands_on_the_page_of_a_closing_too(visit: Visit, world: World, language: str) -> None:
    visitor = visit(language)
    visitor.open_receipt(world.receipts["on-hold"])
    expect(visitor.page.get_by_role("link", name=START[language], exact=True)).to_be_visible()


def test_u2_the_buttons_say_what_they_do(visit: Visit, language: str, scripts: bool) -> None:
    visitor = visit(language, scripts=scripts)
    assert visitor.page.inner_text("main a.go") == START[language]
    visitor.start()
    assert visitor.page.locator("main button").all_inner_texts() == [CONTINUE[language]]
    visitor.fill()
    visitor.press()
    assert visitor.page.locator("main button.go").all_inner_texts() == [NOW[language]]


def test_u3_a_stranger_without_cookies_may_declare(visit: Visit, world: World, language: str, scripts: bool) -> None:
    visitor = visit(language, scripts=scripts)
    visitor.page.context.clear_cookies()
    answer = visitor.page.goto(f"{world.site}/close/")
    assert answer is not None and answer.status == 200
    assert "cookie" not in answer.request.all_headers()
    visitor.go(f"/?lang={language}")
    for path in ("/", "/close/", "/close/check/"):
        if path == "/close/check/":
            visitor.to_check()
        else:
            visitor.go(path)
        asked = visitor.page.locator("input[type=password], [autocomplete*=password], [autocomplete=username]")
        assert asked.count() == 0


def test_u4_only_the_number_is_needed_and_nothing_else_is_asked(visit: Visit, language: str, scripts: bool) -> None:
    visitor = visit(language, scripts=scripts)
    visitor.go("/close/")
    names = visitor.page.eval_on_selector_all(
        "main input, main select, main textarea", "all => all.map(field => field.name)"
    )
    assert set(names) - OURS <= ALLOWED
    assert visitor.page.is_checked("[name=end][value=asap]")
    assert not visitor.page.is_checked("[name=identity]")
    assert visitor.page.locator("main [required], main [aria-required=true]").count() == 0
    visitor.fill()
    visitor.press()
    visitor.at("/close/check/")


@pytest.mark.parametrize("width", WIDTHS)
def test_u5_three_presses_four_screens_few_fields_and_no_talk(
    visit: Visit, world: World, language: str, scripts: bool, width: int
) -> None:
    visitor = visit(language, scripts=scripts, width=width)
    visitor.go("/")
    screens, presses, fields, said = [visitor.path()], 0, set(), [visitor.said()]
    while visitor.path() != "/receipt/":
        if visitor.path() == "/close/":
            visitor.fill()
        fields |= set(visitor.page.eval_on_selector_all(
            "main input:not([type=hidden]), main select", "all => all.map(field => field.name)"
        ))  # fmt: skip
        visitor.press("main .go")
        presses += 1
        screens.append(visitor.path())
        said.append(visitor.said())
        assert presses <= 4
    assert len(screens) <= 5 and len(fields) <= 7
    assert visitor.page.locator("main input[type=checkbox]:checked").count() == 0
    talk = " ".join(said[:-1]).lower()
    assert [word for word in TALKING_OUT[language] if word in talk] == []
    assert len(world.new_cases()) == 1


def test_u6_the_button_and_its_screen_show_what_is_declared(visit: Visit, language: str, scripts: bool) -> None:
    visitor = visit(language, scripts=scripts)
    visitor.to_check(day="31.12.2026")
    button, screen = visitor.page.inner_text("main button.go"), visitor.said()
    day = {"en": "Dec. 31, 2026", "ru": "31 декабря 2026", "zh-hans": "2026年12月31日"}[language]
    assert NUMBER in button and day in button
    assert screen.count(NUMBER) >= 2 and screen.count(day) >= 3, screen


def test_u6_what_is_changed_on_the_way_is_what_is_declared(visit: Visit, world: World, scripts: bool) -> None:
    visitor = visit("en", scripts=scripts)
    visitor.to_check("+7 900 000-10-02")
    visitor.press("button[name=change][value=line]")
    visitor.at("/close/")
    assert visitor.page.evaluate("document.activeElement.id") == "id_line"
    visitor.fill()
    visitor.press()
    assert NUMBER in visitor.page.inner_text("main button.go")
    visitor.press()
    (case,) = world.new_cases()
    assert case.claimed_msisdn == int("".join(filter(str.isdigit, NUMBER)))
