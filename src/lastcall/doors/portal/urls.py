from __future__ import annotations

from django.urls import path

from lastcall.doors.portal.pages import case, home, number

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("case/", case.case, name="case"),
    path("case/close/", case.close_case, name="close-case"),
    path("number/", number.number, name="number"),
]
