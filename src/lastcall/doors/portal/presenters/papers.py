"""Papers that come by post, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.case import Case
from lastcall.core.closing.letters.cover_sheet import PAPERS
from lastcall.core.closing.papers import PaperSheet
from lastcall.core.closing.texts import moment
from lastcall.core.policies.pack import Pack
from lastcall.doors.portal.forms.choices import Option
from lastcall.doors.screens.wording import Told

NO_PAPER: Final = _("Choose at least one paper that you will send.")
_FOR_OTHERS: Final = frozenset({"power_of_attorney", "death_certificate"})


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One cover sheet. ``barcode``: as printed on it; ``arrived``: when the papers were here, or empty."""

    barcode: str
    papers: tuple[str, ...]
    made: str
    arrived: str


def options(kinds: Iterable[str], case: Case) -> tuple[Option, ...]:
    """What can be sent; what only those need who act for somebody else comes first for them, last for others."""
    acts_for_another = case.declared_by == "representative"
    ordered = sorted(kinds, key=lambda kind: (kind in _FOR_OTHERS) != acts_for_another)
    return tuple(Option(kind, PAPERS[kind]) for kind in ordered)


def sheet_in_words(sheet: PaperSheet) -> SheetPart:
    """A sheet as its sender sees it."""
    words = tuple(str(PAPERS[kind]) for kind in sheet.kinds.split() if kind in PAPERS)
    return SheetPart(
        sheet.barcode, words, moment(sheet.announced_at), moment(sheet.arrived_at) if sheet.arrived_at else ""
    )


def post_address(pack: Pack) -> Told | None:
    """Where papers are sent (pack entry ``contacts.post_address``); None while nobody has confirmed one."""
    found = [entry for entry in pack.entries("contacts.post_address") if entry.key == "contacts.post_address"]
    return Told(str(found[0].value), found[0].is_confirmed) if found else None
