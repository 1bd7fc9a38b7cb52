"""The desk's pages, area by area."""

from __future__ import annotations

from importlib import import_module

from django.urls import URLPattern, URLResolver, path

from lastcall.doors.desk import pages
from lastcall.doors.desk.areas import AREAS

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [path("", pages.start, name="start")]
for _area in AREAS:
    urlpatterns += import_module(f"lastcall.doors.desk.{_area}.urls").urlpatterns
