from __future__ import annotations

from django.urls import path

from lastcall.doors.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("case/", views.case, name="case"),
    path("case/close/", views.close_case, name="close-case"),
    path("number/", views.number, name="number"),
]
