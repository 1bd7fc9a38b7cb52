"""The world of one history: numbers, SIMs, people, elements, and the production services on a store.

The beginning of a world is built once by the services themselves and copied for each history: rows never change, so a
copy is a few dictionaries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from stdnum import luhn

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.steps import Outside
from lastcall.core.errors import LastcallError
from lastcall.core.handlers import handlers, on_dead
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers.assign import Terms, assign, stock_sim
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.plan import InsertMissing, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.simulator.billing import SimBilling, SimMessenger
from lastcall.core.simulator.hlr import HlrBook, SimHlr
from lastcall.core.simulator.people import ACTORS, SCRIPTS, Person, Script
from lastcall.core.simulator.photos import SimReader
from lastcall.core.store import Database
from lastcall.core.subscribers.file import open_file, put_contact_on_file, put_document_on_file
from lastcall.core.subscribers.line import Line
from lastcall.core.work import Handler, Worker

START: Final = datetime(2026, 1, 12, 9, tzinfo=UTC)
FIRST_MSISDN: Final = 79000000000
NUMBERS: Final = {"A": FIRST_MSISDN + 1001, "B": FIRST_MSISDN + 1002, "C": FIRST_MSISDN + 1003}
UNKNOWN_NUMBER: Final = FIRST_MSISDN + 99_000_000
_SIMS: Final = 9


class Crash(BaseException):
    """A worker dies in the middle of its work: no handler may catch it."""


class Broken(Exception):
    """An answer that no service may give: what the simulator finds out by itself, beside the invariants."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class Declared:
    """A declaration as it was sent and answered."""

    key: str
    declaring: Declaring
    receipt: Receipt


@dataclass(slots=True)
class World:
    """Everything a step may touch. What has been made is known by its place: case 0, case 1; SIM 0, SIM 1."""

    database: Database
    clock: ManualClock
    hlr: SimHlr
    billing: SimBilling
    messengers: dict[str, SimMessenger]
    people: dict[str, Person]
    sims: list[str]
    lines: list[int]
    policy: Policy
    cases: list[int] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    codes: dict[int, list[str]] = field(default_factory=dict)
    codes_taken: set[tuple[int, str]] = field(default_factory=set)
    representatives: list[int] = field(default_factory=list)
    begun: dict[int, str] = field(default_factory=dict)
    barcodes: list[str] = field(default_factory=list)
    interests: dict[int, datetime] = field(default_factory=dict)
    """Numbers that a relying party wants to be told of, since when."""
    reader: SimReader = field(default_factory=SimReader)
    on_watch: Callable[[str, str], None] | None = None
    unexpected: list[str] = field(default_factory=list)
    _worker: Worker | None = None

    @property
    def worker(self) -> Worker:
        """The production worker with the production handlers; whatever they raise against the rules is noted."""
        if self._worker is None:
            outside = Outside(hlr=self.hlr, billing=self.billing)
            made = handlers(
                self.database, outside=outside, messengers=dict(self.messengers), photos=self.reader, watch=self.watch
            )
            noted = {kind: self._noting(kind, handler) for kind, handler in made.items()}
            self._worker = Worker(self.database, handlers=noted, on_dead=on_dead(self.database))
        return self._worker

    @property
    def outside(self) -> Outside:
        return Outside(hlr=self.hlr, billing=self.billing)

    def watch(self, step: str, moment: str) -> None:
        """Called by the cease at each of its moments."""
        if self.on_watch is not None:
            self.on_watch(step, moment)

    def _noting(self, kind: str, handler: Handler) -> Handler:
        def noted(subject_id: int) -> None:
            try:
                handler(subject_id)
            except LastcallError:
                raise
            except Exception as error:
                self.unexpected.append(f"{kind}: {type(error).__name__}: {error}")
                raise

        return noted


@dataclass(frozen=True, slots=True)
class Beginning:
    """One way a world begins: who has which number, under which terms, and for how long before the history starts."""

    lines: tuple[tuple[str, str, Terms, int], ...]
    """(number, person, terms, balance in minor units)."""
    days: int = 60
    numbers: tuple[str, ...] = ("A", "B", "C")
    esim_first: bool = False


_DEBT: Final = -12_300
_FEES: Final = Terms(
    commitment_until=date(2026, 12, 31), early_termination_fee=50_000, instalments_left=20_000, premium_number_fee=1_000
)

BEGINNINGS: Final = (
    Beginning((("A", "li_wei", Terms(), 35_050), ("B", "anna", Terms(), 0))),
    Beginning((("A", "li_wei", Terms(), 10_000),), numbers=("A", "B")),
    Beginning((("A", "anna", _FEES, 35_050), ("B", "anna", Terms(), 100))),
    Beginning((("A", "li_wei", Terms(), _DEBT), ("C", "sergei", _FEES, 100_000)), esim_first=True),
    Beginning((("A", "li_wei", Terms(), 5_000), ("B", "sergei", Terms(), _DEBT)), days=3),
    Beginning((("B", "anna", Terms(late_usage_hold_days=30), 77_700),), numbers=("A", "B")),
)


def iccid(number: int) -> str:
    """A valid ICCID with its control digit."""
    body = f"8970199{number:011d}"
    return body + luhn.calc_check_digit(body)


_templates: dict[int, World] = {}


def new_world(beginning: int, *, seed: int, policy: Policy) -> World:
    """A world in memory, as its beginning has it, with a clock and a randomness of its own."""
    made = _templates.get(beginning)
    if made is None:
        made = _templates[beginning] = build_world(beginning, MemoryStore(), policy)
    assert isinstance(made.database, MemoryStore)
    return _copy(made, made.database.copy(), seed, policy)


def again(world: World, *, seed: int, policy: Policy) -> World:
    """A built world for another history on the same database, whose rows have been put back."""
    return _copy(world, world.database, seed, policy)


def _copy(made: World, database: Database, seed: int, policy: Policy) -> World:
    return World(
        database=database,
        clock=ManualClock(made.clock.now(), seed=seed),
        hlr=SimHlr(HlrBook(dict(made.hlr.book.entries))),
        billing=SimBilling({line_id: held.copy() for line_id, held in made.billing.held.items()}),
        messengers={"sms": SimMessenger("sms"), "mail": SimMessenger("mail")},
        people=made.people,
        sims=list(made.sims),
        lines=list(made.lines),
        policy=policy,
    )


def build_world(beginning: int, database: Database, policy: Policy) -> World:
    """Play a beginning on ``database``: files, SIMs in stock, first lines; then let time pass."""
    plan, time = BEGINNINGS[beginning], ManualClock(START, seed=beginning)
    world = World(
        database=database, clock=time, hlr=SimHlr(HlrBook()), billing=SimBilling(), messengers={}, people={}, sims=[],
        lines=[], policy=policy,
    )  # fmt: skip
    with clock.use(time):
        database.transact(lambda rows: rows.apply(_RANGE))
        world.people = {script.key: _person(database, script) for script in SCRIPTS}
        for place in range(_SIMS):
            form = "esim" if place in {_SIMS - 1, 0 if plan.esim_first else _SIMS - 1} else "card"
            world.sims.append(iccid(place))
            stock_sim(database, iccid=iccid(place), imsi=imsi(place), actor=ACTORS["olga"], form=form)
        time.advance(timedelta(days=30))
        for place, (number, person, terms, balance) in enumerate(plan.lines):
            line = assign(
                database, msisdn=NUMBERS[number], iccid=iccid(place), subscriber_id=world.people[person].subscriber_id,
                actor=ACTORS["olga"], terms=terms,
            )  # fmt: skip
            connect(world, line, imsi=imsi(place), msisdn=NUMBERS[number], balance=balance)
        time.advance(timedelta(days=plan.days))
    return world


def imsi(place: int) -> str:
    """The IMSI of the SIM in that place."""
    return f"25099{place:010d}"


def connect(world: World, line: Line, *, imsi: str, msisdn: int, balance: int) -> None:
    """What the operator does beside our services when a line begins: HLR entry and billing account."""
    world.lines.append(line.id)
    world.hlr.book.put(imsi, str(msisdn), service=True)
    world.billing.open_account(line.id, line.currency)
    if balance > 0:
        world.billing.top_up(line.id, balance)
    if balance < 0:
        world.billing.charge(line.id, -balance, service_time=world.clock.now())


_RANGE: Final = Plan(
    (
        InsertMissing(Operator(inn="7700000000", name="Demo Mobile")),
        InsertMissing(
            Range(id=1, first=FIRST_MSISDN, last=FIRST_MSISDN + 9_999_999, operator_id="7700000000", region="",
                  territory="")
        ),
    )
)  # fmt: skip


def _person(database: Database, script: Script) -> Person:
    olga = ACTORS["olga"]
    subscriber = open_file(
        database, name=script.name, citizenship=script.citizenship, language=script.language, actor=olga
    )
    kind, issuer, number = script.document
    put_document_on_file(database, subscriber_id=subscriber.id, kind=kind, issuer=issuer, number=number, actor=olga)
    mail = put_contact_on_file(
        database, subscriber_id=subscriber.id, kind="mail", address=f"{script.key}@example.org", actor=olga
    )
    return Person(script.key, subscriber.id, mail.id, script.document, script.language)
