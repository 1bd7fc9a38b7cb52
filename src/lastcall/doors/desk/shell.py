"""What every page of the desk has around its content: who is signed in, the way to their areas, languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lastcall.core.staff.member import Member
from lastcall.doors.desk.areas import entries_of
from lastcall.doors.screens.reader import TAGS, languages, pack, spoken
from lastcall.doors.screens.wording import spoken as in_words

if TYPE_CHECKING:
    from lastcall.doors.desk.acting import Me


def page(request: HttpRequest, me: Me, template: str, content: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """``content`` in ``desk/<template>``, in the language in force."""
    around = {"me": me, "shop": me.shop}
    return bare(request, me.member, template, around | content, status=status)


def bare(
    request: HttpRequest, member: Member | None, template: str, content: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The same for pages that somebody without the right, or nobody yet, looks at."""
    language = spoken()
    around = {
        "tag": TAGS[language],
        "languages": languages(),
        "operator": in_words(pack().entry("operator.name").value, language),
        "member": member,
        "entries": entries_of(member) if member is not None else (),
    }
    return render(request, f"desk/{template}", around | content, status=status)


def problem(request: HttpRequest, member: Member | None, words: str, *, status: int) -> HttpResponse:
    """A page that says why something was not done."""
    return bare(request, member, "problem.html", {"words": words}, status=status)
