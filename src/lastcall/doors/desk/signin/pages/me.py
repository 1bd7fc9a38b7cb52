"""One's own page: second factors, password, and where one is signed in."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.closing.texts import moment
from lastcall.core.database import database
from lastcall.core.errors import NotFound, Refused
from lastcall.core.staff.sign_ins import end_everywhere, standing
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.shell import page
from lastcall.doors.desk.signed_in import sign_in_of
from lastcall.doors.desk.signin import accounts
from lastcall.doors.desk.signin.entering import check_password
from lastcall.doors.desk.signin.forms import ChangeForm
from lastcall.doors.desk.signin.pages.setup import FRESH, show_codes
from lastcall.doors.screens.reader import pack


@desk("self")
def me(request: HttpRequest, me: Me) -> HttpResponse:
    """What I sign in with, and where I am signed in."""
    policy = pack().policy()
    here = sign_in_of(request)
    signed_in = database().transact(lambda rows: standing(rows, member_id=me.member.id, policy=policy))
    content = {
        "app": accounts.factor(me.member.login, accounts.FACTORS[0]),
        "passkeys": [(key.pk, key.wrap().name) for key in accounts.passkeys(me.member.login)],
        "codes": accounts.recovery_codes_left(me.member.login),
        "signed_in": [(moment(one.began_at), here is not None and one.id == here.id) for one in signed_in],
        "minutes": policy.staff_silence_minutes, "hours": policy.staff_session_hours,
    }  # fmt: skip
    return page(request, me, "signin/me.html", content)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:signin_me"))


def _refuse_unless_fresh(request: HttpRequest) -> None:
    found = sign_in_of(request)
    if found is None or clock.now() - found.began_at >= FRESH:
        raise Refused("signed in too long ago", code="sign_in_afresh", remedy="Sign in again.")


@desk("self")
def remove_passkey(request: HttpRequest, me: Me) -> HttpResponse:
    """Forget one of my passkeys; never the only second factor."""
    if request.method != "POST":
        return _back()
    _refuse_unless_fresh(request)
    keys = {str(key.pk): key for key in accounts.passkeys(me.member.login)}
    key = keys.get(request.POST.get("key", ""))
    if key is None:
        raise NotFound("no such passkey")
    if len(keys) == 1 and accounts.factor(me.member.login, accounts.FACTORS[0]) is None:
        raise Refused("the only second factor stays", code="last_factor", remedy="Set up another first.")
    key.delete()
    messages.success(request, _("The passkey is forgotten."))
    return _back()


@desk("self")
def renew_codes(request: HttpRequest, me: Me) -> HttpResponse:
    """New recovery codes instead of the old ones."""
    if request.method != "POST":
        return _back()
    _refuse_unless_fresh(request)
    show_codes(request, accounts.fresh_recovery_codes(accounts.account_of(me.member.login)))
    return HttpResponseRedirect(reverse("desk:signin_codes"))


@desk("self")
def password(request: HttpRequest, me: Me) -> HttpResponse:
    """Another password; every device is signed out, and the new one is used at once."""
    form = ChangeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _changed(request, me, form):
        end_everywhere(database(), member_id=me.member.id)
        request.session.flush()
        messages.success(request, _("The password is changed. Sign in with it."))
        return HttpResponseRedirect(reverse("desk:signin"))
    return page(request, me, "signin/password.html", {"form": form})


def _changed(request: HttpRequest, me: Me, form: ChangeForm) -> bool:
    present = form.cleaned_data["present"]
    known = attempt(me, form, "present", lambda: check_password(request, login=me.member.login, password=present))
    if not known:
        if not form.errors:
            form.add_error("present", _("This is not your present password."))
        return False
    try:
        accounts.change_password(me.member.login, form.cleaned_data["new"])
    except ValidationError as weak:
        form.add_error("new", forms.ValidationError(weak.messages))
        return False
    return True
