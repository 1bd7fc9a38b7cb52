"""The figures."""

from __future__ import annotations

from django.urls import path

from lastcall.doors.desk.figures import pages

urlpatterns = [
    path("figures/", pages.overview, name="figures_overview"),
    path("figures/chart/<slug:name>.svg", pages.chart, name="figures_chart"),
    path("figures/file/<slug:name>.csv", pages.file, name="figures_file"),
]
