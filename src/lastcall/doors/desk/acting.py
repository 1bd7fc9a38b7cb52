"""What all pages of the desk have in common: somebody with the right is signed in, and the core's refusals become calm pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lastcall.core.actor import CLERK, DESK, Actor
from lastcall.core.database import database
from lastcall.core.errors import BadInput, Conflict, LastcallError, NotFound, Refused
from lastcall.core.staff.member import Member
from lastcall.core.staff.refusals import note_refusal
from lastcall.core.staff.rights import actor_for
from lastcall.core.staff.shop import Shop
from lastcall.core.store import Store
from lastcall.doors.desk.presenters.trouble import trouble
from lastcall.doors.desk.shell import problem
from lastcall.doors.desk.signed_in import has_second_factor, member_of

P = ParamSpec("P")
T = TypeVar("T")
METHODS: Final = ["GET", "HEAD", "POST"]
STATUS: Final[dict[type[LastcallError], int]] = {Refused: 403, NotFound: 404, Conflict: 409, BadInput: 400}


@dataclass(frozen=True, slots=True)
class Me:
    """Who looks at the page. ``actor``: in the role by which they have the page's right; ``shop``: where they work, if in one."""

    member: Member
    actor: Actor
    shop: Shop | None


View = Callable[Concatenate[HttpRequest, Me, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


def desk(right: str, *, door: str | None = None) -> Callable[[View[P]], Page[P]]:
    """A page for members with ``right``. ``door``: through which its acts come, instead of the one that the role has.

    Whoever is not signed in is led to the sign-in and back, without a second factor to its set-up; a member without the right
    gets 403, and that is noted. What the core refuses and the view lets through becomes a page with the fitting status.
    """

    def decorate(view: View[P]) -> Page[P]:
        def shown(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            member, shop = database().transact(lambda rows: _who_and_where(rows, request))
            if member is None:
                return _to("signin", request)
            if not has_second_factor(request):
                return _to("signin_second", request)
            try:
                me = Me(member, actor_for(member, right, door=door), shop)
            except LastcallError as refused:
                return _refused(request, member, right, refused)
            try:
                return view(request, me, *args, **kwargs)
            except (Refused, NotFound, Conflict, BadInput) as refused:
                return _refused(request, member, right, refused, me.actor)

        made: Any = wraps(view)(require_http_methods(METHODS)(shown))
        made.right = right
        return made  # type: ignore[no-any-return]

    return decorate


def _to(name: str, request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(f'desk:{name}')}?{urlencode({'next': request.path})}")


def _who_and_where(rows: Store, request: HttpRequest) -> tuple[Member | None, Shop | None]:
    member = member_of(rows, request)
    if member is None or member.shop_id is None:
        return member, None
    return member, rows.one(Shop, {"id": member.shop_id, "closed_at": None})


def _refused(
    request: HttpRequest, member: Member, right: str, refused: LastcallError, actor: Actor | None = None
) -> HttpResponse:
    if isinstance(refused, Refused):
        by = actor or Actor(member.roles.split()[0] if member.roles else CLERK, member.login, DESK)
        note_refusal(database(), actor=by, right=right, code=refused.code)
    status = next(code for kind, code in STATUS.items() if isinstance(refused, kind))
    return problem(request, member, trouble(refused.code), status=status)


def own_shop(me: Me) -> Shop:
    """Where the member works. Raises ``Refused`` (``no_shop``)."""
    if me.shop is None:
        raise Refused("this member belongs to no open shop", code="no_shop", remedy="Ask an administrator.")
    return me.shop


def attempt(me: Me, form: forms.Form, field: str | None, work: Callable[[], T]) -> T | None:
    """What ``work`` gives; None when the core refuses, and then ``form`` has the words, at ``field`` where it was the input.

    A refusal by a rule is noted as one.
    """
    try:
        return work()
    except BadInput as refusal:
        form.add_error(field, forms.ValidationError(trouble(refusal.code), code=refusal.code))
    except (Refused, Conflict, NotFound) as refusal:
        if isinstance(refusal, Refused):
            note_refusal(database(), actor=me.actor, right="", code=refusal.code)
        form.add_error(None, forms.ValidationError(trouble(refusal.code), code=refusal.code))
    return None
