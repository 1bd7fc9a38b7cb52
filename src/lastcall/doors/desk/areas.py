"""What the desk consists of: its areas, each a folder, and the entry that leads there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.core.staff.member import Member
from lastcall.core.staff.rights import has

AREAS: Final = (
    "counter",
    "readers",
    "calls",
    "review",
    "files",
    "papers",
    "numbers",
    "relying",
    "figures",
    "people",
    "glass",
    "log",
    "signin",
)
"""The folders of the desk that have pages."""


@dataclass(frozen=True, slots=True)
class Entry:
    """``url``: a name in the desk; ``right``: who sees the entry."""

    url: str
    label: str | Promise
    right: str

    @property
    def address(self) -> str:
        return reverse(f"desk:{self.url}")


ENTRIES: Final = (
    Entry("counter_queue", _("Queue"), "queue.run"),
    Entry("readers_list", _("Card readers"), "counter.work"),
    Entry("calls_queue", _("Calls"), "call.take"),
    Entry("review_queue", _("Review"), "review.decide"),
    Entry("review_assigned", _("Cases with reviewers"), "people.manage"),
    Entry("papers_scan", _("Post"), "papers.take_in"),
    Entry("numbers_search", _("Number room"), "numbers.look"),
    Entry("numbers_stuck", _("Stuck orders"), "work.retry"),
    Entry("relying_list", _("Relying parties"), "relying.see"),
    Entry("figures_overview", _("Figures"), "figures.see"),
    Entry("people_list", _("People"), "people.manage"),
    Entry("glass_ask", _("Break-glass"), "glass.ask"),
    Entry("glass_list", _("Break-glass requests"), "glass.approve"),
    Entry("log_readings", _("Readings"), "log.read"),
)
"""In the order in which they are shown."""


def entries_of(member: Member) -> tuple[Entry, ...]:
    """The entries that lead to pages whose right this member has."""
    return tuple(entry for entry in ENTRIES if has(member, entry.right))
