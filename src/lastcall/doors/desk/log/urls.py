"""The auditor's log."""

from __future__ import annotations

from django.urls import path

from lastcall.doors.desk.log import pages

urlpatterns = [
    path("log/", pages.readings, name="log_readings"),
    path("log/refusals/", pages.refusals, name="log_refusals"),
    path("log/alerts/", pages.alerts, name="log_alerts"),
    path("log/alerts/<int:alert_id>/", pages.looked_at, name="log_looked_at"),
    path("log/<int:event_id>/file/", pages.look_into, name="log_look_into"),
]
