"""The demonstration's stage: an operator that does not exist, people who do not, on a code that nobody was given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from stdnum import luhn

from lastcall.core import clock
from lastcall.core.actor import CLERK, HOLDER, REVIEWER, Actor
from lastcall.core.audit.sequencer import sequence
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.numbers.assign import Terms, assign, stock_sim
from lastcall.core.numbers.number import Number
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.numbers.sim import Sim
from lastcall.core.plan import InsertMissing, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store
from lastcall.core.subscribers.file import open_file, put_contact_on_file, put_document_on_file
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Subscriber
from lastcall.core.work import Worker
from lastcall.site.wiring import Elements, make_worker

OLGA = Actor(CLERK, "olga", "store")
IRINA = Actor(REVIEWER, "irina", "system")
ON_THE_WEB = Actor(HOLDER, "-", "portal")

# 943 is a code that the Russian register gives to nobody, so no number of the demonstration is anybody's.
FIRST, LAST = 79430000000, 79430009999
_RANGE_ID = 943

Document = tuple[str, str, str]


@dataclass
class Person:
    """Somebody on file. ``document``: (kind, issuer, number)."""

    subscriber: Subscriber
    document: Document
    mail: Contact


@dataclass
class OpenLine:
    """A line in service, with the SIM that carries it."""

    line: Line
    sim: Sim
    msisdn: int


@dataclass
class Stage:
    """Everything the chapters play on. ``policy``: the present one, throughout; ``watch`` is told of each moment of a cease."""

    database: DjangoDatabase
    elements: Elements
    time: ManualClock
    policy: Policy
    watch: Callable[[str, str], None] = field(default=lambda step, moment: None)

    def __post_init__(self) -> None:
        self.worker: Worker = make_worker(self.elements, base=self.database, watch=self._tell)
        self.database.transact(_lay_range)

    def _tell(self, step: str, moment: str) -> None:
        self.watch(step, moment)

    def person(self, name: str, latin: str, citizenship: str, language: str, kind: str) -> Person:
        """Open a file, with a document whose number is made up on the spot."""
        made = open_file(
            self.database, name=name, name_latin=latin, citizenship=citizenship, language=language, actor=OLGA
        )
        number = clock.digits(10) if kind == "ru_passport" else f"E{clock.digits(8)}"
        put_document_on_file(
            self.database, subscriber_id=made.id, kind=kind, issuer=citizenship, number=number, actor=OLGA
        )
        address = f"{latin.split()[0].lower()}@example.org"
        mail = put_contact_on_file(self.database, subscriber_id=made.id, kind="mail", address=address, actor=OLGA)
        return Person(made, (kind, citizenship, number), mail)

    def new_sim(self) -> Sim:
        """A SIM in stock."""
        body = f"8970199{clock.digits(11)}"
        return stock_sim(
            self.database, iccid=body + luhn.calc_check_digit(body), imsi=f"25099{clock.digits(10)}", actor=OLGA
        )

    def next_number(self) -> int:
        """The first number of the range that nothing has happened to."""
        used = self.database.transact(
            lambda rows: rows.some(Number, {"msisdn__gte": FIRST, "msisdn__lte": LAST}, order="-msisdn", limit=1)
        )
        return used[0].msisdn + 1 if used else FIRST + 1001

    def open_line(self, person: Person, msisdn: int, *, balance: int, terms: Terms | None = None) -> OpenLine:
        """A line in the database, the HLR and billing, with ``balance`` kopecks paid in."""
        sim = self.new_sim()
        line = assign(
            self.database, msisdn=msisdn, iccid=sim.iccid, subscriber_id=person.subscriber.id, actor=OLGA, terms=terms
        )
        self.elements.hlr.provision(sim.imsi, str(msisdn))
        self.elements.billing.open_account(line.id, line.currency)
        if balance:
            self.elements.billing.top_up(line.id, amount=balance, key=f"demo:{line.id}:first")
        return OpenLine(line, sim, msisdn)

    def pass_time(self, **delta: float) -> None:
        """Let time go by, then let the worker do what has become due."""
        self.time.advance(timedelta(**delta))
        self.work()

    def work(self) -> None:
        """Let the worker do everything that is due, and the sequencer chain what is new."""
        self.worker.run_until_idle()
        sequence(self.database)


def _lay_range(rows: Store) -> None:
    """The operator and its range, unless an earlier demonstration laid them."""
    operator = Operator(inn="0012345673", name="ООО «Демо Мобайл»")
    made = Range(id=_RANGE_ID, first=FIRST, last=LAST, operator_id=operator.inn, region="Demo", territory="Demo")
    rows.apply(Plan((InsertMissing(operator), InsertMissing(made))))
