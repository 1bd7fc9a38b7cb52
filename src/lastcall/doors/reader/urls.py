"""One page at the root of this computer's own server; it is no part of the public site."""

from __future__ import annotations

from django.urls import URLPattern, path

from lastcall.doors.reader import pages

app_name = "reader"
urlpatterns: list[URLPattern] = [path("", pages.screen, name="screen")]
