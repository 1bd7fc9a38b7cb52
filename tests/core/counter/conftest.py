"""A shop with two clerks at their windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lastcall.core.actor import CLERK, Actor
from lastcall.core.counter import calls, kiosk, visits, windows
from lastcall.core.counter.ticket import Ticket
from lastcall.core.database import DjangoDatabase, database
from lastcall.core.staff.shop import Shop
from tests.cast import Cast, Holder
from tests.doors.desk.staffed import CENTRE, NORTH, Staffed

OLGA = Actor(CLERK, "olga", "store")
PAVEL = Actor(CLERK, "pavel", "store")
OLEG = Actor(CLERK, "oleg", "store")


@dataclass
class Counter:
    """The shop in the centre, where Olga and Pavel work; the shop in the north, where Oleg does."""

    cast: Cast
    shop: Shop
    north: Shop

    @property
    def base(self) -> DjangoDatabase:
        return self.cast.base

    def take(self, *, purpose: str = "close_line", language: str = "zh-hans", shop: str = CENTRE) -> kiosk.Issued:
        """A visitor takes a ticket."""
        return kiosk.take(
            self.base, shop_code=shop, purpose=purpose, language=language, source="kiosk", policy=self.cast.policy
        )

    def sit(self, actor: Actor = OLGA, window: str = "3") -> None:
        """The clerk sits down."""
        windows.sit(self.base, shop_id=self.shop.id, window=window, actor=actor)

    def called(self, actor: Actor = OLGA) -> Ticket:
        """The clerk calls whoever is next."""
        ticket = calls.call_next(self.base, shop_id=self.shop.id, actor=actor)
        assert ticket is not None
        return ticket

    def serving(self, actor: Actor = OLGA) -> Ticket:
        """A visitor of now stands before the clerk."""
        self.take()
        self.sit(actor)
        return calls.begin(self.base, ticket_id=self.called(actor).id, actor=actor)

    def identify(
        self, ticket: Ticket, holder: Holder, *, document: tuple[str, str, str] | None = None, actor: Actor = OLGA,
        reference: str = "", declared_before: bool = False, declares: bool = True,
    ) -> visits.Identified:  # fmt: skip
        """The clerk compares the holder's document, or another, with the agreement of their line."""
        return visits.identify(
            self.base, ticket_id=ticket.id, msisdn=f"+{holder.msisdn}", document=document or holder.document,
            actor=actor, policy=self.cast.policy, reference=reference, declared_before=declared_before,
            declares=declares,
        )  # fmt: skip

    def read(self, ticket: Ticket) -> Ticket:
        """The ticket as it is now."""
        found = self.base.transact(lambda rows: rows.one(Ticket, {"id": ticket.id}))
        assert found is not None
        return found


@pytest.fixture
def counter(cast: Cast) -> Iterator[Counter]:
    """The cast with two shops."""
    staffed = Staffed.of(cast)
    yield Counter(cast, staffed.shops[CENTRE], staffed.shops[NORTH])
    database().close()
