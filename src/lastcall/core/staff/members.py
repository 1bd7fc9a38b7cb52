"""Members come, get and lose roles, get a new link, and leave. Nobody changes their own; one administrator always stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import ADMINISTRATOR, AGENT, AUDITOR, CLERK, NUMBER_MANAGER, REVIEWER, Actor
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.plan import Change, Insert, Plan, Write
from lastcall.core.staff.member import Member
from lastcall.core.staff.notes import noted
from lastcall.core.staff.rights import RIGHTS
from lastcall.core.staff.setting_up import plan_link
from lastcall.core.staff.shop import Shop
from lastcall.core.staff.sign_ins import plan_end_everywhere
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import LANGUAGES, one_of, parse_name

STAFF_ROLES: Final = (CLERK, AGENT, REVIEWER, NUMBER_MANAGER, AUDITOR, ADMINISTRATOR)
_LOGIN: Final = re.compile(r"[a-z][a-z._-]{0,30}[a-z0-9]{0,4}")
"""Few digits only, so that no login looks like a number or a document in the log."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A member with the secret word of their setting-up link, which is shown once and kept nowhere."""

    member: Member
    word: str


def parse_login(text: str) -> str:
    """A login in its one form. Raises ``BadInput`` (``bad_login``)."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login) or len(login) < 2:
        raise BadInput(
            "a login is 2 to 32 Latin letters, dots and dashes, with at most four digits at its end", code="bad_login",
            remedy="Choose another, such as anna or anna.k2.",
        )  # fmt: skip
    return login


def parse_roles(words: Iterable[str]) -> str:
    """Roles in their one order. Raises ``BadInput`` (``bad_role``, ``no_role``)."""
    given = {one_of("role", word, STAFF_ROLES) for word in words}
    if not given:
        raise BadInput("no role was given", code="no_role", remedy=f"At least one of: {', '.join(STAFF_ROLES)}.")
    return " ".join(role for role in STAFF_ROLES if role in given)


@transaction
def add_member(
    rows: Store, *, login: str, name: str, roles: Iterable[str], shop: str, language: str, actor: Actor
) -> Joined:
    """A new member, with a setting-up link. ``shop``: its code, needed for a clerk, empty for nobody's.

    Raises ``BadInput`` (``bad_login``, ``bad_role``, ``no_role``, ``malformed_name``, ``bad_language``,
    ``clerk_without_shop``), ``NotFound`` (``no_such_shop``), ``Refused`` (``login_taken``, ``no_right``).
    A login of somebody who left is never given again.
    """
    _may(actor, "people.manage")
    login, now = parse_login(login), clock.now()
    if rows.one(Member, {"login": login}) is not None:
        raise Refused("this login is taken", code="login_taken", remedy="Choose another login.")
    words = parse_roles(roles)
    member = Member(
        id=clock.new_id(), login=login, name=parse_name(name), roles=words, shop_id=_shop_id(rows, shop, words),
        language=one_of("language", language, LANGUAGES), joined_at=now,
    )  # fmt: skip
    event = noted("added", member_id=member.id, actor=actor, now=now, target=words, data=_about(login, shop))
    rows.apply(Plan((Insert(member),), (event,)))
    word, link = plan_link(rows, member=member, actor=actor)
    rows.apply(link)
    return Joined(member, word)


def _about(login: str, shop: str) -> dict[str, str]:
    return {"login": login} | ({"shop": shop} if shop else {})


def _may(actor: Actor, right: str) -> None:
    if actor.role not in RIGHTS[right].roles:
        raise Refused(f"the right {right} is not yours", code="no_right", remedy="Ask an administrator.")


def _shop_id(rows: Store, code: str, roles: str) -> int | None:
    if not code:
        if CLERK in roles.split():
            raise BadInput("a clerk works in a shop", code="clerk_without_shop", remedy="Choose the shop.")
        return None
    shop = rows.one(Shop, {"code": code, "closed_at": None})
    if shop is None:
        raise NotFound(f"no open shop has the code {code[:40]}", code="no_such_shop", remedy="Open the shop first.")
    return shop.id


def read_member(rows: Store, login: str) -> Member:
    """A member who has not left. Raises ``NotFound`` (``no_such_member``)."""
    member = rows.one(Member, {"login": login, "left_at": None})
    if member is None:
        raise NotFound("no member has this login", code="no_such_member", remedy="See the list of members.")
    return member


@transaction
def set_roles(rows: Store, *, login: str, roles: Iterable[str], shop: str, actor: Actor) -> Member:
    """Give a member these roles and this shop instead of the present ones; they count from the next click on.

    Raises as :func:`add_member`, and ``Refused``: ``own_rights``, ``last_administrator``.
    """
    member, words = _other(rows, login, actor), parse_roles(roles)
    shop_id = _shop_id(rows, shop, words)
    if (words, shop_id) == (member.roles, member.shop_id):
        return member
    keeping = _keeping_one(rows, member) if ADMINISTRATOR not in words.split() else ()
    event = noted(
        "roles", member_id=member.id, actor=actor, now=clock.now(), source=member.roles, target=words,
        data=_about(login, shop),
    )  # fmt: skip
    rows.apply(Plan((*keeping, _change(member, roles=words, shop_id=shop_id)), (event,)))
    return replace(member, roles=words, shop_id=shop_id)


def _other(rows: Store, login: str, actor: Actor) -> Member:
    """The member, who is somebody else than who acts."""
    _may(actor, "people.manage")
    member = read_member(rows, login)
    if member.login == actor.name:
        raise Refused("nobody changes their own rights", code="own_rights", remedy="Ask another administrator.")
    return member


def _keeping_one(rows: Store, member: Member) -> tuple[Write, ...]:
    """Another administrator is there and stays: held by a guard, so that two who remove each other do not both succeed."""
    if ADMINISTRATOR not in member.roles.split():
        return ()
    others = (one for one in rows.some(Member, {"left_at": None}) if one.id != member.id)
    stays = next((one for one in others if ADMINISTRATOR in one.roles.split()), None)
    if stays is None:
        raise Refused("the last administrator stays", code="last_administrator", remedy="Make somebody else one first.")
    return (_change(stays, roles=stays.roles),)


def _change(member: Member, **values: object) -> Change:
    guard = {"id": member.id, "roles": member.roles, "shop_id": member.shop_id, "left_at": None}
    return Change(Member, guard, values)


@transaction
def remove_member(rows: Store, *, login: str, actor: Actor) -> Member:
    """A member leaves: signed out everywhere at once; the login stays theirs. Raises ``NotFound``, ``Refused`` as above."""
    member, now = _other(rows, login, actor), clock.now()
    keeping = _keeping_one(rows, member)
    event = noted("left", member_id=member.id, actor=actor, now=now, source=member.roles, data={"login": login})
    rows.apply(Plan((*keeping, _change(member, left_at=now)), (event,)))
    rows.apply(plan_end_everywhere(rows, member=member, actor=actor, why="left"))
    return replace(member, left_at=now)


@transaction
def reset_member(rows: Store, *, login: str, actor: Actor) -> Joined:
    """A new setting-up link for a member who lost password or second factor; signed out everywhere meanwhile.

    The door forgets the old factors when the link is used. Raises ``NotFound``, ``Refused`` (``own_rights``, ``no_right``).
    """
    member = _other(rows, login, actor)
    word, link = plan_link(rows, member=member, actor=actor)
    rows.apply(link + plan_end_everywhere(rows, member=member, actor=actor, why="reset"))
    return Joined(member, word)


def members(rows: Store) -> tuple[Member, ...]:
    """All members by login, those who left at the end."""
    found = rows.some(Member, {}, order="login")
    return tuple(sorted(found, key=lambda one: one.left_at is not None))


all_members = transaction(members)
