"""Wrong input is told where it is and kept; a bad upload has its own words; the code comes, is typed as people do (U11, U12)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from lastcall.core.closing.story import is_proved
from tests.cast import ANNA_MSISDN, ANNAS_PASSPORT, LI_WEI_MSISDN, PASSPORT, SERGEIS_PASSPORT
from tests.doors.portal.proof.stage import NUMBER, World
from tests.doors.portal.proof.visitor import ERROR, Visitor, code_in
from tests.elements.identity.test_photo import file, moving, picture, png

Visit = Callable[..., Visitor]
LINE: Final = str(LI_WEI_MSISDN)


def test_u11_what_was_typed_stays_with_the_error(visit: Visit, language: str, scripts: bool) -> None:
    visitor = visit(language, scripts=scripts)
    visitor.start()
    typed = {"line": "+7 900", "end_date": "31.02.2026", "contact": "li wei"}
    for name, value in typed.items():
        visitor.page.fill(f"#id_{name}", value)
    visitor.page.check("[name=identity][value=representative]")
    visitor.press()
    assert visitor.page.title().startswith(ERROR[language])
    assert visitor.page.evaluate("document.activeElement.className") == "problem"
    assert {name: visitor.page.input_value(f"#id_{name}") for name in typed} == typed
    assert visitor.page.is_checked("[name=identity][value=representative]")
    links = visitor.page.locator(".problem a")
    assert links.count() == 3
    for place in range(3):
        target = (links.nth(place).get_attribute("href") or "").removeprefix("#")
        described = visitor.page.get_attribute(f"#{target}", "aria-describedby") or ""
        assert visitor.page.get_attribute(f"#{target}", "aria-invalid") == "true"
        assert visitor.page.inner_text(f"#{described.split()[-1]}") == links.nth(place).inner_text()


def test_u11_the_summary_leads_to_the_field(visit: Visit, scripts: bool) -> None:
    visitor = visit("ru", scripts=scripts)
    visitor.go("/stop/")
    visitor.press()
    visitor.page.click(".problem a >> nth=1")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Shift+Tab")
    assert visitor.page.evaluate("document.activeElement.id") == "id_word"


UPLOADS: Final[dict[str, Callable[[], bytes | None]]] = {
    "nothing": lambda: None,
    "empty": lambda: b"",
    "no picture": lambda: b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\n%%EOF",
    "too big": lambda: file("JPEG").ljust(10_500_000, b"\0"),
    "cut short": lambda: file("JPEG")[:2000],
    "moving": lambda: moving("PNG"),
    "a bomb": lambda: png(60_000, 60_000),
    "locked": lambda: b"%PDF-1.7\ntrailer <</Encrypt 5 0 R>>\n%%EOF",
    "too small": lambda: file("PNG", picture(80, 60)),
}


def test_u11_each_bad_upload_has_words_of_its_own(visit: Visit, world: World, language: str, tmp_path: Path) -> None:
    visitor = visit(language, scripts=language != "ru")
    visitor.open_receipt(world.receipts["proved"])
    said = {}
    for name, make in UPLOADS.items():
        visitor.go("/case/photo/")
        content = make()
        if content is not None:
            (tmp_path / "page.jpg").write_bytes(content)
            visitor.page.set_input_files("#id_photo", tmp_path / "page.jpg")
        visitor.press()
        visitor.at("/case/photo/")
        assert visitor.page.title().startswith(ERROR[language]), name
        assert visitor.page.get_attribute("#id_photo", "aria-invalid") == "true"
        said[name] = visitor.page.inner_text("#id_photo_error")
    assert len(set(said.values())) == len(UPLOADS), said
    assert world.cast.case(world.receipts["proved"]).photo == ""


def test_u11_a_photo_with_a_position_is_taken(visit: Visit, world: World, scripts: bool, tmp_path: Path) -> None:
    visitor = visit("en", scripts=scripts)
    visitor.open_receipt(world.receipts["proved"])
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (55.0, 45.0, 21.0), 3: "E", 4: (37.0, 37.0, 2.0)}
    kept = io.BytesIO()
    picture(1400, 1000).save(kept, "JPEG", exif=exif)
    (tmp_path / "page.jpg").write_bytes(kept.getvalue())
    visitor.go("/case/photo/")
    visitor.page.set_input_files("#id_photo", tmp_path / "page.jpg")
    visitor.press()
    assert visitor.page.locator(".problem").count() == 0
    assert world.cast.case(world.receipts["proved"]).photo == "reading"


def asked(visit: Visit, world: World, language: str = "en", *, scripts: bool = True) -> Visitor:
    """A visitor before whom the code's field is open; the code is on its way to the line."""
    visitor = visit(language, scripts=scripts, permissions=["clipboard-read", "clipboard-write"])
    visitor.declare()
    visitor.press("a[href='/receipt/case/']")
    visitor.identify(PASSPORT, "line")
    world.cast.work()
    return visitor


def test_u12_the_code_comes_by_sms_and_works(visit: Visit, world: World, language: str, scripts: bool) -> None:
    visitor = asked(visit, world, language, scripts=scripts)
    field = visitor.page.locator("#id_code")
    assert field.get_attribute("autocomplete") == "one-time-code"
    assert field.get_attribute("inputmode") == "numeric"
    assert field.get_attribute("type") == "text"
    (message,) = world.codes(LINE)
    assert message.language == language
    visitor.give_code(code_in(message.text))
    visitor.at("/case/")
    (case,) = world.new_cases()
    assert is_proved(case)


@pytest.mark.parametrize("style", ["{0} {1}", " {0}-{1} ", "full-width"])
def test_u12_it_may_be_pasted_with_spaces(visit: Visit, world: World, style: str) -> None:
    visitor = asked(visit, world)
    code = code_in(world.codes(LINE)[-1].text)
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    typed = wide if style == "full-width" else style.format(code[:3], code[3:])
    visitor.page.evaluate("text => navigator.clipboard.writeText(text)", typed)
    visitor.page.focus("#id_code")
    visitor.page.keyboard.press("Control+V")
    assert visitor.page.input_value("#id_code") == typed
    visitor.press()
    visitor.at("/case/")


def test_u12_a_new_one_can_be_asked_for_and_is_the_one_that_works(visit: Visit, world: World, scripts: bool) -> None:
    visitor = asked(visit, world, scripts=scripts)
    visitor.press("#again")
    world.cast.work()
    first, second = (code_in(message.text) for message in world.codes(LINE))
    assert visitor.page.inner_text("#said")
    visitor.give_code(first)
    assert visitor.page.locator(".problem").count() == 1
    visitor.give_code(second)
    visitor.at("/case/")


def test_u12_a_double_press_sends_one_new_code(visit: Visit, world: World) -> None:
    visitor = asked(visit, world, scripts=False)
    visitor.page.dblclick("#again")
    visitor.page.wait_for_selector("#said")
    world.cast.work()
    assert len(world.codes(LINE)) == 2


def test_u12_one_that_has_run_out_says_so_and_offers_another(visit: Visit, world: World, language: str) -> None:
    visitor = asked(visit, world, language)
    late = code_in(world.codes(LINE)[-1].text)
    world.cast.time.advance(timedelta(minutes=11))
    visitor.give_code(late)
    assert visitor.page.locator("#id_code").count() == 0
    visitor.press("#again")
    world.cast.work()
    visitor.give_code(code_in(world.codes(LINE)[-1].text))
    visitor.at("/case/")


def test_u12_a_wrong_one_tells_how_many_tries_are_left_and_a_reload_costs_none(visit: Visit, world: World) -> None:
    visitor = asked(visit, world)
    visitor.give_code("000000" if code_in(world.codes(LINE)[-1].text) != "000000" else "000001")
    said = visitor.page.inner_text("#id_code_error")
    assert "4" in said
    visitor.page.reload()
    visitor.give_code("12345")
    assert "6" in visitor.page.inner_text("#id_code_error")
    visitor.give_code("111111")
    assert "3" in visitor.page.inner_text("#id_code_error")


def test_u12_whoever_guesses_sees_the_same_as_the_holder(visit: Visit, world: World) -> None:
    shown = set()
    for number, document in (
        (NUMBER, PASSPORT),
        ("+7 900 000-10-02", SERGEIS_PASSPORT),
        ("+7 900 000-55-55", ANNAS_PASSPORT),
    ):
        visitor = visit("ru")
        visitor.declare(number)
        visitor.press("a[href='/receipt/case/']")
        visitor.identify(document, "line")
        shown.add(visitor.said().replace(number, "NUMBER"))
    assert len(shown) == 1
    world.cast.work()
    assert len(world.codes(LINE)) == 1 and world.codes(str(ANNA_MSISDN)) == []
