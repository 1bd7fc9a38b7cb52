"""The case that is open on this device: kept for a short time in a signed cookie, never in a URL."""

from __future__ import annotations

from typing import Final

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

OPEN_MINUTES: Final = 15
MARK: Final = "of"
"""The hidden field of every form of a case."""
_MARK_LENGTH: Final = 22  # 132 bits
_COOKIE: Final = "lastcall_case"
_SALT: Final = "lastcall.doors.portal.case"
PATH: Final = "/case/"
"""Below it, and nowhere else, browsers send what tells which case is open."""


def keep_open(request: HttpRequest, response: HttpResponse, case_id: int) -> None:
    """From now on, for :data:`OPEN_MINUTES`, this device may see the case."""
    response.set_signed_cookie(
        _COOKIE, str(case_id), salt=_SALT, max_age=OPEN_MINUTES * 60, path=PATH,
        secure=request.is_secure(), httponly=True, samesite="Strict",
    )  # fmt: skip


def forget(response: HttpResponse) -> None:
    """This device may no longer see the case."""
    response.delete_cookie(_COOKIE, path=PATH, samesite="Strict")


def open_case_id(request: HttpRequest) -> int | None:
    """The id of the case that is open on this device, or None."""
    try:
        kept = request.get_signed_cookie(_COOKIE, salt=_SALT, max_age=OPEN_MINUTES * 60)
    except (KeyError, BadSignature):
        return None
    return int(kept or 0)


def mark(case_id: int) -> str:
    """What a form of this case carries, so that it never acts on another one that was opened in a second tab."""
    return Signer(salt=f"{_SALT}.mark").signature(str(case_id))[:_MARK_LENGTH]


def is_marked(request: HttpRequest, case_id: int) -> bool:
    """Whether the posted form belongs to this case."""
    return constant_time_compare(request.POST.get(MARK, ""), mark(case_id))
