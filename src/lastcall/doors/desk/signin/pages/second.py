"""The second factor of a sign-in: the app's code, a recovery code, or a passkey."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lastcall.core.errors import Refused
from lastcall.core.staff.member import Member
from lastcall.core.staff.sign_in import SignIn
from lastcall.doors.desk.acting import METHODS
from lastcall.doors.desk.presenters.trouble import trouble
from lastcall.doors.desk.shell import bare
from lastcall.doors.desk.signin.accounts import account_of, has_factor, passkeys
from lastcall.doors.desk.signin.entering import come_in, try_second
from lastcall.doors.desk.signin.factors import passkey_of, passkey_options, shown_by
from lastcall.doors.desk.signin.forms import CodeForm, PasskeyForm
from lastcall.doors.desk.signin.sessions import onward, to, whoever


@require_http_methods(METHODS)
def second(request: HttpRequest) -> HttpResponse:
    """Asks whoever gave a right password."""
    found = whoever(request)
    if found is None:
        return to("signin", wanted=onward(request))
    member, sign_in = found
    if sign_in.complete:
        return HttpResponseRedirect(onward(request))
    if not has_factor(member.login):
        return to("signin_setup", wanted=onward(request))
    form = CodeForm(request.POST if request.method == "POST" and "code" in request.POST else None)
    answer = _answered(request, member, sign_in, form) if request.method == "POST" else None
    return answer or _shown(request, member, form)


def _answered(request: HttpRequest, member: Member, sign_in: SignIn, form: CodeForm) -> HttpResponse | None:
    shown = _what_was_shown(request, member, form)
    if shown is None:
        return None
    try:
        done = try_second(request, member, sign_in, shown=shown)
    except Refused as refused:
        return _shown(request, member, form, words=trouble(refused.code))
    if done is not None:
        return come_in(request, done, member.login)
    return _shown(request, member, form, words=_("That was not right. A code works once; wait for the next one."))


def _what_was_shown(request: HttpRequest, member: Member, form: CodeForm) -> Callable[[], str] | None:
    if form.is_bound:
        return (lambda: shown_by(member.login, form.cleaned_data["code"])) if form.is_valid() else None
    answer = PasskeyForm(request.POST)
    if not answer.is_valid():
        return None
    account = account_of(member.login)
    return lambda: "passkey" if passkey_of(answer.cleaned_data["credential"], account) else ""


def _shown(request: HttpRequest, member: Member, form: CodeForm, *, words: str = "") -> HttpResponse:
    known = passkeys(member.login)
    content = {
        "form": form, "words": words, "next": onward(request),
        "options": passkey_options(account_of(member.login)) if known else "",
    }  # fmt: skip
    return bare(request, None, "signin/second.html", content)
