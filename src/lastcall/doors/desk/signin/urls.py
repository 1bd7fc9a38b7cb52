"""The sign-in."""

from __future__ import annotations

from django.urls import path

from lastcall.doors.desk.signin import words as _words  # noqa: F401 - registers the words of its refusals
from lastcall.doors.desk.signin.pages import enter, me, second, setup

urlpatterns = [
    path("signin/", enter.enter, name="signin"),
    path("signin/passkey/", enter.passkey, name="signin_passkey"),
    path("signin/sso/", enter.sign_on, name="signin_sso"),
    path("signin/sso/back/", enter.signed_on, name="signin_sso_back"),
    path("signin/second/", second.second, name="signin_second"),
    path("signin/start/", setup.start, name="signin_start"),
    path("signin/setup/", setup.setup, name="signin_setup"),
    path("signin/setup/app/", setup.app, name="signin_setup_app"),
    path("signin/setup/app/qr.svg", setup.picture, name="signin_setup_qr"),
    path("signin/setup/passkey/", setup.new_passkey, name="signin_setup_passkey"),
    path("signin/codes/", setup.codes, name="signin_codes"),
    path("signin/out/", enter.leave, name="signin_out"),
    path("signin/everywhere/", enter.leave_everywhere, name="signin_everywhere"),
    path("signin/me/", me.me, name="signin_me"),
    path("signin/me/codes/", me.renew_codes, name="signin_me_codes"),
    path("signin/me/passkey/", me.remove_passkey, name="signin_me_passkey"),
    path("signin/me/password/", me.password, name="signin_me_password"),
]
