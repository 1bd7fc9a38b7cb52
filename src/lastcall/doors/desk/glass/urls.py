"""Break-glass."""

from __future__ import annotations

from django.urls import path

from lastcall.doors.desk.glass import pages

urlpatterns = [
    path("glass/", pages.ask, name="glass_ask"),
    path("glass/requests/", pages.requests, name="glass_list"),
    path("glass/requests/<int:glass_id>/", pages.decide, name="glass_decide"),
    path("glass/requests/<int:glass_id>/review/", pages.review, name="glass_review"),
]
