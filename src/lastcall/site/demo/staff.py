"""The demonstration's staff: a shop and three people with every role between them, each with a setting-up link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from lastcall.core.actor import ADMINISTRATOR, AGENT, AUDITOR, CLERK, NUMBER_MANAGER, REVIEWER, Actor
from lastcall.core.errors import Refused
from lastcall.core.staff.members import Joined, add_member, reset_member
from lastcall.core.staff.shops import open_shop
from lastcall.core.store import Database
from lastcall.doors.desk.signin import accounts

SHOP: Final = "centre"
_BY: Final = Actor(ADMINISTRATOR, "demo", "command")
_PEOPLE: Final = (
    ("olga", "Ольга", (CLERK, AGENT), SHOP),
    ("irina", "Ирина", (REVIEWER, NUMBER_MANAGER), ""),
    ("arkady", "Аркадий", (AUDITOR, ADMINISTRATOR), ""),
)


@dataclass(frozen=True, slots=True)
class Invited:
    """``path``: of the setting-up link, with its word behind the ``#``."""

    login: str
    roles: str
    path: str


def invite(database: Database) -> tuple[Invited, ...]:
    """Everybody with a fresh link; those of an earlier demonstration start anew."""
    open_shop(database, code=SHOP, name="Центр", actor=_BY)
    start = reverse("desk:signin_start")
    joined = [_joined(database, login, name, roles, shop) for login, name, roles, shop in _PEOPLE]
    return tuple(Invited(one.member.login, one.member.roles, f"{start}#{one.word}") for one in joined)


def _joined(database: Database, login: str, name: str, roles: tuple[str, ...], shop: str) -> Joined:
    try:
        return add_member(database, login=login, name=name, roles=roles, shop=shop, language="ru", actor=_BY)
    except Refused:
        accounts.forget(login)
        return reset_member(database, login=login, actor=_BY)
