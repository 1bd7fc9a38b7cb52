"""Setting up: a password by the link, then a second factor, then the recovery codes."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any, Final

import segno
from allauth.mfa.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lastcall.core import clock, keyed
from lastcall.core.database import database
from lastcall.core.errors import Conflict, LastcallError, NotFound, Refused
from lastcall.core.staff import tries
from lastcall.core.staff.member import Member
from lastcall.core.staff.sign_in import SignIn
from lastcall.core.staff.sign_ins import begin, complete
from lastcall.doors.desk.acting import METHODS
from lastcall.doors.desk.presenters.trouble import trouble
from lastcall.doors.desk.shell import bare
from lastcall.doors.desk.signin import accounts, factors
from lastcall.doors.desk.signin.entering import come_in
from lastcall.doors.desk.signin.forms import CodeForm, PasskeyForm, StartForm
from lastcall.doors.desk.signin.sessions import onward, to, whoever
from lastcall.doors.screens.address import address_of
from lastcall.doors.screens.reader import only_switches, pack

_SECRET: Final = "new_app"  # noqa: S105 - the name of a place
_CODES: Final = "new_codes"
_SEALED: Final = "desk.session"
FRESH: Final = timedelta(minutes=10)
"""For so long after signing in, a member may change how they sign in."""


@require_http_methods(METHODS)
def start(request: HttpRequest) -> HttpResponse:
    """Where a setting-up link leads: its word is in the fragment, which reaches no log; then a password is chosen."""
    form = StartForm(request.POST if request.method == "POST" and not only_switches(request) else None)
    if form.is_bound and form.is_valid():
        sign_in, login = _started(request, form)
        if sign_in is not None:
            return come_in(request, sign_in, login)
    return bare(request, None, "signin/start.html", {"form": form})


def _started(request: HttpRequest, form: StartForm) -> tuple[SignIn | None, str]:
    counted = (tries.by_address(address_of(request), pack().policy()),)
    try:
        tries.begin_try(database(), counted=counted, login="")
        member = accounts.set_up(word=form.cleaned_data["word"], password=form.cleaned_data["new"])
        tries.succeed(database(), counted=counted)
        return begin(database(), login=member.login, how="password"), member.login
    except ValidationError as weak:
        tries.succeed(database(), counted=counted)
        form.add_error("new", forms.ValidationError(weak.messages))
    except NotFound as refused:
        tries.fail(database(), login="", factor="link")
        form.add_error("word", trouble(refused.code))
    except (Refused, Conflict) as refused:
        form.add_error(None, trouble(refused.code))
    return None, ""


def may_change(request: HttpRequest) -> tuple[Member, SignIn] | None:
    """Who may set up a factor here: on the first sign-in before there is any, afterwards only when freshly signed in."""
    found = whoever(request)
    if found is None:
        return None
    member, sign_in = found
    if sign_in.complete:
        return found if clock.now() - sign_in.began_at < FRESH else None
    return None if accounts.has_factor(member.login) else found


def _elsewhere(request: HttpRequest) -> HttpResponse:
    found = whoever(request)
    if found is None:
        return to("signin", wanted=onward(request))
    member, sign_in = found
    if not sign_in.complete:
        return to("signin_second", wanted=onward(request))
    return bare(request, member, "signin/afresh.html", {"words": trouble("sign_in_afresh")}, status=403)


@require_GET
def setup(request: HttpRequest) -> HttpResponse:
    """The choice: an authenticator app or a passkey."""
    found = may_change(request)
    if found is None:
        return _elsewhere(request)
    return _shown(request, found, "signin/setup.html", {})


def _shown(request: HttpRequest, found: tuple[Member, SignIn], template: str, content: dict[str, Any]) -> HttpResponse:
    member, sign_in = found
    around = {"next": onward(request), "login": member.login}
    return bare(request, member if sign_in.complete else None, template, around | content)


@require_http_methods(METHODS)
def app(request: HttpRequest) -> HttpResponse:
    """An authenticator app: its secret as a picture and as letters, confirmed by the code that the app then shows."""
    found = may_change(request)
    if found is None:
        return _elsewhere(request)
    form = CodeForm(request.POST if request.method == "POST" and "code" in request.POST else None)
    secret = _secret_in(request) if form.is_bound else None
    if secret is None:
        secret = factors.new_secret()
        request.session[_SECRET] = keyed.seal(secret, bound_to=_SEALED)
    if form.is_bound and form.is_valid():
        step = factors.counter_of(secret, form.cleaned_data["code"])
        if step is not None:
            return _app_added(request, found, secret, step)
        form.add_error("code", _("That is not what the app should show. Check the clock of your phone."))
    letters = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return _shown(request, found, "signin/app.html", {"form": form, "secret": letters})


def _secret_in(request: HttpRequest) -> str | None:
    try:
        return keyed.unseal(str(request.session[_SECRET]), bound_to=_SEALED)
    except (KeyError, LastcallError):
        return None


def _app_added(request: HttpRequest, found: tuple[Member, SignIn], secret: str, step: int) -> HttpResponse:
    login = found[0].login
    factors.add_app(login, secret)
    database().transact(lambda rows: tries.is_fresh(rows, login=login, counter=step))
    return _added(request, found, "totp")


@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """The app's secret as a QR code, for as long as it is being set up."""
    found, secret = may_change(request), _secret_in(request)
    if found is None or secret is None:
        raise Http404
    address = get_adapter().build_totp_url(accounts.account_of(found[0].login), secret)
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=4, light="#ffffff", dark="#000000")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@require_http_methods(METHODS)
def new_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey: made by the browser, kept here by its public key."""
    found = may_change(request)
    if found is None:
        return _elsewhere(request)
    account, words = accounts.account_of(found[0].login), ""
    form = PasskeyForm(request.POST if "credential" in request.POST else None)
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"] or _("Passkey")
        if factors.add_passkey(account, name=name, answer=form.cleaned_data["credential"]):
            return _added(request, found, "passkey")
        words = _("The passkey was not made. Try again.")
    content = {"words": words, "options": factors.new_passkey_options(account), "form": PasskeyForm()}
    return _shown(request, found, "signin/new_passkey.html", content)


def _added(request: HttpRequest, found: tuple[Member, SignIn], factor: str) -> HttpResponse:
    """The first factor completes the sign-in and brings recovery codes; a further one leads back to one's own page."""
    member, sign_in = found
    wanted = onward(request)
    if sign_in.complete:
        request.session.pop(_SECRET, None)
        return to("signin_me", wanted=wanted)
    done = complete(database(), sign_in_id=sign_in.id, factor=factor)
    response = come_in(request, done, member.login, wanted=wanted)
    show_codes(request, accounts.fresh_recovery_codes(accounts.account_of(member.login)))
    response["Location"] = to("signin_codes", wanted=wanted)["Location"]
    return response


def show_codes(request: HttpRequest, codes: list[str]) -> None:
    """Keep fresh codes sealed until the next page has shown them."""
    request.session[_CODES] = keyed.seal(" ".join(codes), bound_to=_SEALED)


@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, once."""
    found, sealed = whoever(request), request.session.pop(_CODES, None)
    if found is None or sealed is None:
        return HttpResponseRedirect(onward(request))
    shown = keyed.unseal(sealed, bound_to=_SEALED).split()
    return _shown(request, found, "signin/codes.html", {"codes": [f"{code[:4]} {code[4:]}" for code in shown]})
