"""What pages below ``/case/`` leave to the next: what was said, what was typed. Signed, short-lived, nothing secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core import signing
from django.http import HttpRequest, HttpResponse

from lastcall.doors.portal.opened import OPEN_MINUTES, PATH

_SAID: Final = "lastcall_said"
_TYPED: Final = "lastcall_typed"
_SAID_SECONDS: Final = 60
_LONGEST: Final = 200  # a cookie holds 4 kB; none of our fields needs more than this


def say(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """The next page says, once, what ``code`` (a key of ``presenters.said.SAID``) stands for."""
    _set(request, response, _SAID, code, seconds=_SAID_SECONDS)


def heard(request: HttpRequest) -> str:
    """The code that the page before left, or empty."""
    return str(_get(request, _SAID, _SAID_SECONDS) or "")


def silence(response: HttpResponse) -> None:
    """It was said."""
    _drop(response, _SAID)


def keep_typed(request: HttpRequest, response: HttpResponse, page: str, fields: Mapping[str, str]) -> None:
    """Keep what was typed on ``page``. Document numbers, codes and secrets are never given here."""
    short = {name: value[:_LONGEST] for name, value in fields.items()}
    _set(request, response, _TYPED, {"page": page, "fields": short}, seconds=OPEN_MINUTES * 60)


def typed(request: HttpRequest, page: str) -> dict[str, str]:
    """What was typed on ``page`` on this device within :data:`OPEN_MINUTES`, or nothing."""
    kept = _get(request, _TYPED, OPEN_MINUTES * 60)
    return dict(kept["fields"]) if isinstance(kept, dict) and kept.get("page") == page else {}


def drop_typed(response: HttpResponse) -> None:
    """What was typed is used, or of no use."""
    _drop(response, _TYPED)


def _set(request: HttpRequest, response: HttpResponse, name: str, kept: Any, *, seconds: int) -> None:
    response.set_cookie(
        name, signing.dumps(kept, salt=f"lastcall.doors.portal.{name}", compress=True), max_age=seconds, path=PATH,
        secure=request.is_secure(), httponly=True, samesite="Strict",
    )  # fmt: skip


def _get(request: HttpRequest, name: str, seconds: int) -> Any:
    try:
        return signing.loads(request.COOKIES[name], salt=f"lastcall.doors.portal.{name}", max_age=seconds)
    except (KeyError, signing.BadSignature):
        return None


def _drop(response: HttpResponse, name: str) -> None:
    response.delete_cookie(name, path=PATH, samesite="Strict")
