"""The shop's public pages: kiosk, waiting-room screen, a visitor's own ticket. No sign-in, no personal data."""

from __future__ import annotations

from django.urls import URLPattern, path

from lastcall.doors.shop import pages

app_name = "shop"
urlpatterns: list[URLPattern] = [
    path("<slug:code>/", pages.kiosk, name="kiosk"),
    path("<slug:code>/screen", pages.screen, name="screen"),
    path("<slug:code>/ticket/<slug:token>", pages.ticket, name="ticket"),
    path("<slug:code>/<slug:language>/", pages.purposes, name="purposes"),
]
