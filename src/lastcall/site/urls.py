from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

handler400 = "lastcall.doors.portal.pages.trouble.bad_request"
handler403 = "lastcall.doors.portal.pages.trouble.forbidden"
handler404 = "lastcall.doors.portal.pages.trouble.not_found"
handler500 = "lastcall.doors.portal.pages.trouble.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("lastcall.doors.desk.urls")),
    path("shop/", include("lastcall.doors.shop.urls")),
    path("text/", include("lastcall.doors.text.urls")),
    path("kit/", include("lastcall.doors.kit.urls")),
    path("", include("lastcall.doors.metrics.urls")),
    path("", include("lastcall.doors.portal.urls")),
]
