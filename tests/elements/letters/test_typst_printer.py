"""Letters as PDF: every kind in every language is printed whole, small, the same each time, and readable by machines."""

from __future__ import annotations

import io
import re
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from PIL import Image

from lastcall.core.closing import letters
from lastcall.core.closing.letters import Letter, in_language
from lastcall.core.closing.letters.letter import Heading, Paragraph, Row, Rows, Text
from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.elements.letters import make_printer
from lastcall.elements.letters import typst_printer as printer_module
from lastcall.elements.letters.glyphs import MISSING, printable
from lastcall.elements.letters.typst_printer import TypstPrinter
from tests.letters import KINDS, LANGUAGES, LI_WEI, NOW, PASSPORT, TOKEN, case, closed, pack, proved, receipt, story
from tests.printed import pages, squeezed, values

EVERY = pytest.mark.parametrize("language", LANGUAGES)
KIND = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    """The one that every test uses."""
    made = make_printer("typst")
    assert isinstance(made, TypstPrinter)
    return made


PRINTED = frozenset({"text", "under", "value", "label", "sum", "number", "title"})
"""Where the texts of all blocks stand that are printed as they are."""


def text_of(pdf: bytes) -> str:
    """All text of a file, as a reader that copies it would get it, without spaces: lines break where they will."""
    return squeezed("".join(pages(pdf)))


def named(name: str) -> Letter:
    """A statement in the name of somebody else."""
    return letters.statement(
        case=proved(), pack=pack(), language="zh-hans", holder=replace(LI_WEI, name=name), document=PASSPORT
    )


@KIND
@EVERY
def test_every_letter_holds_all_its_words_and_facts_in_every_column(
    printer: TypstPrinter, kind: str, language: str
) -> None:
    letter = KINDS[kind](language)
    found = text_of(printer.make(letter))

    for column in letter.languages:
        told = in_language(letter, column)
        for text in (told["title"], *values(told["blocks"], named=PRINTED), *told["notes"]):
            assert squeezed(printable(text)) in found
        for phone in told["phones"]:
            assert squeezed(phone["number"]) in found


@KIND
@EVERY
def test_every_letter_is_small(printer: TypstPrinter, kind: str, language: str) -> None:
    assert len(printer.make(KINDS[kind](language))) <= 150_000


@KIND
def test_the_same_letter_is_the_same_file(printer: TypstPrinter, kind: str) -> None:
    first = printer.make(KINDS[kind]("zh-hans"))
    printer_module._compiler.cache_clear()

    assert make_printer("typst").make(KINDS[kind]("zh-hans")) == first


@EVERY
def test_a_file_says_that_it_may_be_kept_and_read_aloud_in_which_language_and_what_it_is(
    printer: TypstPrinter, language: str
) -> None:
    pdf = printer.make(KINDS["receipt"](language))
    document = pypdfium2.PdfDocument(pdf)
    about = document.get_metadata_dict()
    document.close()

    assert re.search(rb'pdfaid:part>2|pdfaid:part="2"', pdf)
    assert re.search(rb"pdfuaid:part>1|pdfuaid:part=\"1\"", pdf)
    assert about["Title"] == in_language(KINDS["receipt"](language), language)["title"]
    assert about["CreationDate"].startswith("D:20260112090005")
    assert set(re.findall(rb"/Lang\(([^)]*)\)", pdf)) == {
        b"ru",
        {"ru": b"ru", "en": b"en", "zh-hans": b"zh-CN"}[language],
    }


@pytest.mark.parametrize(
    "name",
    [
        "#panic(1) #read(\"/etc/passwd\")", "$x^2$ *bold* _under_ `code` @label <tag>", "\\ \\\" \\u{41} '\"", "= Heading",
        "// comment /* and */ --- ~", "] } ) [ { (", "%(number)s {{ name }} <b>",
    ],
)  # fmt: skip
def test_a_name_that_looks_like_markup_is_printed_as_it_stands(printer: TypstPrinter, name: str) -> None:
    assert squeezed(name) in text_of(printer.make(named(name)))


def test_a_very_long_name_wraps_inside_the_page(printer: TypstPrinter) -> None:
    for name in ("Анна-Мария " * 18, "W" * 200, "伟" * 200):
        pdf = printer.make(named(name))
        document = pypdfium2.PdfDocument(pdf)
        for page in document:
            width, reader = page.get_width(), page.get_textpage()
            boxes = [reader.get_charbox(place) for place in range(reader.count_chars())]
            assert all(left >= 0 and right <= width for left, _bottom, right, _top in boxes)
        document.close()
        assert squeezed(name) in text_of(pdf)


@pytest.mark.parametrize("name", ["𠀋野", "محمد علي", "ສົມໃຈ"])
def test_a_character_that_no_font_has_leaves_a_sign_and_a_note(printer: TypstPrinter, name: str) -> None:
    letter = named(name)
    found = text_of(printer.make(letter))

    assert found.count(MISSING) >= 2
    assert squeezed(printer_module._missing_note("en")) in text_of(printer.make(replace(letter, language="en")))


def test_a_letter_with_every_character_has_no_note(printer: TypstPrinter) -> None:
    assert MISSING not in text_of(printer.make(named("欧阳娜娜 Ёлкин O’Brien-Łukasz Nguyễn")))


@pytest.mark.parametrize("name", ["\u202eeW iL", "Li\u200bWei", "Li\x07Wei", "Li\ud800Wei", "e\u0301"])
def test_signs_without_a_shape_do_not_stop_the_printer(printer: TypstPrinter, name: str) -> None:
    assert printer.make(named(name)).startswith(b"%PDF")


@EVERY
def test_the_code_on_a_cover_sheet_is_read_back_from_paper(printer: TypstPrinter, language: str) -> None:
    letter = KINDS["cover_sheet"](language)
    document = pypdfium2.PdfDocument(printer.make(letter))
    # 100 dots an inch, black and white: a poor scan
    picture = document[0].render(scale=100 / 72).to_pil().convert("1")
    document.close()

    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [TOKEN]


def test_the_code_is_read_back_when_the_sheet_was_folded_and_smeared(printer: TypstPrinter) -> None:
    [page] = printer.pictures(KINDS["cover_sheet"]("zh-hans"), ppi=150)
    picture = Image.open(io.BytesIO(page)).convert("L").rotate(3, expand=True, fillcolor=255)
    spoiled = Image.new("L", (picture.width, 4), 0)
    picture.paste(spoiled, (0, int(picture.height * 0.24)))

    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [TOKEN]


def test_amounts_are_printed_with_the_sign_of_the_rouble(printer: TypstPrinter) -> None:
    found = text_of(printer.make(letters.end_notice(story=story(closed()), pack=pack(), language="en")))

    assert "1235,00₽" in found
    assert "1,235.00₽" in found


def test_an_unproved_statement_prints_nothing_of_the_file(printer: TypstPrinter) -> None:
    pdf = printer.make(
        letters.statement(case=case(), pack=pack(), language="zh-hans", holder=LI_WEI, document=PASSPORT)
    )

    assert "李伟" not in text_of(pdf)
    assert "5678" not in text_of(pdf)


def test_many_threads_print_at_once(printer: TypstPrinter) -> None:
    wanted = {language: printer.make(KINDS["receipt"](language)) for language in LANGUAGES}
    made: list[bool] = []

    def run(language: str) -> None:
        made.append(make_printer("typst").make(KINDS["receipt"](language)) == wanted[language])

    threads = [threading.Thread(target=run, args=(language,)) for language in LANGUAGES * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert made == [True] * len(threads)


def test_a_letter_that_cannot_be_printed_says_so_without_what_is_in_it(
    printer: TypstPrinter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "letter.typ").write_text("#let printed(data) = panic(data)")
    monkeypatch.setattr(printer_module, "_TEMPLATES", tmp_path)
    printer_module._compiler.cache_clear()
    try:
        with pytest.raises(ElementTrouble) as trouble:
            printer.make(named("Li Wei"))
    finally:
        printer_module._compiler.cache_clear()

    assert (trouble.value.code, trouble.value.permanent) == ("printer_failed", True)
    assert trouble.value.__cause__ is None
    assert trouble.value.__suppress_context__
    for secret in ("Li Wei", "5678", "900"):
        assert secret not in str(trouble.value) + trouble.value.remedy


def test_the_machine_needs_no_fonts_of_its_own() -> None:
    assert set(printer_module._fonts().families()) == {"Noto Sans", "Noto Sans SC"}


def test_there_is_one_printer() -> None:
    with pytest.raises(BadInput):
        make_printer("laser")


def test_a_receipt_of_another_moment_is_another_file(printer: TypstPrinter) -> None:
    later = letters.receipt(
        receipt=receipt(received_at=NOW + timedelta(seconds=1)), case=case(), pack=pack(), language="zh-hans",
        contact="l…@example.org",
    )  # fmt: skip

    assert printer.make(later) != printer.make(KINDS["receipt"]("zh-hans"))


def test_a_name_that_only_the_regular_weight_has_is_printed_where_all_around_is_bold(printer: TypstPrinter) -> None:
    name = Text("陳怡君 語")
    blocks = (Heading(name), Paragraph(name, tone="strong"), Rows((Row(Text("x"), name, weight="strong"),)))

    printed = text_of(printer.make(replace(KINDS["receipt"]("zh-hans"), title=name, blocks=blocks)))

    assert printed.count("陳怡君語") == 8  # title, heading, frame and row, in two columns
    assert MISSING not in printed
