"""Words for what the sign-in refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import register

register(
    {
        "sign_in_locked": _("Too many wrong tries. Wait a while, or ask an administrator."),
        "no_such_link": _("This setting-up link is not valid: used already, too old, or mistyped. Ask for a new one."),
        "signed_out": _("This sign-in has ended. Sign in again."),
        "sso_unknown": _("You are not a member here under that name. Ask an administrator."),
        "sso_failed": _("The single sign-on did not work. Try again, or sign in with your password."),
        "sign_in_afresh": _("Sign in once more before you change how you sign in."),
        "last_factor": _("This is your only second factor. Set up another one first."),
    }
)
