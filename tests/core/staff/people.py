"""Members for the tests of the staff's core, and who acts."""

from __future__ import annotations

from typing import Final

from lastcall.core.actor import ADMINISTRATOR, AGENT, AUDITOR, CLERK, NUMBER_MANAGER, REVIEWER, Actor
from lastcall.core.database import DjangoDatabase
from lastcall.core.staff import members, shops
from lastcall.core.staff.member import Member

FIRST: Final = Actor(ADMINISTRATOR, "command", "command")
ALLA: Final = Actor(ADMINISTRATOR, "alla", "desk")
BORIS: Final = Actor(ADMINISTRATOR, "boris", "desk")
ARKADY: Final = Actor(AUDITOR, "arkady", "desk")
ANTON: Final = Actor(AUDITOR, "anton", "desk")
OLGA: Final = Actor(CLERK, "olga", "store")
TIMUR: Final = Actor(AGENT, "timur", "hotline")
IRINA: Final = Actor(REVIEWER, "irina", "desk")
NIKOLAI: Final = Actor(NUMBER_MANAGER, "nikolai", "desk")


def join(base: DjangoDatabase, login: str, *roles: str, shop: str = "") -> Member:
    """Somebody joins."""
    return members.add_member(
        base, login=login, name=login.title(), roles=roles, shop=shop, language="ru", actor=FIRST
    ).member


def a_shop(base: DjangoDatabase, code: str = "centre") -> None:
    """A shop opens."""
    shops.open_shop(base, code=code, name=code.title(), actor=FIRST)
