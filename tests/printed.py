"""Reading what was printed: the text of a PDF's pages, and the texts that a shown letter must have."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import pypdfium2  # type: ignore[import-untyped]


def pages(pdf: bytes) -> list[str]:
    """The text of each page, as a reader that copies it would get it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """Without anything that a line break may add or take; readers take a hyphen at the end of a line for its own."""
    return re.sub(r"[\s\u00a0\u200b\ufffe-]", "", text)


def values(shown: Any, *, named: Collection[str], but: str = "") -> Iterator[str]:
    """The texts of a shown letter that stand under these names, in order; what stands under ``but`` is left out."""
    if isinstance(shown, list):
        for each in shown:
            yield from values(each, named=named, but=but)
    elif isinstance(shown, dict):
        for name, value in shown.items():
            if isinstance(value, str) and name in named:
                yield value
            elif name != but:
                yield from values(value, named=named, but=but)
