"""Putting a sign-in into the browser's session and taking it out: always under a new session key."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lastcall.core.database import database
from lastcall.core.staff.member import Member
from lastcall.core.staff.sign_in import SignIn
from lastcall.core.staff.sign_ins import end
from lastcall.doors.desk.signed_in import SIGN_IN, member_of, sign_in_of

_HOME = "/desk/"


def put_in(request: HttpRequest, sign_in: SignIn) -> None:
    """From now on this browser's session is that sign-in's, under a new key: one planted before is worth nothing."""
    request.session.flush()
    request.session[SIGN_IN] = sign_in.id
    request.session.set_expiry(settings.SESSION_COOKIE_AGE)


def put_out(request: HttpRequest) -> None:
    """Sign out here, and forget the session."""
    sign_in_id = request.session.get(SIGN_IN)
    if sign_in_id is not None:
        end(database(), sign_in_id=int(sign_in_id))
    request.session.flush()


def whoever(request: HttpRequest) -> tuple[Member, SignIn] | None:
    """Who has begun to sign in here, complete or not."""
    member = database().transact(lambda rows: member_of(rows, request))
    sign_in = sign_in_of(request)
    return (member, sign_in) if member is not None and sign_in is not None else None


def onward(request: HttpRequest) -> str:
    """The page of the desk that was wanted before the sign-in; the first one when none was, or another site's."""
    return safe(request.POST.get("next") or request.GET.get("next") or _HOME)


def safe(wanted: str) -> str:
    """``wanted`` if it is a page of the desk beyond the sign-in, else the first one."""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(_HOME)
    return wanted if ours and not wanted.startswith(f"{_HOME}signin/") else _HOME


def to(name: str, *, wanted: str) -> HttpResponse:
    """On to a page of the sign-in, keeping what was wanted."""
    return HttpResponseRedirect(f"{reverse(f'desk:{name}')}?{urlencode({'next': wanted})}")
