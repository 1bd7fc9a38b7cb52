"""The way in: login and password, a passkey alone, or the single sign-on; and the way out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lastcall.core.database import database
from lastcall.core.errors import Refused
from lastcall.core.staff import tries
from lastcall.core.staff.sign_ins import begin, end_everywhere
from lastcall.doors.desk.acting import METHODS, Me, desk
from lastcall.doors.desk.presenters.trouble import trouble
from lastcall.doors.desk.shell import bare
from lastcall.doors.desk.signin import sso
from lastcall.doors.desk.signin.entering import come_in, try_password
from lastcall.doors.desk.signin.factors import passkey_of, passkey_options
from lastcall.doors.desk.signin.forms import EnterForm, PasskeyForm
from lastcall.doors.desk.signin.sessions import onward, put_out, whoever
from lastcall.doors.screens.address import address_of
from lastcall.doors.screens.reader import only_switches, pack

CHALLENGE_SECONDS = 600


@require_http_methods(METHODS)
def enter(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    found = whoever(request)
    if found is not None and found[1].complete:
        return HttpResponseRedirect(onward(request))
    form = EnterForm(request.POST if request.method == "POST" and not only_switches(request) else None)
    if form.is_bound and form.is_valid():
        answer = _entered(request, form)
        if answer is not None:
            return answer
    return shown(request, form)


def _entered(request: HttpRequest, form: EnterForm) -> HttpResponse | None:
    login = form.cleaned_data["login"]
    try:
        sign_in = try_password(request, login=login, password=form.cleaned_data["password"])
    except Refused as refused:
        form.add_error(None, trouble(refused.code))
        return None
    if sign_in is None:
        form.add_error(None, _("Login or password is wrong."))
        return None
    return come_in(request, sign_in, login)


def shown(request: HttpRequest, form: EnterForm, *, words: str = "") -> HttpResponse:
    """The sign-in page, with what was wrong."""
    content: dict[str, Any] = {
        "form": form, "next": onward(request), "sso": settings.LASTCALL_OIDC_NAME if sso.is_on() else "",
        "words": words,
    }  # fmt: skip
    return bare(request, None, "signin/enter.html", content)


@require_http_methods(METHODS)
def passkey(request: HttpRequest) -> HttpResponse:
    """Asked for, it gives the challenge; posted the browser's answer, it signs in whoever's passkey it is."""
    if request.method != "POST":
        request.session.set_expiry(CHALLENGE_SECONDS)
        return HttpResponse(passkey_options(), content_type="application/json")
    form = PasskeyForm(request.POST)
    address = tries.by_address(address_of(request), pack().policy())
    try:
        tries.begin_try(database(), counted=(address,), login="")
        account = passkey_of(form.cleaned_data["credential"]) if form.is_valid() else None
        if account is None:
            tries.fail(database(), login="", factor="passkey")
            return _not_by_passkey(request, _("This passkey is not known here."))
        tries.succeed(database(), counted=(address,))
        sign_in = begin(database(), login=account.get_username(), how="passkey")
    except Refused as refused:
        return _not_by_passkey(request, trouble(refused.code))
    return come_in(request, sign_in, account.get_username())


def _not_by_passkey(request: HttpRequest, words: str) -> HttpResponse:
    return shown(request, EnterForm(), words=words)


sign_on = require_GET(sso.leave_for_provider)
signed_on = require_GET(sso.come_back)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out here."""
    put_out(request)
    return HttpResponseRedirect(reverse("desk:signin"))


@desk("self")
def leave_everywhere(request: HttpRequest, me: Me) -> HttpResponse:
    """Sign out of every device."""
    if request.method == "POST":
        end_everywhere(database(), member_id=me.member.id)
        request.session.flush()
    return HttpResponseRedirect(reverse("desk:signin"))
