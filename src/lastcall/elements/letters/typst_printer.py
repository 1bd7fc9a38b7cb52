"""Letters as PDF by Typst, compiled in this process: no program, no system font and no network is needed.

A letter reaches the template as data and is set as text, never as markup. The files are PDF/A-2a (to be kept) and PDF/UA-1 (to
be read aloud).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst
from django.utils import translation
from django.utils.translation import gettext as _

from lastcall.core.closing.letters import Letter, in_language
from lastcall.core.errors import ElementTrouble
from lastcall.elements.letters.glyphs import FONTS, MISSING, regular_only, replaced

_TEMPLATES: Final = Path(__file__).parent / "templates"
_STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]


_one_at_a_time: Final = threading.Lock()


class TypstPrinter:
    """One compiler a process, used by one thread at a time: it keeps fonts and template in memory."""

    name = "typst"

    def make(self, letter: Letter) -> bytes:
        """The letter as one PDF file; the same letter gives the same bytes. Raises :class:`ElementTrouble`
        (``printer_failed``, permanent), without anything from the letter but its kind."""
        return self._pdf((letter,))

    def bind(self, letters: Sequence[Letter]) -> bytes:
        """The letters as one PDF file: their contents first, in the first one's language, then each on pages of its own, counted
        through. Raises as :meth:`make`."""
        return self._pdf(letters, bound=True)

    def pictures(self, *letters: Letter, ppi: int = 96) -> list[bytes]:
        """The pages as PNG, for looking at; of several letters, bound. Raises as :meth:`make`."""
        found = self._compile(letters, bound=len(letters) > 1, format="png", ppi=ppi)
        return [found] if isinstance(found, bytes) else found

    def _pdf(self, letters: Sequence[Letter], *, bound: bool = False) -> bytes:
        made_at = int(letters[0].made_at.timestamp())
        found = self._compile(letters, bound=bound, format="pdf", pdf_standards=_STANDARDS, timestamp=made_at)
        assert isinstance(found, bytes)
        return found

    def _compile(self, letters: Sequence[Letter], *, bound: bool, **options: Any) -> Any:
        try:
            document = _document(_data(letters, bound=bound))
            with _one_at_a_time:
                return _compiler().compile(input=document, **options)
        except Exception as trouble:
            raise ElementTrouble(
                f"The letter '{', '.join(each.kind for each in letters)}' could not be printed: {type(trouble).__name__}.",
                permanent=True,
                code="printer_failed", remedy="Print the same kind with invented data and report what fails.",
            ) from None  # what Typst complains of may quote the letter  # fmt: skip


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=str(_TEMPLATES), font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _document(data: dict[str, Any]) -> bytes:
    """What is compiled: one call with the data as a string. The letters that were printed shortly before are not set again, which
    they would be if the data came as one of the compiler's inputs.

    JSON in ASCII has no sign but printable ones; with its two that a string of Typst's gives a meaning escaped, it is only data.
    """
    text = json.dumps(data).replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "letter.typ": printed\n#printed(json(bytes("{text}")))\n'.encode("ascii")


def _data(letters: Sequence[Letter], *, bound: bool) -> dict[str, Any]:
    """What the template reads: each letter once for each of its columns, and of bound ones the contents."""
    columns = [_columns(letter) for letter in letters]
    titles = [each[-1]["title"] for each in columns]
    contents = {"title": _contents_title(letters[0].language), "parts": titles} if bound else None
    thin = regular_only(json.dumps(columns, ensure_ascii=False))
    return {"letters": columns, "contents": contents, "title": " · ".join(titles), "regular_only": thin}


def _columns(letter: Letter) -> list[dict[str, Any]]:
    """The letter in each of its languages, barcodes as pictures."""
    columns = [_column(letter, language) for language in letter.languages]
    if any(MISSING in json.dumps(column, ensure_ascii=False) for column in columns):
        for column in columns:
            column["notes"].insert(0, _missing_note(column["column"]))
    return columns


def _column(letter: Letter, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = replaced(in_language(letter, language))
    for block in shown["blocks"]:
        if block["is"] == "Barcode":
            block["picture"] = segno.make_qr(block["text"], error="h").svg_inline(border=4)
    with translation.override(language):
        signed = {"page": _("Page {page} of {pages}"), "signer": _("Signed by")}
    return shown | {"column": language} | signed


def _contents_title(language: str) -> str:
    with translation.override(language):
        return _("Contents")


def _missing_note(language: str) -> str:
    with translation.override(language):
        return _("%(sign)s stands for a character that our printer does not have. Please write it in by hand.") % {
            "sign": MISSING
        }
