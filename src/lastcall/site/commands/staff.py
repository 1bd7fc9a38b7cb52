"""``lastcall staff``: shops and members, before anybody can sign in and afterwards."""

from __future__ import annotations

from typing import Any

import click
from django.conf import settings
from django.urls import reverse
from rich.console import Console

from lastcall.core.actor import Actor
from lastcall.core.staff import members, shops
from lastcall.core.staff.member import Member
from lastcall.core.staff.members import STAFF_ROLES, Joined
from lastcall.core.staff.shop import Shop
from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.site.output import acting, as_json, emit, ready, table

_as = acting("administrator:command")
_roles = click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(STAFF_ROLES), help="May be given more than once."
)
_shop = click.option("--shop", default="", help="The code of the shop; a clerk needs one.")


@click.group()
def staff() -> None:
    """Shops and members of the staff."""


@staff.command()
@click.argument("code")
@click.option("--name", required=True, help="As visitors know it.")
@_as
@as_json
def shop(code: str, name: str, actor: Actor, machine: bool) -> None:
    """Open a shop, or give it another name."""
    opened = shops.open_shop(ready(), code=code, name=name, actor=actor)
    emit(
        {"code": opened.code, "name": opened.name}, machine=machine,
        people=lambda out: out.print(f"Shop {opened.code}: {opened.name}"),
    )  # fmt: skip


@staff.command()
@click.argument("login")
@click.option("--name", required=True)
@_roles
@_shop
@click.option("--language", type=click.Choice(LANGUAGES), default="ru", show_default=True)
@_as
@as_json
def add(login: str, name: str, roles: tuple[str, ...], shop: str, language: str, actor: Actor, machine: bool) -> None:
    """Take in a member and print the setting-up link: valid for 24 hours, works once, shown once."""
    joined = members.add_member(ready(), login=login, name=name, roles=roles, shop=shop, language=language, actor=actor)
    _say_link(joined, machine=machine)


@staff.command("list")
@as_json
def list_members(machine: bool) -> None:
    """Who works here, and who left."""
    base = ready()
    places = {one.id: one for one in shops.all_shops(base)}
    found = members.all_members(base)
    emit([_as_row(one, places) for one in found], machine=machine, people=lambda out: _print_list(out, found, places))


@staff.command("roles")
@click.argument("login")
@_roles
@_shop
@_as
@as_json
def change_roles(login: str, roles: tuple[str, ...], shop: str, actor: Actor, machine: bool) -> None:
    """Give a member these roles, and this shop, instead of the present ones."""
    base = ready()
    changed = members.set_roles(base, login=login, roles=roles, shop=shop, actor=actor)
    places = {one.id: one for one in shops.all_shops(base)}
    emit(_as_row(changed, places), machine=machine, people=lambda out: out.print(f"{changed.login}: {changed.roles}"))


@staff.command()
@click.argument("login")
@_as
@as_json
def remove(login: str, actor: Actor, machine: bool) -> None:
    """A member leaves: signed out everywhere at once."""
    from lastcall.doors.desk.signin import accounts

    gone = members.remove_member(ready(), login=login, actor=actor)
    accounts.forget(gone.login)
    emit(
        {"login": gone.login, "left_at": gone.left_at}, machine=machine,
        people=lambda out: out.print(f"{gone.login} has left and is signed out everywhere."),
    )  # fmt: skip


@staff.command()
@click.argument("login")
@_as
@as_json
def reset(login: str, actor: Actor, machine: bool) -> None:
    """A new setting-up link; the present password and second factors stop working at once."""
    from lastcall.doors.desk.signin import accounts

    joined = members.reset_member(ready(), login=login, actor=actor)
    accounts.forget(joined.member.login)
    _say_link(joined, machine=machine)


def _say_link(joined: Joined, *, machine: bool) -> None:
    path = reverse("desk:signin_start")
    host = settings.LASTCALL_PUBLIC_HOST
    link = f"https://{host}{path}#{joined.word}" if host else f"{path}#{joined.word}"
    document = {"login": joined.member.login, "roles": joined.member.roles.split(), "link": link, "valid_hours": 24}
    emit(document, machine=machine, people=lambda out: _print_link(out, joined.member, link))


def _print_link(out: Console, member: Member, link: str) -> None:
    out.print(f"{member.login}: {member.roles}")
    out.print(f"Setting-up link, valid for 24 hours, works once, shown only now:\n{link}", soft_wrap=True)
    if not settings.LASTCALL_PUBLIC_HOST:
        out.print("It begins with the address of this installation (LASTCALL_PUBLIC_HOST is not set).")


def _as_row(member: Member, places: dict[int, Shop]) -> dict[str, Any]:
    place = places.get(member.shop_id or 0)
    return {
        "login": member.login, "name": member.name, "roles": member.roles.split(), "shop": place.code if place else None,
        "language": member.language, "joined_at": member.joined_at, "left_at": member.left_at,
    }  # fmt: skip


def _print_list(out: Console, found: tuple[Member, ...], places: dict[int, Shop]) -> None:
    shown = table("Members", "login", "name", "roles", "shop", "left")
    for member in found:
        row = _as_row(member, places)
        left = f"{member.left_at:%Y-%m-%d}" if member.left_at else ""
        shown.add_row(member.login, member.name, member.roles, row["shop"] or "", left)
    out.print(shown)
