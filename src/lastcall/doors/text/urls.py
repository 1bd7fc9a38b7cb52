from __future__ import annotations

from django.urls import path

from lastcall.doors.text import kannel

app_name = "text"
urlpatterns = [
    path("kannel/<str:token>/text", kannel.text, name="kannel-text"),
    path("kannel/<str:token>/report", kannel.report, name="kannel-report"),
]
