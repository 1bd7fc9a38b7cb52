"""The case that is open on this device: kept for a short time in a signed cookie, never in a URL."""

from __future__ import annotations

from typing import Final

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

OPEN_MINUTES: Final = 15
_COOKIE: Final = "lastcall_case"
_SALT: Final = "lastcall.doors.portal.case"
_PATH: Final = "/case/"


def keep_open(request: HttpRequest, response: HttpResponse, case_id: int) -> None:
    """From now on, for :data:`OPEN_MINUTES`, this device may see the case."""
    response.set_signed_cookie(
        _COOKIE, str(case_id), salt=_SALT, max_age=OPEN_MINUTES * 60, path=_PATH,
        secure=request.is_secure(), httponly=True, samesite="Strict",
    )  # fmt: skip


def forget(response: HttpResponse) -> None:
    """This device may no longer see the case."""
    response.delete_cookie(_COOKIE, path=_PATH, samesite="Strict")


def open_case_id(request: HttpRequest) -> int | None:
    """The id of the case that is open on this device, or None."""
    try:
        kept = request.get_signed_cookie(_COOKIE, salt=_SALT, max_age=OPEN_MINUTES * 60)
    except (KeyError, BadSignature):
        return None
    return int(kept or 0)
