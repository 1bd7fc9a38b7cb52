"""The administrator's pages: who works here, as what and where; shops."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core.database import database
from lastcall.core.staff import members, shops
from lastcall.core.staff.member import Member
from lastcall.core.staff.members import Joined
from lastcall.core.staff.shop import Shop
from lastcall.core.store import Store
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.people.forms import JoinForm, RolesForm, ShopForm
from lastcall.doors.desk.people.words import ROLES
from lastcall.doors.desk.shell import page
from lastcall.doors.desk.signin import accounts


@desk("people.manage")
def people(request: HttpRequest, me: Me) -> HttpResponse:
    """Everybody who works here, and who left."""
    everybody, places = database().transact(_everybody)
    names = {shop.id: shop.name for shop in places}
    known = [(one, _roles(one.roles), names.get(one.shop_id or 0, "")) for one in everybody]
    content = {"here": [row for row in known if row[0].left_at is None],
               "gone": [row for row in known if row[0].left_at is not None]}  # fmt: skip
    return page(request, me, "people/list.html", content)


def _everybody(rows: Store) -> tuple[tuple[Member, ...], tuple[Shop, ...]]:
    return members.members(rows), shops.shops(rows)


def _roles(words: str) -> str:
    return ", ".join(str(ROLES[word]) for word in words.split())


@desk("people.manage")
def join(request: HttpRequest, me: Me) -> HttpResponse:
    """A new member; afterwards the setting-up link is shown, once."""
    places = shops.all_shops(database())
    form = JoinForm(request.POST if request.method == "POST" else None, shops=places)
    if form.is_bound and form.is_valid():
        joined = attempt(me, form, None, lambda: members.add_member(database(), actor=me.actor, **form.cleaned_data))
        if joined is not None:
            return _linked(request, me, joined)
    return page(request, me, "people/join.html", {"form": form})


def _linked(request: HttpRequest, me: Me, joined: Joined) -> HttpResponse:
    path = reverse("desk:signin_start")
    host = settings.LASTCALL_PUBLIC_HOST
    root = f"https://{host}" if host else request.build_absolute_uri("/").rstrip("/")
    content = {"joined": joined.member, "link": f"{root}{path}#{joined.word}"}
    return page(request, me, "people/linked.html", content)


@desk("people.manage")
def member(request: HttpRequest, me: Me, login: str) -> HttpResponse:
    """One member: roles and shop, changed by somebody else only."""
    found, places = database().transact(lambda rows: (members.read_member(rows, login), shops.shops(rows)))
    code = next((shop.code for shop in places if shop.id == found.shop_id), "")
    form = RolesForm(
        request.POST if request.method == "POST" else None, shops=places,
        initial={"roles": found.roles.split(), "shop": code},
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        changed = attempt(
            me, form, None, lambda: members.set_roles(database(), login=login, actor=me.actor, **form.cleaned_data)
        )
        if changed is not None:
            messages.success(request, _("The rights are changed."))
            return HttpResponseRedirect(reverse("desk:people_member", kwargs={"login": login}))
    content = {"found": found, "form": form, "own": found.login == me.member.login}
    return page(request, me, "people/member.html", content)


@desk("people.manage")
def reset(request: HttpRequest, me: Me, login: str) -> HttpResponse:
    """A new setting-up link for somebody who lost password or second factor; the old ones are worth nothing at once."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:people_member", kwargs={"login": login}))
    joined = members.reset_member(database(), login=login, actor=me.actor)
    accounts.forget(login)
    return _linked(request, me, joined)


@desk("people.manage")
def leave(request: HttpRequest, me: Me, login: str) -> HttpResponse:
    """A member leaves."""
    found = database().transact(lambda rows: members.read_member(rows, login))
    if request.method != "POST":
        return page(request, me, "people/leave.html", {"found": found})
    members.remove_member(database(), login=login, actor=me.actor)
    accounts.forget(login)
    messages.success(request, _("%(name)s has left and is signed out everywhere.") % {"name": found.name})
    return HttpResponseRedirect(reverse("desk:people_list"))


@desk("shops.manage")
def places(request: HttpRequest, me: Me) -> HttpResponse:
    """The shops, and a new one."""
    form = ShopForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        opened = attempt(me, form, None, lambda: shops.open_shop(database(), actor=me.actor, **form.cleaned_data))
        if opened is not None:
            return HttpResponseRedirect(reverse("desk:people_shops"))
    return page(request, me, "people/shops.html", {"form": form, "shops": shops.all_shops(database())})


@desk("shops.manage")
def close(request: HttpRequest, me: Me, code: str) -> HttpResponse:
    """Close a shop in which nobody works any more."""
    if request.method == "POST":
        shops.close_shop(database(), code=code, actor=me.actor)
    return HttpResponseRedirect(reverse("desk:people_shops"))
