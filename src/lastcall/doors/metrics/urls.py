"""Where Prometheus looks by default."""

from __future__ import annotations

from django.urls import path

from lastcall.doors.metrics.pages import metrics

urlpatterns = [path("metrics", metrics, name="metrics")]
