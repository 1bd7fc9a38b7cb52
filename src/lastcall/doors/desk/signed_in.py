"""Who is at the desk: the member behind a session, and whether a second factor was shown in it.

The browser's session holds nothing but the id of a sign-in; whether that still holds, and whose it is, is a row of the core's. So a
member who leaves, or who signs out everywhere, is out at every device with their next click.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from lastcall.core.staff.member import Member
from lastcall.core.staff.sign_in import SignIn
from lastcall.core.staff.sign_ins import present
from lastcall.core.store import Store
from lastcall.doors.screens.reader import pack

SIGN_IN: Final = "sign_in"
"""Where a session keeps the id of its sign-in."""
_FOUND: Final = "_lastcall_sign_in"


def member_of(rows: Store, request: HttpRequest) -> Member | None:
    """The member who signed in, while they have not left and their sign-in holds."""
    sign_in_id = request.session.get(SIGN_IN)
    if sign_in_id is None:
        return None
    found = present(rows, sign_in_id=int(sign_in_id), policy=pack().policy())
    if found is None:
        return None
    setattr(request, _FOUND, found[1])
    return found[0]


def sign_in_of(request: HttpRequest) -> SignIn | None:
    """The sign-in that :func:`member_of` found, or None."""
    return getattr(request, _FOUND, None)


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor, ours or the one of the single sign-on."""
    found = sign_in_of(request)
    return found is not None and found.complete
