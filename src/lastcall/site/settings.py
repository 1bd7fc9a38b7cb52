"""Django's settings. What an operator may choose is an environment variable; see ``docs/running.md``."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from lastcall.site import home
from lastcall.site.settings_shared import (  # noqa: F401 - Django reads them here
    LANGUAGE_CODE,
    LANGUAGES,
    LOCALE_PATHS,
    TIME_ZONE,
    USE_I18N,
    USE_TZ,
)

HERE = Path(__file__).resolve().parent.parent

SECRET_KEY = home.secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LASTCALL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "lastcall.core",
    "lastcall.core.numbers",
    "lastcall.core.subscribers",
    "lastcall.core.closing",
    "lastcall.core.staff",
    "lastcall.core.counter",
    "lastcall.core.hotline",
    "lastcall.core.texting",
    "lastcall.core.lookup",
    "lastcall.core.relying",
    "lastcall.core.telling",
    "lastcall.core.simcard",
    "lastcall.core.audit",
    "lastcall.elements.billing",
    "lastcall.doors.screens",
    "lastcall.doors.portal",
    "lastcall.doors.desk",
    "lastcall.doors.shop",
    "lastcall.doors.reader",
    "lastcall.doors.kit",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lastcall.doors.screens.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lastcall.doors.screens.middleware.LanguageSwitch",
    "lastcall.doors.portal.middleware.Unavailable",
]
ROOT_URLCONF = "lastcall.site.urls"
WSGI_APPLICATION = "lastcall.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": home.database_settings(home.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True

SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": browsers then send forms with "Origin: null", which the check against forged requests must refuse.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME = "desk"
SESSION_COOKIE_PATH = "/desk/"
# With single sign-on the browser comes back from the provider's site, which "Strict" would take for a stranger.
SESSION_COOKIE_SAMESITE = "Lax" if os.environ.get("LASTCALL_OIDC_URL") else "Strict"
# The most that a policy may allow; when a member is signed out is staff.session_hours and staff.silence_minutes.
SESSION_COOKIE_AGE = 12 * 3600
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# allauth checks second factors and the answers of a single sign-on; its own pages, sign-up and rate limits are not used.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_LOGIN_METHODS = {"username"}
MFA_ADAPTER = "lastcall.doors.desk.signin.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_PASSKEY_LOGIN_ENABLED = True
SOCIALACCOUNT_ADAPTER = "lastcall.doors.desk.signin.adapters.SingleSignOn"
LASTCALL_OIDC_URL = os.environ.get("LASTCALL_OIDC_URL", "")
LASTCALL_OIDC_CLIENT_ID = os.environ.get("LASTCALL_OIDC_CLIENT_ID", "")
LASTCALL_OIDC_SECRET = partial(
    home.secret, "LASTCALL_OIDC_SECRET"
)  # called when needed: settings are shown to whoever asks
LASTCALL_OIDC_NAME = os.environ.get("LASTCALL_OIDC_NAME", "OpenID Connect")
LASTCALL_OIDC_CLAIM = os.environ.get("LASTCALL_OIDC_CLAIM", "preferred_username")
# Values of "acr" by which the provider says that it asked for a second factor, besides "mfa" in "amr" (RFC 8176).
LASTCALL_OIDC_ACR = os.environ.get("LASTCALL_OIDC_ACR", "").split()
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
# Behind a proxy that speaks TLS: it must set (and take away from visitors) X-Forwarded-Proto.
if os.environ.get("LASTCALL_TLS_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
CSRF_FAILURE_VIEW = "lastcall.doors.portal.pages.trouble.forbidden"

LASTCALL_OPERATOR = os.environ.get("LASTCALL_OPERATOR", "demo")
LASTCALL_HLR = os.environ.get("LASTCALL_HLR", "simulated")
LASTCALL_HLR_ADDRESS = os.environ.get("LASTCALL_HLR_ADDRESS", "")
LASTCALL_SMS = os.environ.get("LASTCALL_SMS", "file")
LASTCALL_SMS_SENDER = os.environ.get("LASTCALL_SMS_SENDER", "")
LASTCALL_SMPP_ADDRESS = os.environ.get("LASTCALL_SMPP_ADDRESS", "")
LASTCALL_SMPP_SYSTEM_ID = os.environ.get("LASTCALL_SMPP_SYSTEM_ID", "")
LASTCALL_TEXT_NUMBER = os.environ.get("LASTCALL_TEXT_NUMBER", "")
LASTCALL_KANNEL_ADDRESS = os.environ.get("LASTCALL_KANNEL_ADDRESS", "")
LASTCALL_KANNEL_USER = os.environ.get("LASTCALL_KANNEL_USER", "")
LASTCALL_KANNEL_CALLBACK = os.environ.get("LASTCALL_KANNEL_CALLBACK", "")
LASTCALL_KANNEL_FROM = os.environ.get("LASTCALL_KANNEL_FROM", "127.0.0.1,::1")
LASTCALL_MAIL = os.environ.get("LASTCALL_MAIL", "file")
LASTCALL_MAIL_SENDER = os.environ.get("LASTCALL_MAIL_SENDER", "")
LASTCALL_SMTP_ADDRESS = os.environ.get("LASTCALL_SMTP_ADDRESS", "")
LASTCALL_SMTP_SECURITY = os.environ.get("LASTCALL_SMTP_SECURITY", "starttls")
LASTCALL_SMTP_USER = os.environ.get("LASTCALL_SMTP_USER", "")
LASTCALL_PHOTOS = os.environ.get("LASTCALL_PHOTOS", "rapidocr")
LASTCALL_PHOTO_BYTES = 10 * 1024 * 1024
LASTCALL_RETRY_SECONDS = int(os.environ.get("LASTCALL_RETRY_SECONDS", "120"))
LASTCALL_PUBLIC_HOST = os.environ.get("LASTCALL_PUBLIC_HOST", "")
LASTCALL_WEBHOOKS = os.environ.get("LASTCALL_WEBHOOKS", "https")
# Only for demonstrations and tests: this machine's own addresses may be told too, without TLS.
LASTCALL_WEBHOOKS_LOOPBACK = os.environ.get("LASTCALL_WEBHOOKS_LOOPBACK", "") == "1"
# The look-up's derived index, and where uploads of relying parties, the journal of who asked and daily files lie.
LASTCALL_INDEX = Path(os.environ.get("LASTCALL_INDEX") or home.home() / "lookup.index")
LASTCALL_BATCHES = home.home() / "batches"
LASTCALL_ASKED = home.home() / "asked"
LASTCALL_DAILY = home.home() / "daily"
LASTCALL_METRICS_TOKEN = os.environ.get("LASTCALL_METRICS_TOKEN", "")
LASTCALL_METRICS_TOKEN_FILE = os.environ.get("LASTCALL_METRICS_TOKEN_FILE", "")

# A photo of a passport is never written to disk in clear: uploads stay in memory, and larger ones are refused before that.
FILE_UPLOAD_HANDLERS = ["lastcall.doors.screens.uploads.OnlyInMemory"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 2
