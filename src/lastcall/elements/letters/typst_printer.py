"""Letters as PDF by Typst, compiled in this process: no program, no system font and no network is needed.

A letter reaches the template as data and is set as text, never as markup. The files are PDF/A-2a (to be kept) and PDF/UA-1 (to
be read aloud).
"""

from __future__ import annotations

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst
from django.utils import translation
from django.utils.translation import gettext as _

from lastcall.core.closing.letters import Letter, in_language
from lastcall.core.errors import ElementTrouble
from lastcall.elements.letters.glyphs import FONTS, MISSING, replaced

_TEMPLATES: Final = Path(__file__).parent / "templates"
_STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]


_one_at_a_time: Final = threading.Lock()


class TypstPrinter:
    """One compiler a process, used by one thread at a time: it keeps fonts and template in memory."""

    name = "typst"

    def make(self, letter: Letter) -> bytes:
        """The letter as one PDF file; the same letter gives the same bytes. Raises :class:`ElementTrouble`
        (``printer_failed``, permanent), without anything from the letter but its kind."""
        found = self._compile(letter, format="pdf", pdf_standards=_STANDARDS, timestamp=int(letter.made_at.timestamp()))
        assert isinstance(found, bytes)
        return found

    def pictures(self, letter: Letter, *, ppi: int = 96) -> list[bytes]:
        """The pages as PNG, for looking at. Raises as :meth:`make`."""
        found = self._compile(letter, format="png", ppi=ppi)
        return [found] if isinstance(found, bytes) else found

    def _compile(self, letter: Letter, **options: Any) -> Any:
        try:
            given = {"letter": json.dumps(_data(letter))}
            with _one_at_a_time:
                return _compiler().compile(sys_inputs=given, **options)
        except Exception as trouble:
            raise ElementTrouble(
                f"The letter '{letter.kind}' could not be printed: {type(trouble).__name__}.", permanent=True,
                code="printer_failed", remedy="Print the same kind with invented data and report what fails.",
            ) from None  # what Typst complains of may quote the letter  # fmt: skip


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(_TEMPLATES / "letter.typ"), root=str(_TEMPLATES), font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _data(letter: Letter) -> dict[str, Any]:
    """What the template reads: the letter once for each column, and its barcodes as pictures."""
    columns = [_column(letter, language) for language in letter.languages]
    if any(MISSING in json.dumps(column, ensure_ascii=False) for column in columns):
        for column in columns:
            column["notes"].insert(0, _missing_note(column["column"]))
    return {"columns": columns}


def _column(letter: Letter, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = replaced(in_language(letter, language))
    for block in shown["blocks"]:
        if block["is"] == "Barcode":
            block["picture"] = segno.make_qr(block["text"], error="h").svg_inline(border=4)
    return shown | {"column": language}


def _missing_note(language: str) -> str:
    with translation.override(language):
        return _("%(sign)s stands for a character that our printer does not have. Please write it in by hand.") % {
            "sign": MISSING
        }
