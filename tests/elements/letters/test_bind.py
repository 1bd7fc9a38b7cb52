"""Several letters as one file: contents first, each letter from a new page on, the pages counted through."""

from __future__ import annotations

import re
from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]
import pytest
from django.utils import translation
from django.utils.translation import gettext

from lastcall.core.closing.letters import Letter, in_language
from lastcall.core.errors import ElementTrouble
from lastcall.elements.letters.glyphs import MISSING
from lastcall.elements.letters.typst_printer import TypstPrinter
from tests.elements.letters.test_typst_printer import named
from tests.letters import KINDS, LANGUAGES
from tests.printed import pages, squeezed

EVERY = pytest.mark.parametrize("language", LANGUAGES)
PAGE_NUMBER = re.compile(r"(\d+) / (\d+)")


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    return TypstPrinter()


def letters(language: str) -> tuple[Letter, ...]:
    """A list for its reader alone, a statement in two columns, a long file, a card in large type."""
    return (
        replace(KINDS["checklist"](language), alone=True),
        KINDS["statement"](language),
        KINDS["case_file"](language),
        replace(KINDS["power_memo"](language), large=True),
    )


def title(letter: Letter) -> str:
    told: str = in_language(letter, letter.language)["title"]
    return told


@EVERY
def test_the_contents_name_every_letter_and_the_page_it_begins_on(printer: TypstPrinter, language: str) -> None:
    bound = letters(language)
    first, *rest = pages(printer.bind(bound))

    with translation.override(language):
        assert squeezed(gettext("Contents")) in squeezed(first)
    for number, letter in enumerate(bound, start=1):
        line = next(line for line in first.splitlines() if line.startswith(f"{number}. "))
        assert squeezed(title(letter)) in squeezed(line)
        begins = int(line.split()[-1])
        assert squeezed(title(letter)) in squeezed(rest[begins - 2])


@EVERY
def test_pages_are_counted_through_all_letters(printer: TypstPrinter, language: str) -> None:
    texts = pages(printer.bind(letters(language)))
    counted = [PAGE_NUMBER.findall(text)[-1] for text in texts]

    assert counted == [(str(number), str(len(texts))) for number in range(1, len(texts) + 1)]


@EVERY
def test_each_letter_is_set_as_it_is_alone(printer: TypstPrinter, language: str) -> None:
    bound = letters(language)
    apart = [page for letter in bound for page in pages(printer.make(letter))]
    together = pages(printer.bind(bound))[1:]

    assert [PAGE_NUMBER.sub("", text) for text in together] == [PAGE_NUMBER.sub("", text) for text in apart]


def test_the_contents_and_the_outline_lead_to_the_letters(printer: TypstPrinter) -> None:
    document = pypdfium2.PdfDocument(printer.bind(letters("en")))
    outline = {mark.get_title(): mark.get_dest().get_index() for mark in document.get_toc() if mark.level == 0}
    links = pypdfium2.raw.FPDFPage_GetAnnotCount(document[0])
    document.close()

    assert {"Contents": 0, "Before you leave": 1}.items() <= outline.items()
    assert links >= len(letters("en"))


@EVERY
def test_a_bound_file_may_be_kept_and_read_aloud(printer: TypstPrinter, language: str) -> None:
    bound = letters(language)
    pdf = printer.bind(bound)
    document = pypdfium2.PdfDocument(pdf)
    about = document.get_metadata_dict()
    document.close()

    assert re.search(rb'pdfaid:part>2|pdfaid:part="2"', pdf)
    assert re.search(rb"pdfuaid:part>1|pdfuaid:part=\"1\"", pdf)
    assert about["Title"] == " · ".join(map(title, bound))
    assert {"ru": b"/Lang(ru)", "en": b"/Lang(en)", "zh-hans": b"/Lang(zh-CN)"}[language] in pdf


def test_the_same_letters_are_the_same_file_and_another_order_is_another(printer: TypstPrinter) -> None:
    bound = letters("zh-hans")
    pdf = printer.bind(bound)

    assert TypstPrinter().bind(bound) == pdf
    assert printer.bind(bound[::-1]) != pdf


@EVERY
def test_a_letter_for_its_reader_alone_has_one_language(printer: TypstPrinter, language: str) -> None:
    both = KINDS["checklist"](language)
    alone = squeezed("".join(pages(printer.make(replace(both, alone=True)))))

    assert both.languages == (("ru",) if language == "ru" else ("ru", language))
    assert replace(both, alone=True).languages == (language,)
    assert squeezed(title(both)) in alone
    if language != "ru":
        assert squeezed(in_language(both, "ru")["title"]) not in alone


def test_large_letters_are_larger(printer: TypstPrinter) -> None:
    def usual_height(letter: Letter) -> float:
        document = pypdfium2.PdfDocument(printer.make(letter))
        reader = document[0].get_textpage()
        heights = sorted(top - bottom for _l, bottom, _r, top in map(reader.get_charbox, range(300)))
        document.close()
        return float(heights[len(heights) // 2])

    card = replace(KINDS["checklist"]("en"), alone=True)
    assert usual_height(replace(card, large=True)) > 1.25 * usual_height(card)


def test_a_letter_with_a_missing_character_says_so_on_its_own_pages_only(printer: TypstPrinter) -> None:
    texts = pages(printer.bind([KINDS["receipt"]("en"), named("محمد علي")]))

    assert [MISSING in text for text in texts] == [False] * (len(texts) - 1) + [True]


def test_what_cannot_be_bound_says_so_without_what_is_in_it(
    printer: TypstPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lastcall.elements.letters.typst_printer.json.dumps", lambda _data: "no JSON")
    with pytest.raises(ElementTrouble) as trouble:
        printer.bind([named("Li Wei"), KINDS["receipt"]("en")])

    assert (trouble.value.code, trouble.value.permanent) == ("printer_failed", True)
    assert "Li Wei" not in str(trouble.value)
