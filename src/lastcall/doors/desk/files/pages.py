"""The pages of an open file: what it shows, its photo, closing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.closing.dossier import Dossier, dossier
from lastcall.core.closing.photos import open_photo
from lastcall.core.closing.preview import preview
from lastcall.core.database import database
from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import Billing
from lastcall.core.provided import provided
from lastcall.core.rows import Json
from lastcall.core.staff.opening import Opening, close_file, live_opening
from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.files.presenters import FilePage, file_page
from lastcall.doors.desk.files.watermark import watermarked
from lastcall.doors.desk.shell import page
from lastcall.doors.screens.reader import spoken


@desk("file.see")
def file(request: HttpRequest, me: Me, opening_id: int) -> HttpResponse:
    """The file, while it is open to this member."""
    opening = live_opening(database(), opening_id=opening_id, login=me.member.login)
    shown = shown_file(dossier(database(), case_id=opening.case_id), opening)
    return page(request, me, "files/file.html", {"file": shown, "opening": opening})


def shown_file(found: Dossier, opening: Opening | None) -> FilePage:
    """The file in the language in force, with the final bill or its preview."""
    return file_page(found, bill=found.case.final_bill or _preview(found.case.id), opening=opening, language=spoken())


def _preview(case_id: int) -> Json:
    try:
        return preview(database(), case_id=case_id, billing=provided(Billing), for_staff=True)
    except ElementTrouble:
        return {}


@desk("review.decide")
def photo(request: HttpRequest, me: Me, opening_id: int) -> HttpResponse:
    """The photo of the document, for a picture inside a page of ours and nothing else; each look is noted.

    Browsers say what they fetch something for (W3C Fetch Metadata, ``Sec-Fetch-Dest``): a page of its own gets nothing.
    """
    fetched = request.headers.get("Sec-Fetch-Dest"), request.headers.get("Sec-Fetch-Site")
    opening = live_opening(database(), opening_id=opening_id, login=me.member.login)
    if fetched != ("image", "same-origin") or opening.ground != "review":
        raise Http404
    jpeg = open_photo(database(), case_id=opening.case_id, actor=me.actor, reason="review")
    marked = watermarked(jpeg, text=f"{me.member.login}  {clock.now():%Y-%m-%d %H:%M} UTC")
    headers = {"Content-Disposition": "inline", "Cross-Origin-Resource-Policy": "same-origin"}
    return HttpResponse(marked, content_type="image/jpeg", headers=headers)


@desk("file.see")
def close(request: HttpRequest, me: Me, opening_id: int) -> HttpResponse:
    """Close the file before its time."""
    live_opening(database(), opening_id=opening_id, login=me.member.login)
    if request.method != "POST":
        return redirect("desk:file", opening_id)
    close_file(database(), opening_id=opening_id, login=me.member.login)
    messages.success(request, _("The file is closed."))
    return redirect("desk:start")
