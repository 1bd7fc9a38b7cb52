"""The kit's pages. They keep nothing, and ask for nothing about anybody."""

from __future__ import annotations

from django.urls import path

from lastcall.doors.kit import pages

app_name = "kit"
urlpatterns = [
    path("", pages.choose, name="choose"),
    path("show/", pages.show, name="show"),
    path("show/kit.pdf", pages.kit_pdf, name="pdf"),
    path("show/deadlines.ics", pages.deadlines_ics, name="ics"),
]
