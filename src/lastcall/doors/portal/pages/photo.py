"""A photo of the document's page with the holder's data. Another language does not keep the chosen file: browsers forbid it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lastcall.core.closing import photos
from lastcall.core.closing.case import Case
from lastcall.core.closing.story import is_proved
from lastcall.core.database import database
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import PhotoReader
from lastcall.core.provided import provided
from lastcall.doors.portal.acting import actor_of, go, of_open_case, open_case, read, refusal, show, still_open
from lastcall.doors.portal.presenters.trouble import trouble
from lastcall.doors.screens.uploads import is_too_big

_TAKEN_WHILE: Final = frozenset({"declared", "checking", "waiting", "review"})


def is_wanted(case: Case) -> bool:
    """Whether a photo is taken now: the policy has it, identity was proved from afar, and no photo has settled it yet."""
    return (
        Policy.from_json(case.policy).identity_photo != "off"
        and is_proved(case)
        and case.in_person_at is None
        and case.photo in {"", "unclear"}
        and case.state in _TAKEN_WHILE
        and "photo_unclear" not in case.approved_reasons.split()
    )


@of_open_case("case-photo")
def photo(request: HttpRequest, case: Case) -> HttpResponse:
    """Give a photo, or see how it stands."""
    if still_open(case) and not is_proved(case):
        return go(request, "case-identity")
    if not is_wanted(case) and not case.photo:
        return go(request, "case", saying="nothing_needed")
    if request.method != "POST":
        return _show(request, case, "")
    problem = _give(request, case)
    if not problem:
        return go(request, "case-photo", saying="photo_given")
    fresh = open_case(request) or case
    if fresh.photo == "reading" and case.photo != "reading":  # a double click: it has arrived
        return go(request, "case-photo", saying="photo_given")
    return _show(request, fresh, problem)


def _give(request: HttpRequest, case: Case) -> str:
    if is_too_big(request):
        return trouble("photo_too_big")
    upload = request.FILES.get("photo")
    if upload is None:
        return trouble("photo_missing")
    content = upload.read()
    return refusal(
        lambda: photos.give_photo(
            database(), case_id=case.id, upload=content, reader=provided(PhotoReader), actor=actor_of(case)
        )
    )


def _show(request: HttpRequest, case: Case, problem: str) -> HttpResponse:
    policy = Policy.from_json(case.policy)
    state = read(lambda rows: photos.photo_state(rows, case)) or ""
    content = {
        "problem": problem,
        "problem_at": "id_photo",
        "state": state,
        "wanted": is_wanted(case),
        "needed": policy.identity_photo == "needed",
        "megabytes": settings.LASTCALL_PHOTO_BYTES // (1024 * 1024),
        "hours": policy.retention_photo_appeal_hours,
        "days": policy.retention_scan_days_max,
    }
    return show(request, case, "photo.html", content)
