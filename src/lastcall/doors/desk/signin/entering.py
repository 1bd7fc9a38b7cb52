"""The steps of coming in: a try is counted before it is looked at, and what is right leads one step further."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lastcall.core.database import database
from lastcall.core.policies.policy import Policy
from lastcall.core.staff import tries
from lastcall.core.staff.member import Member
from lastcall.core.staff.sign_in import SignIn
from lastcall.core.staff.sign_ins import begin, complete
from lastcall.core.store import Store
from lastcall.doors.desk.signin import device
from lastcall.doors.desk.signin.accounts import has_factor, right_password
from lastcall.doors.desk.signin.sessions import onward, put_in, safe, to
from lastcall.doors.screens.address import address_of
from lastcall.doors.screens.reader import pack

_YEAR = 365 * 24 * 3600
_LONGEST_PASSWORD = 256


def _policy() -> Policy:
    return pack().policy()


def try_password(request: HttpRequest, *, login: str, password: str) -> SignIn | None:
    """The sign-in that a right password begins, None for a wrong one or login. Raises ``Refused`` (``sign_in_locked``)."""
    right = check_password(request, login=login, password=password)
    return begin(database(), login=login, how="password") if right else None


def check_password(request: HttpRequest, *, login: str, password: str) -> bool:
    """Whether the password is right, counted as a try. Raises ``Refused`` (``sign_in_locked``)."""
    counted = tries.buckets(
        login=login, device=device.mark_of(request, login), address=address_of(request), policy=_policy()
    )
    tries.begin_try(database(), counted=counted, login=login)
    if not right_password(request, login=login, password=password[:_LONGEST_PASSWORD]):
        tries.fail(database(), login=login, factor="password")
        return False
    tries.succeed(database(), counted=counted)
    return True


def try_second(request: HttpRequest, member: Member, sign_in: SignIn, *, shown: Callable[[], str]) -> SignIn | None:
    """The sign-in completed by the factor that ``shown`` names, None for none. Raises ``Refused`` (``sign_in_locked``)."""
    counted = tries.second_factor(login=member.login, device=device.mark_of(request, member.login), policy=_policy())
    tries.begin_try(database(), counted=counted, login=member.login)
    used = shown()
    if not used:
        tries.fail(database(), login=member.login, factor="second_factor")
        return None
    tries.succeed(database(), counted=counted)
    return complete(database(), sign_in_id=sign_in.id, factor=used)


def come_in(request: HttpRequest, sign_in: SignIn, login: str, *, wanted: str = "") -> HttpResponse:
    """One step further: to the page that was wanted when the factors are enough, else to the second factor or its set-up."""
    goal = safe(wanted) if wanted else onward(request)
    put_in(request, sign_in)
    if not sign_in.complete:
        return to("signin_second" if has_factor(login) else "signin_setup", wanted=goal)
    response = HttpResponseRedirect(goal)
    # Back from a provider's site the browser sends no cookie of the device's: remembering would forget its other members.
    if "sso" not in sign_in.how.split():
        device.remember(request, response, login)
    _speak(request, response, login)
    return response


def _speak(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """The desk speaks the member's language, unless this browser was told another."""
    member = database().transact(lambda rows: _member(rows, login))
    if member is not None and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, member.language, max_age=_YEAR, secure=request.is_secure(), httponly=True,
            samesite="Lax",
        )  # fmt: skip


def _member(rows: Store, login: str) -> Member | None:
    return rows.one(Member, {"login": login, "left_at": None})
