"""Who is at the desk: the member behind a session, and whether a second factor was shown in it."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from lastcall.core.staff.member import Member
from lastcall.core.store import Store

METHODS: Final = "account_authentication_methods"
"""Where a session keeps how its owner signed in, a list of JSON objects with ``method``."""
_SECOND: Final = frozenset({"mfa", "sso_mfa"})


def member_of(rows: Store, request: HttpRequest) -> Member | None:
    """The member who signed in, while they have not left."""
    if not request.user.is_authenticated:
        return None
    return rows.one(Member, {"login": request.user.get_username(), "left_at": None})


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor, ours or the one of the single sign-on."""
    return any(used.get("method") in _SECOND for used in request.session.get(METHODS, []))
