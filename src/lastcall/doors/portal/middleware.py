"""A calm page when a part of ours cannot be reached."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from lastcall.core import clock
from lastcall.core.closing.texts import moment
from lastcall.core.errors import ElementTrouble
from lastcall.doors.portal.shell import page
from lastcall.doors.screens.middleware import Answer
from lastcall.doors.screens.reader import kept_fields


class Unavailable:
    """A database or an element that cannot be reached is a 503 that says what to do and keeps what was typed, not an error."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        """Answer for the view that could not."""
        if not isinstance(trouble, OperationalError | InterfaceError | ElementTrouble):
            return None
        seconds: int = settings.LASTCALL_RETRY_SECONDS
        back = moment(clock.now() + timedelta(seconds=seconds))
        content = {"minutes": -(-seconds // 60), "back": back, "kept": kept_fields(request)}
        response = page(request, "503.html", content, status=503)
        response["Retry-After"] = str(seconds)
        return response
