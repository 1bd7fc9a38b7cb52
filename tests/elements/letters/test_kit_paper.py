"""A kit on paper: it can be read aloud, searched and copied from, and what is signed is known page by page."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]
import pytest
from django.utils import translation
from django.utils.translation import gettext

from lastcall.core.closing.letters import in_language
from lastcall.core.closing.letters.letter import Paragraph, Text
from lastcall.core.kit.choices import LANGUAGES
from lastcall.core.kit.details import Details
from lastcall.elements.letters.typst_printer import TypstPrinter
from tests.core.kit.kits import LI_WEI, make, part
from tests.printed import pages, squeezed

EVERY = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    return TypstPrinter()


@EVERY
def test_it_names_its_language_and_title_and_has_a_bookmark_for_each_part(printer: TypstPrinter, language: str) -> None:
    kit = make(language=language, situation="abroad")
    pdf = printer.bind(kit.letters)
    document = pypdfium2.PdfDocument(pdf)
    marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc() if mark.level == 0]
    about, tagged = document.get_metadata_dict(), document.is_tagged()
    document.close()

    assert tagged and {"ru": b"/Lang(ru)", "en": b"/Lang(en)", "zh-hans": b"/Lang(zh-CN)"}[language] in pdf
    with translation.override(language):
        titles = [letter.title.shown() for letter in kit.letters]
        assert marks[0] == (gettext("Contents"), 0)
    assert len(marks) == len(titles) + 1
    assert all(squeezed(title) in squeezed(mark) for title, (mark, _page) in zip(titles, marks[1:], strict=True))
    assert [page for _mark, page in marks] == sorted({page for _mark, page in marks})
    assert all(title in about["Title"] for title in titles)


def test_text_can_be_found_and_copied_in_all_three_scripts(printer: TypstPrinter) -> None:
    document = pypdfium2.PdfDocument(printer.bind(make(language="zh-hans").letters))
    texts = [page.get_textpage() for page in document]
    copied = "\n".join(text.get_text_range() for text in texts)
    found = {
        said: any(text.search(said, match_case=True).get_next() is not None for text in texts)
        for said in ("终止合同申请书", "Заявление о расторжении договора", "Spasíbo. Do svidániya.")
    }
    document.close()

    assert found == dict.fromkeys(found, True)
    assert all(said in copied for said in found)


@EVERY
def test_a_statement_of_one_page_does_not_count_it_and_a_longer_one_says_whose_each_page_is(
    printer: TypstPrinter, language: str
) -> None:
    long = Details(name="Li Wei", document="x " * 90, address="y " * 90, contact="z " * 90, account="q " * 90)
    short, longer = (
        part(make(language=language, situation="foreigner", details=details), "kit_statement")
        for details in (LI_WEI, long)
    )
    longer = replace(longer, blocks=(*longer.blocks, *(Paragraph(Text("More. " * 60)) for _each in range(12))))
    one, several = (list(map(squeezed, pages(printer.make(letter)))) for letter in (short, longer))
    with translation.override(language):
        counted, signed = gettext("Page {page} of {pages}"), gettext("Signed by")
    title = squeezed(in_language(longer, language)["title"])

    assert len(one) == 1 and squeezed(counted.format(page=1, pages=1)) not in one[0]
    assert len(several) > 1
    for number, page in enumerate(several, start=1):
        assert squeezed(counted.format(page=number, pages=len(several))) in page
        assert squeezed(f"{signed}: Li Wei") in page and title in page


def test_a_statement_is_set_in_ten_points(printer: TypstPrinter) -> None:
    document = pypdfium2.PdfDocument(printer.make(part(make(language="zh-hans"), "kit_statement")))
    page = document[0]
    text = page.get_textpage()
    at = text.search("В случае отказа").get_next()
    size = pypdfium2.raw.FPDFText_GetFontSize(text, at[0])
    document.close()

    assert round(size, 1) >= 10
