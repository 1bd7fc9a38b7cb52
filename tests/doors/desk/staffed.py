"""Everybody who works at the desk, with two shops, each signed in with a second factor when a test asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.test import Client

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.database import DjangoDatabase
from lastcall.core.plan import Insert, Plan
from lastcall.core.staff.member import Member
from lastcall.core.staff.rights import actor_for
from lastcall.core.staff.shop import Shop
from lastcall.core.staff.sign_ins import begin
from lastcall.doors.desk.signed_in import SIGN_IN
from tests.cast import Cast

CENTRE: Final = "centre"
NORTH: Final = "north"
PEOPLE: Final = (
    ("olga", "Olga", "clerk", CENTRE, "ru"),
    ("oleg", "Oleg", "clerk", NORTH, "ru"),
    ("timur", "Timur", "agent", "", "ru"),
    ("tamara", "Tamara", "agent", "", "zh-hans"),
    ("irina", "Irina", "reviewer", "", "ru"),
    ("roman", "Roman", "reviewer", "", "en"),
    ("nikolai", "Nikolai", "number_manager", "", "ru"),
    ("nadia", "Nadia", "number_manager", "", "en"),
    ("arkady", "Arkady", "auditor", "", "ru"),
    ("alla", "Alla", "administrator", "", "ru"),
    ("boris", "Boris", "administrator", "", "en"),
)


@dataclass
class Staffed:
    """The cast, the shops by code and the members by login."""

    cast: Cast
    shops: dict[str, Shop]
    members: dict[str, Member]

    @property
    def base(self) -> DjangoDatabase:
        return self.cast.base

    @classmethod
    def of(cls, cast: Cast) -> Staffed:
        """Two shops are opened, and everybody joins."""
        now = clock.now()
        shops = {code: Shop(id=clock.new_id(), code=code, name=code.title(), opened_at=now) for code in (CENTRE, NORTH)}
        members = {
            login: Member(
                id=clock.new_id(), login=login, name=name, roles=roles, shop_id=shops[shop].id if shop else None,
                language=language, joined_at=now,
            )
            for login, name, roles, shop, language in PEOPLE
        }  # fmt: skip
        everybody = Plan(tuple(Insert(row) for row in (*shops.values(), *members.values())))
        cast.base.transact(lambda rows: rows.apply(everybody))
        return cls(cast, shops, members)

    def actor(self, login: str, right: str) -> Actor:
        """The member in the role by which they have the right."""
        return actor_for(self.members[login], right)

    def at_desk(self, login: str, *, second: bool = True) -> Client:
        """A browser in which this member is signed in, with a second factor unless told otherwise."""
        sign_in = begin(self.base, login=login, how="password totp" if second else "password")
        browser = Client(headers={"host": "localhost", "accept-language": "en"})
        session = browser.session
        session[SIGN_IN] = sign_in.id
        session.save()
        return browser
