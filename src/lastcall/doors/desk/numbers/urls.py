"""The number room's addresses. None holds a number."""

from __future__ import annotations

from django.urls import path

from lastcall.doors.desk.numbers import words
from lastcall.doors.desk.numbers.pages import counts, early, search, stuck

words.known()
urlpatterns = [
    path("numbers/", search.search, name="numbers_search"),
    path("numbers/life/<int:look_id>/", search.life, name="numbers_life"),
    path("numbers/life/<int:look_id>/early/", early.ask, name="numbers_ask_early"),
    path("numbers/life/<int:look_id>/decide/", early.decide, name="numbers_decide"),
    path("numbers/early/", early.requests, name="numbers_requests"),
    path("numbers/early/<int:request_id>/", early.look, name="numbers_look_at_request"),
    path("numbers/calendar/", counts.calendar, name="numbers_calendar"),
    path("numbers/ranges/", counts.ranges, name="numbers_ranges"),
    path("numbers/sweeps/", counts.sweeps, name="numbers_sweeps"),
    path("numbers/stuck/", stuck.orders, name="numbers_stuck"),
    path("numbers/stuck/<int:job_id>/retry/", stuck.retry, name="numbers_retry"),
    path("numbers/stuck/<int:job_id>/number/", stuck.look, name="numbers_look_at_stuck"),
    path("numbers/alerts/<int:alert_id>/", stuck.resolve, name="numbers_resolve"),
]
