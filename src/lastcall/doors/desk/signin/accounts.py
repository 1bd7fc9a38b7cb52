"""A member's password and second factors, kept by Django and allauth under the member's login."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest

from lastcall.core.database import database
from lastcall.core.staff.member import Member
from lastcall.core.staff.setting_up import look_at_link, use_link
from lastcall.core.store import Store

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def account_of(login: str) -> User:
    """The account under a member's login; made without a password when there is none yet."""
    found, _ = User.objects.get_or_create(username=login, defaults={"password": make_password(None)})
    return found


def right_password(request: HttpRequest, *, login: str, password: str) -> bool:
    """Whether a member has this login and this password. The same work whether the login is unknown or the password wrong."""
    account = authenticate(request, username=login, password=password)
    return account is not None and database().transact(lambda rows: _works(rows, login))


def _works(rows: Store, login: str) -> bool:
    return rows.one(Member, {"login": login, "left_at": None}) is not None


def has_factor(login: str) -> bool:
    """Whether the member has set up a second factor."""
    return bool(Authenticator.objects.filter(user__username=login, type__in=FACTORS).exists())


def factor(login: str, kind: Authenticator.Type) -> Authenticator | None:
    """The member's factor of a kind of which there is one: the app or the recovery codes."""
    return Authenticator.objects.filter(user__username=login, type=kind).first()


def passkeys(login: str) -> list[Authenticator]:
    """The member's passkeys, oldest first."""
    return list(
        Authenticator.objects.filter(user__username=login, type=Authenticator.Type.WEBAUTHN).order_by("created_at")
    )


def set_up(*, word: str, password: str) -> Member:
    """Use a setting-up link: all old factors are forgotten, the password is the new one.

    Raises ``NotFound`` (``no_such_link``), ``Conflict``, Django's ``ValidationError`` for a weak password: the link is then unused.
    """
    member = look_at_link(database(), word=word)
    validate_password(password, account_of(member.login))
    hashed = make_password(password)

    def write(rows: Store) -> Member:
        used = use_link(database(), word=word)
        forget(used.login)
        User.objects.filter(username=used.login).update(password=hashed)
        return used

    return database().transact(write)


def change_password(login: str, password: str) -> None:
    """Raises Django's ``ValidationError`` for a weak password."""
    account = account_of(login)
    validate_password(password, account)
    User.objects.filter(pk=account.pk).update(password=make_password(password))


def forget(login: str) -> None:
    """Neither password nor second factor of the member are worth anything from now on."""
    Authenticator.objects.filter(user__username=login).delete()
    User.objects.filter(username=login).update(password=make_password(None))


def fresh_recovery_codes(account: User) -> list[str]:
    """Ten new codes instead of the old ones; each works once. They are shown now and never again."""
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    return list(RecoveryCodes.activate(account).generate_codes())


def recovery_codes_left(login: str) -> int:
    """How many recovery codes are still unused."""
    found = factor(login, Authenticator.Type.RECOVERY_CODES)
    return len(RecoveryCodes(found).get_unused_codes()) if found is not None else 0
