"""Lastcall's settings with one view instead of its pages, and the middleware of a new Django project."""

from __future__ import annotations

from lastcall.site import settings as ours
from lastcall.site.settings import *  # noqa: F403

ROOT_URLCONF = "bench.lookup_django"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
INSTALLED_APPS = [
    app for app in ours.INSTALLED_APPS if app.startswith(("django.", "lastcall.core", "lastcall.elements"))
]
