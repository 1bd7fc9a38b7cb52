"""A visitor at Olga's window with the file open, and a reader that is paired with the shop."""

from __future__ import annotations

from dataclasses import dataclass

from lastcall.core.actor import Actor
from lastcall.core.counter import calls
from lastcall.core.counter.ticket import Ticket
from lastcall.core.database import DjangoDatabase
from lastcall.core.simcard import handlings, readers, reports, sealing
from lastcall.core.simcard.backup import Backup
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.reader import Reader
from tests.cast import Cast, Holder
from tests.core.counter.conftest import OLGA, Counter
from tests.core.tools import only

PACKED = b"PK a packed folder"


@dataclass
class Visit:
    """The holder's visit. ``token``: of the reader beside Olga's window."""

    counter: Counter
    holder: Holder
    ticket: Ticket
    case_id: int
    token: str

    @property
    def cast(self) -> Cast:
        return self.counter.cast

    @property
    def base(self) -> DjangoDatabase:
        return self.counter.base

    @property
    def reader(self) -> Reader:
        """The reader that is paired with the shop."""
        return readers.by_token(self.base, self.token)

    @property
    def iccid(self) -> str:
        """What the line's own card holds."""
        return self.cast.sim_of(self.holder).iccid

    def ask(self, *, backup: bool = True, pin_off: bool = True, actor: Actor = OLGA) -> Handling:
        """Olga asks for the card to be saved and its PIN taken off, or less."""
        return handlings.ask(
            self.base, ticket_id=self.ticket.id, reader_id=self.reader.id, backup=backup, pin_off=pin_off, actor=actor,
            language="zh-hans",
        )  # fmt: skip

    def taken(self, *, backup: bool = True, pin_off: bool = True) -> Handling:
        """The line's own card is in the reader."""
        asked = self.ask(backup=backup, pin_off=pin_off)
        assert reports.card(self.base, token=self.token, handling_id=asked.id, iccid=self.iccid)
        return self.now(asked)

    def save(self, handling: Handling) -> tuple[str, Backup]:
        """The reader seals what is on the card and sends it; the secret, and what is kept."""
        secret, ciphertext = sealing.seal(PACKED)
        backup = reports.saved(self.base, token=self.token, handling_id=handling.id, ciphertext=ciphertext)
        return secret, backup

    def done(
        self, handling: Handling, *, contacts: int = 250, messages: int = 30, partial: str = "", pin: str = "removed"
    ) -> Handling:
        """The reader says that all is done."""
        return reports.done(
            self.base, token=self.token, handling_id=handling.id, contacts=contacts, messages=messages, partial=partial,
            pin=pin,
        )  # fmt: skip

    def finish(self) -> None:
        """The visit is over."""
        calls.finish(self.base, ticket_id=self.ticket.id, actor=OLGA)

    def next(self) -> None:
        """The visit is over, and the holder comes again with a new ticket."""
        self.ticket = self.counter.serving()
        self.counter.identify(self.ticket, self.holder)
        self.ticket = self.counter.read(self.ticket)

    def now_open(self) -> Handling:
        """What is being done at the reader."""
        return only(self.base, Handling, state="taken")

    def now(self, handling: Handling) -> Handling:
        """The handling as it is kept now."""
        return only(self.base, Handling, id=handling.id)


def paired(counter: Counter, *, actor: Actor = OLGA, shop_id: int = 0, name: str = "Window 3") -> str:
    """The token of a reader that is paired with the clerk's shop."""
    code = readers.offer(counter.base, actor=actor, shop_id=shop_id or counter.shop.id, policy=counter.cast.policy)
    return readers.pair(counter.base, code=code, name=name).token


def at_the_window(counter: Counter, holder: Holder) -> Visit:
    """The holder's document matched, and Olga paired a reader."""
    ticket = counter.serving()
    counter.identify(ticket, holder)
    case_id = counter.read(ticket).case_id
    assert case_id is not None
    return Visit(counter, holder, counter.read(ticket), case_id, paired(counter))
