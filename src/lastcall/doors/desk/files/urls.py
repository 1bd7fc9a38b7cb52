from __future__ import annotations

from django.urls import URLPattern, path

from lastcall.doors.desk.files import pages

urlpatterns: list[URLPattern] = [
    path("files/<int:opening_id>/", pages.file, name="file"),
    path("files/<int:opening_id>/photo/", pages.photo, name="file_photo"),
    path("files/<int:opening_id>/close/", pages.close, name="file_close"),
]
