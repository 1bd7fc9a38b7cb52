"""The sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def _to_come(request: HttpRequest) -> HttpResponse:
    return HttpResponse("to come", content_type="text/plain")


urlpatterns = [
    path("signin/", _to_come, name="signin"),
    path("signin/second/", _to_come, name="signin_second"),
]
