"""Django's settings for commands that stand alone: no database, no sessions, no folder of an installation, nothing kept.

``lastcall kit`` and ``lastcall sim`` run with them on anybody's own computer; :data:`lastcall.site.main.ALONE` names them.
"""

from __future__ import annotations

import os
from pathlib import Path

from lastcall.core import clock
from lastcall.site.settings_shared import (  # noqa: F401 - Django reads them here
    LANGUAGE_CODE,
    LANGUAGES,
    LOCALE_PATHS,
    TIME_ZONE,
    USE_I18N,
    USE_TZ,
)

HERE = Path(__file__).resolve().parent.parent

# In memory only, and another one at every start: nothing that outlives the program hangs on it.
SECRET_KEY = clock.token(256)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "lastcall.doors.screens",
    "lastcall.doors.kit",
    "lastcall.doors.reader",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lastcall.doors.screens.middleware.Headers",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lastcall.doors.screens.middleware.LanguageSwitch",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ]
        },
    }
]

DATABASES: dict[str, dict[str, str]] = {}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no site has any business here

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Not the site's name: cookies of one computer do not tell its ports apart.
CSRF_COOKIE_NAME = "alone"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"

LASTCALL_OPERATOR = os.environ.get("LASTCALL_OPERATOR", "demo")

FILE_UPLOAD_HANDLERS = ["lastcall.doors.screens.uploads.OnlyInMemory"]
LASTCALL_PHOTO_BYTES = 0
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 0
