"""Ways to print a letter."""

from __future__ import annotations

from lastcall.core.errors import BadInput
from lastcall.core.ports import Printer
from lastcall.elements.letters.typst_printer import TypstPrinter


def make_printer(name: str) -> Printer:
    """The adapter called ``name``: ``typst`` makes PDF files in this process. Raises BadInput."""
    if name == "typst":
        return TypstPrinter()
    raise BadInput(f"letters: '{name}' is no adapter; choose typst.")
