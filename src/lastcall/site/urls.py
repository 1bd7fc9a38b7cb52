from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

handler400 = "lastcall.doors.portal.views.bad_request"
handler403 = "lastcall.doors.portal.views.forbidden"
handler404 = "lastcall.doors.portal.views.not_found"
handler500 = "lastcall.doors.portal.views.broken"

urlpatterns: list[URLPattern | URLResolver] = [path("", include("lastcall.doors.portal.urls"))]
