"""The reader's screen at the root, and the desk and the portal behind it: two programs in one process."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from lastcall.site import urls

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
urlpatterns: list[URLPattern | URLResolver] = [path("", include("lastcall.doors.reader.urls")), *urls.urlpatterns]
