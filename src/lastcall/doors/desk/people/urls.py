"""Members and shops."""

from __future__ import annotations

from django.urls import path

from lastcall.doors.desk.people import pages

urlpatterns = [
    path("people/", pages.people, name="people_list"),
    path("people/new/", pages.join, name="people_join"),
    path("people/shops/", pages.places, name="people_shops"),
    path("people/shops/<slug:code>/close/", pages.close, name="people_shop_close"),
    path("people/of/<str:login>/", pages.member, name="people_member"),
    path("people/of/<str:login>/reset/", pages.reset, name="people_reset"),
    path("people/of/<str:login>/leave/", pages.leave, name="people_leave"),
]
