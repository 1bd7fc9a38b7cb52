"""What pages below ``/case/`` leave to the next: what was said, what was typed. Short-lived, nothing secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse

from lastcall.doors.portal.opened import OPEN_MINUTES, PATH
from lastcall.doors.screens.sealed import Kept

_SAID: Final = Kept("lastcall_said", PATH, timedelta(minutes=1))
_TYPED: Final = Kept("lastcall_typed", PATH, timedelta(minutes=OPEN_MINUTES))
_LONGEST: Final = 200  # a cookie holds 4 kB; none of our fields needs more than this


def say(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """The next page says, once, what ``code`` (a key of ``presenters.said.SAID``) stands for."""
    _SAID.keep(request, response, {"code": code})


def heard(request: HttpRequest) -> str:
    """The code that the page before left, or empty."""
    return str(_SAID.read(request).get("code", ""))


def silence(response: HttpResponse) -> None:
    """It was said."""
    _SAID.forget(response)


def keep_typed(request: HttpRequest, response: HttpResponse, page: str, fields: Mapping[str, str]) -> None:
    """Keep what was typed on ``page``. Document numbers, codes and secrets are never given here."""
    short = {name: value[:_LONGEST] for name, value in fields.items()}
    _TYPED.keep(request, response, {"page": page, "fields": short})


def typed(request: HttpRequest, page: str) -> dict[str, str]:
    """What was typed on ``page`` on this device within :data:`OPEN_MINUTES`, or nothing."""
    kept = _TYPED.read(request)
    return dict(kept["fields"]) if kept.get("page") == page else {}


def drop_typed(response: HttpResponse) -> None:
    """What was typed is used, or of no use."""
    _TYPED.forget(response)
