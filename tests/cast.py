"""The same people in every test: Li Wei and Anna hold lines, Sergei wants somebody else's number; Olga, Timur, Irina work.

``Cast.play`` builds them on real services and real elements' stand-ins; a test then tells its own story in a few lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from stdnum import luhn

from lastcall.core import clock
from lastcall.core.actor import AGENT, CLERK, HOLDER, NUMBER_MANAGER, REVIEWER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.clock import ManualClock
from lastcall.core.closing import declare, evidence, find, identity, review
from lastcall.core.closing.case import Case
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.receipts import Receipt
from lastcall.core.database import DjangoDatabase
from lastcall.core.numbers.assign import Terms, assign, stock_sim
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.numbers.sim import Sim
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.load import load
from lastcall.core.policies.policy import Policy
from lastcall.core.subscribers.file import open_file, put_contact_on_file, put_document_on_file
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Subscriber
from lastcall.core.work import Worker
from lastcall.site.wiring import Elements, make_elements, make_worker, provide_elements

OLGA = Actor(CLERK, "olga", "store")
TIMUR = Actor(AGENT, "timur", "hotline")
IRINA = Actor(REVIEWER, "irina", "system")
NIKOLAI = Actor(NUMBER_MANAGER, "nikolai", "system")
ON_THE_WEB = Actor(HOLDER, "-", "portal")
SOMEBODY = Actor("stranger", "-", "portal")

FIRST = 79000000000
LI_WEI_MSISDN = 79000001001
ANNA_MSISDN = 79000001002
FREE_MSISDN = 79000001003
PASSPORT = ("foreign_passport", "CN", "E12345678")
ANNAS_PASSPORT = ("ru_passport", "RU", "4510123456")
SERGEIS_PASSPORT = ("ru_passport", "RU", "4512999888")
OPEN_FOR = timedelta(days=60)


def iccid(number: int) -> str:
    """A valid ICCID with its control digit."""
    body = f"8970199{number:011d}"
    return body + luhn.calc_check_digit(body)


@dataclass
class Holder:
    """A person on file with an open line."""

    subscriber: Subscriber
    document: tuple[str, str, str]
    mail: Contact
    line: Line | None = None
    msisdn: int = 0


@dataclass
class Cast:
    """Everybody, and the short ways in which a story is told."""

    base: DjangoDatabase
    time: ManualClock
    elements: Elements
    worker: Worker
    policy: Policy
    li_wei: Holder
    anna: Holder
    sergei: Holder
    _sims: int = field(default=500)

    @classmethod
    def play(cls, base: DjangoDatabase, time: ManualClock, folder: Path) -> Cast:
        """Set the stage."""
        elements = make_elements(hlr="simulated", folder=folder)
        provide_elements(elements)
        base.transact(
            lambda rows: rows.apply(
                Plan(
                    (
                        Insert(Operator(inn="7700000000", name="Demo Mobile")),
                        Insert(
                            Range(
                                id=1,
                                first=FIRST,
                                last=FIRST + 9_999_999,
                                operator_id="7700000000",
                                region="",
                                territory="",
                            )
                        ),
                    )
                )
            )
        )
        policy = load("demo", on=time.now().date()).policy()
        worker = make_worker(elements, base=base)
        li_wei = _holder(base, "李伟", "Li Wei", "CN", "zh-hans", PASSPORT)
        anna = _holder(base, "Анна Петрова", "Anna Petrova", "RU", "ru", ANNAS_PASSPORT)
        sergei = _holder(base, "Сергей Кузнецов", "Sergei Kuznetsov", "RU", "ru", SERGEIS_PASSPORT)
        cast = cls(base, time, elements, worker, policy, li_wei, anna, sergei)
        cast.give_line(li_wei, LI_WEI_MSISDN)
        cast.give_line(anna, ANNA_MSISDN)
        time.advance(OPEN_FOR)
        return cast

    def new_sim(self) -> Sim:
        """A SIM in stock."""
        self._sims += 1
        return stock_sim(self.base, iccid=iccid(self._sims), imsi=f"25099{self._sims:010d}", actor=OLGA)

    def give_line(self, holder: Holder, msisdn: int, *, terms: Terms | None = None, balance: int = 35_050) -> Line:
        """A line in the database, the HLR and billing, with ``balance`` kopecks on it."""
        sim = self.new_sim()
        line = assign(
            self.base, msisdn=msisdn, iccid=sim.iccid, subscriber_id=holder.subscriber.id, actor=OLGA, terms=terms
        )
        self.elements.hlr.provision(sim.imsi, str(msisdn))
        self.elements.billing.open_account(line.id, "RUB")
        if balance > 0:
            self.elements.billing.top_up(line.id, amount=balance, key=f"first:{line.id}")
        holder.line, holder.msisdn = line, msisdn
        return line

    def sim_of(self, holder: Holder) -> Sim:
        """The SIM of the holder's line."""
        assert holder.line is not None
        line_sim = holder.line.sim_id
        sim = self.base.transact(lambda rows: rows.one(Sim, {"id": line_sim}))
        assert sim is not None
        return sim

    def declare(
        self, msisdn: int = LI_WEI_MSISDN, *, door: str = "portal", key: str = "", language: str = "zh-hans"
    ) -> Receipt:
        """Declare that a line shall end."""
        declaring = Declaring(msisdn=msisdn, door=door, language=language)
        actor = Actor(HOLDER, "-", door)
        return declare.declare(
            self.base, declaring=declaring, key=key or clock.token(80), policy=self.policy, actor=actor
        )

    def case(self, receipt: Receipt) -> Case:
        """The case as it is now."""
        return find.get_case(self.base, case_id=receipt.case_id)

    def work(self) -> int:
        """Let the worker do everything that is due now."""
        return self.worker.run_until_idle()

    def prove_remotely(self, receipt: Receipt, holder: Holder) -> None:
        """The document's number and a one-time code to the mail on file."""
        kind, issuer, number = holder.document
        identity.verify_document(
            self.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=ON_THE_WEB
        )
        sent = identity.new_code(self.base, case_id=receipt.case_id, contact_id=holder.mail.id, actor=ON_THE_WEB)
        identity.verify_code(self.base, case_id=receipt.case_id, code=sent.code, actor=ON_THE_WEB)

    def prove_in_person(self, receipt: Receipt, holder: Holder) -> None:
        """Olga sees the original."""
        kind, issuer, number = holder.document
        identity.verify_document(
            self.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=OLGA, in_person=True
        )

    def keep_sim(self, receipt: Receipt) -> None:
        """The subscriber keeps the card."""
        evidence.declare_sim(self.base, case_id=receipt.case_id, custody="subscriber", actor=ON_THE_WEB)

    def hand_in_sim(self, receipt: Receipt, holder: Holder) -> None:
        """Olga takes the card in, its PIN off."""
        card = self.sim_of(holder).iccid
        evidence.declare_sim(
            self.base, case_id=receipt.case_id, custody="collected", actor=OLGA, pin_removed=True, iccid=card
        )

    def approve(self, receipt: Receipt) -> None:
        """Irina approves what was referred to her."""
        review.approve(self.base, case_id=receipt.case_id, actor=IRINA)

    def on_hold(self, holder: Holder | None = None) -> Receipt:
        """A declaration proved in person, on hold."""
        leaver = holder or self.li_wei
        receipt = self.declare(leaver.msisdn)
        self.prove_in_person(receipt, leaver)
        self.keep_sim(receipt)
        self.work()
        assert self.case(receipt).state == "on_hold"
        return receipt

    def ceasing(self, holder: Holder | None = None) -> Receipt:
        """The hold is over and the cease decided; nothing outside has been touched."""
        receipt = self.on_hold(holder)
        self.time.advance(timedelta(days=8))
        while self.case(receipt).state != "ceasing":
            assert self.worker.run_one() is not None
        return receipt

    def closed(self, holder: Holder | None = None) -> Receipt:
        """A line closed to the end."""
        receipt = self.on_hold(holder)
        self.time.advance(timedelta(days=8))
        self.work()
        assert self.case(receipt).state == "closed"
        return receipt

    def events(self, receipt: Receipt) -> list[str]:
        """The kinds of the case's events, in order."""
        case_id = receipt.case_id
        found = self.base.transact(lambda rows: rows.some(Event, {"case_id": case_id}, order="id"))
        return [event.kind for event in found]


def _holder(
    base: DjangoDatabase, name: str, latin: str, citizenship: str, language: str, document: tuple[str, str, str]
) -> Holder:
    subscriber = open_file(base, name=name, name_latin=latin, citizenship=citizenship, language=language, actor=OLGA)
    kind, issuer, number = document
    put_document_on_file(base, subscriber_id=subscriber.id, kind=kind, issuer=issuer, number=number, actor=OLGA)
    address = f"{latin.split()[0].lower()}@example.org"
    mail = put_contact_on_file(base, subscriber_id=subscriber.id, kind="mail", address=address, actor=OLGA)
    return Holder(subscriber, document, mail)
