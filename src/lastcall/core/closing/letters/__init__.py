"""The letters that a leaver gets, as data: one builder a kind. ``elements/letters`` prints them."""

from __future__ import annotations

from lastcall.core.closing.letters.case_file import case_file
from lastcall.core.closing.letters.checklist import checklist
from lastcall.core.closing.letters.cover_sheet import cover_sheet
from lastcall.core.closing.letters.destruction_record import Destroyed, destroyed_sim, destruction_record
from lastcall.core.closing.letters.end_notice import end_notice
from lastcall.core.closing.letters.letter import Letter, in_language
from lastcall.core.closing.letters.power_memo import power_memo
from lastcall.core.closing.letters.receipt import receipt
from lastcall.core.closing.letters.statement import statement

__all__ = [
    "Destroyed",
    "Letter",
    "case_file",
    "checklist",
    "cover_sheet",
    "destroyed_sim",
    "destruction_record",
    "end_notice",
    "in_language",
    "power_memo",
    "receipt",
    "statement",
]
