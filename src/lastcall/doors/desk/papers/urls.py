from __future__ import annotations

from django.urls import URLPattern, path

from lastcall.doors.desk.papers import pages

urlpatterns: list[URLPattern] = [
    path("papers/", pages.scan, name="papers_scan"),
    path("papers/<int:opening_id>/", pages.envelope, name="papers_case"),
    path("papers/<int:opening_id>/signed/", pages.signed, name="papers_signed"),
    path("papers/<int:opening_id>/representative/", pages.representative, name="papers_representative"),
]
