"""Three languages: the switch keeps the page and what was typed; numbers and documents in the writing of each (U10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from lastcall.core.closing.story import is_proved
from tests.cast import LI_WEI_MSISDN, PASSPORT
from tests.doors.portal.proof.stage import World
from tests.doors.portal.proof.visitor import LANGUAGES, Visitor, code_in

Visit = Callable[..., Visitor]

TYPED: Final[dict[str, dict[str, str]]] = {
    "/case/": {"reference": "ABCD EFGH", "secret": "1234"},
    "/number/": {"number": "+7 900 000"},
    "/stop/": {"number": "8 (900) 000", "word": "abcd"},
    "/close/": {"line": "12345", "end_date": "31 декабря", "contact": "李伟@"},
}


@pytest.mark.parametrize("path", TYPED)
def test_the_switch_keeps_page_and_words(visit: Visit, path: str, scripts: bool) -> None:
    visitor = visit("en", scripts=scripts)
    visitor.go(path)
    for name, typed in TYPED[path].items():
        visitor.page.fill(f"#id_{name}", typed)
    for language in ("zh-hans", "ru", "en"):
        visitor.switch(language)
        visitor.at(path)
        assert visitor.page.get_attribute("html", "lang") == LANGUAGES[language]
        assert {name: visitor.page.input_value(f"#id_{name}") for name in TYPED[path]} == TYPED[path]
        assert visitor.page.locator(".problem").count() == 0


@pytest.mark.parametrize("path", TYPED)
def test_the_switch_keeps_them_after_an_error_too(visit: Visit, path: str) -> None:
    visitor = visit("en")
    visitor.go(path)
    for name, typed in TYPED[path].items():
        visitor.page.fill(f"#id_{name}", typed)
    visitor.press()
    assert visitor.page.locator(".problem").count() == 1
    visitor.switch("ru")
    assert {name: visitor.page.input_value(f"#id_{name}") for name in TYPED[path]} == TYPED[path]
    assert visitor.page.locator(".problem").count() == 1
    assert visitor.page.title().startswith("Ошибка: ")


@pytest.mark.parametrize(
    ("scene", "path", "field"),
    [
        ("received", "/case/identity/", "[value=residence_permit]"),
        ("received", "/case/papers/", "[value=document_copy]"),
        ("received", "/case/sim/", "[value=esim]"),
        ("received", "/case/prepare/", "[value=contacts_saved]"),
        ("proved", "/case/refund/", "[value=bank_account]"),
        ("proved", "/case/callback/", "[name=start] >> nth=3"),
    ],
)
def test_the_switch_keeps_what_was_ticked_in_a_closing(
    visit: Visit, world: World, scripts: bool, scene: str, path: str, field: str
) -> None:
    visitor = visit("en", scripts=scripts)
    visitor.open_receipt(world.receipts[scene])
    visitor.go(path)
    visitor.page.check(field)
    for language in ("ru", "zh-hans"):
        visitor.switch(language)
        visitor.at(path)
        assert visitor.page.is_checked(field)
        assert visitor.page.get_attribute("html", "lang") == LANGUAGES[language]


def test_the_switch_keeps_the_answers_about_identity(visit: Visit, world: World, scripts: bool) -> None:
    visitor = visit("en", scripts=scripts)
    visitor.open_receipt(world.receipts["received"])
    visitor.go("/case/identity/")
    visitor.choose("foreign_passport")
    visitor.page.select_option("#id_country", "CN")
    visitor.switch("zh-hans")
    assert visitor.page.input_value("#id_country") == "CN"
    visitor.press()
    visitor.choose("mail")
    visitor.switch("ru")
    visitor.at("/case/identity/number/")
    assert "Китай" in visitor.said()


NUMBERS: Final = ("8 (900) 000-10-01", "+7 900 000 10 01", "＋７９０００００１００１", "٧٩٠٠٠٠٠١٠٠١", "9000001001")
DAYS: Final = ("31.12.2026", "2026-12-31", "2026年12月31日", "２０２６年１２月３１日", "３１．１２．２０２６")


def test_numbers_and_days_in_anybodys_writing(visit: Visit) -> None:
    visitor = visit("ru")
    for number, day in zip(NUMBERS, DAYS, strict=True):
        visitor.go("/close/")
        visitor.fill(number, day=day)
        visitor.press()
        assert visitor.path() == "/close/check/", (number, day, visitor.said())
        assert "+7 900 000-10-01" in visitor.said() and "31 декабря 2026" in visitor.said(), (number, day)


@pytest.mark.parametrize("typed", ["E12345678", "Е12345678", "e 1234 5678", "Ｅ１２３４５６７８", "№ E-12345678"])
def test_a_document_in_anybodys_writing(visit: Visit, world: World, typed: str) -> None:
    """The second is a Cyrillic letter, the fourth full-width."""
    visitor = visit("zh-hans")
    visitor.declare()
    visitor.press("a[href='/receipt/case/']")
    visitor.identify((PASSPORT[0], PASSPORT[1], typed), "line")
    world.cast.work()
    visitor.give_code(code_in(world.codes(str(LI_WEI_MSISDN))[-1].text))
    (case,) = world.new_cases()
    assert is_proved(case)


@pytest.mark.parametrize(("wished", "tag"), [("zh-CN,zh;q=0.9", "zh-Hans"), ("ru-RU", "ru"), ("fr-FR", "en")])
def test_the_first_page_speaks_the_browsers_language(visit: Visit, world: World, wished: str, tag: str) -> None:
    visitor = visit("en", extra_http_headers={"Accept-Language": wished})
    visitor.page.context.clear_cookies()
    visitor.go("/")
    assert visitor.page.get_attribute("html", "lang") == tag


def test_each_language_is_named_in_its_own_and_marked(visit: Visit, language: str) -> None:
    visitor = visit(language)
    names = {"zh-Hans": "简体中文", "ru": "Русский", "en": "English"}
    for tag, name in names.items():
        assert visitor.page.inner_text(f"nav.languages [lang={tag}]") == name
    assert visitor.page.locator("nav.languages [aria-current=true]").count() == 1


def test_the_letters_of_each_language_are_shown_from_fonts_at_hand(visit: Visit, language: str) -> None:
    """No font is fetched, and no letter is a box: each has a glyph of some installed font."""
    visitor = visit(language)
    wire = visitor.page.context.new_cdp_session(visitor.page)
    wire.send("DOM.enable")
    wire.send("CSS.enable")
    root = wire.send("DOM.getDocument")["root"]["nodeId"]
    node = wire.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
    fonts = wire.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert fonts and all(not font["isCustomFont"] for font in fonts)
    assert not any("LastResort" in font["familyName"] for font in fonts)
