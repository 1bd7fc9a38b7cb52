"""What the demonstration plays: a number given on, a number given back, and one line closed from word to word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import evidence, find, identity, reactivate, review
from lastcall.core.closing.case import Case
from lastcall.core.closing.declare import Declaring, declare
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.steps import entry_json
from lastcall.core.errors import Refused
from lastcall.core.lookup.days import today
from lastcall.core.numbers.status import NumberStatus, get_number_status
from lastcall.core.numbers.sweep import sweep
from lastcall.core.rows import Json
from lastcall.site.demo.bank import Noted
from lastcall.site.demo.stage import IRINA, OLGA, ON_THE_WEB, OpenLine, Person, Stage
from lastcall.site.demo.teller import Teller

_PAID_IN = 42_000  # kopecks


@dataclass
class Played:
    """What the main chapter leaves: who, which line, the receipt, what the HLR said before, and what a bank had noted."""

    person: Person
    opened: OpenLine
    receipt: Receipt
    hlr_before: Json
    noted: Noted


def _declare(stage: Stage, opened: OpenLine, *, door: str, language: str) -> Receipt:
    return declare(
        stage.database, declaring=Declaring(msisdn=opened.msisdn, door=door, language=language), key=clock.token(80),
        policy=stage.policy, actor=Actor("holder", "-", door),
    )  # fmt: skip


def case_of(stage: Stage, receipt: Receipt) -> Case:
    """The case as it stands."""
    return find.get_case(stage.database, case_id=receipt.case_id)


def _close_in_shop(stage: Stage, person: Person, opened: OpenLine) -> Receipt:
    """Declared at the counter: original document, card taken in, so policy waives the hold."""
    receipt = _declare(stage, opened, door="store", language=person.subscriber.language)
    kind, issuer, number = person.document
    identity.verify_document(
        stage.database, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=OLGA, in_person=True
    )
    evidence.declare_sim(
        stage.database,
        case_id=receipt.case_id,
        custody="collected",
        actor=OLGA,
        pin_removed=True,
        iccid=opened.sim.iccid,
    )
    stage.work()
    return receipt


def given_on(stage: Stage, teller: Teller) -> Noted:
    """A number that rested its whole time and went to somebody else; what Anna's bank had noted."""
    anna = stage.person("Анна Петрова", "Anna Petrova", "RU", "ru", "ru_passport")
    sergei = stage.person("Сергей Кузнецов", "Sergei Kuznetsov", "RU", "ru", "ru_passport")
    opened = stage.open_line(anna, stage.next_number(), balance=5_000)
    noted = Noted(opened.msisdn, today(), "given on")
    stage.pass_time(days=30)
    receipt = _close_in_shop(stage, anna, opened)
    ceased = case_of(stage, receipt).network_confirmed_at
    stage.pass_time(days=stage.policy.reactivation_window_days + 1)
    sweep(stage.database)
    _refused(stage, lambda: stage.open_line(sergei, opened.msisdn, balance=0))
    stage.pass_time(days=stage.policy.quarantine_days)
    sweep(stage.database)
    stage.open_line(sergei, opened.msisdn, balance=10_000)
    stage.work()
    teller.given_on(opened.msisdn, ceased=ceased, given=clock.now())
    return noted


def given_back(stage: Stage, teller: Teller) -> Noted:
    """A number that its former holder wanted back inside the window, and somebody else wanted too; what her bank had noted."""
    anna = stage.person("Анна Петрова", "Anna Petrova", "RU", "ru", "ru_passport")
    sergei = stage.person("Сергей Кузнецов", "Sergei Kuznetsov", "RU", "ru", "ru_passport")
    opened = stage.open_line(anna, stage.next_number(), balance=12_000)
    noted = Noted(opened.msisdn, today(), "given back")
    stage.pass_time(days=30)
    receipt = _close_in_shop(stage, anna, opened)
    stage.pass_time(days=10)
    refused = _refused(stage, lambda: _reactivate(stage, receipt, sergei))
    _reactivate(stage, receipt, anna)
    stage.work()
    teller.given_back(opened.msisdn, refused=refused, given=clock.now())
    return noted


def _reactivate(stage: Stage, receipt: Receipt, person: Person) -> None:
    sim = stage.new_sim()
    reactivate.reactivate(
        stage.database, case_id=receipt.case_id, document=person.document, iccid=sim.iccid, actor=OLGA, approver="irina"
    )


def _refused(stage: Stage, act: Any) -> str:
    try:
        act()
    except Refused as refusal:
        return refusal.code
    raise AssertionError("the demonstration expected a refusal")


def closed_on_the_web(stage: Stage, teller: Teller) -> Played:
    """Li Wei leaves: declared in Chinese on the web, proved from afar, looked at by a person, held, ceased."""
    li_wei = stage.person("李伟", "Li Wei", "CN", "zh-hans", "foreign_passport")
    opened = stage.open_line(li_wei, stage.next_number(), balance=_PAID_IN)
    noted = Noted(opened.msisdn, today(), "just closed")
    teller.line_opened(li_wei.subscriber.name_latin, opened, paid_in=_PAID_IN)
    stage.pass_time(days=90)
    stage.elements.billing.charge(
        opened.line.id, amount=54_000, service_time=clock.now(), memo="month", key=f"demo:{opened.line.id}:month"
    )
    stage.pass_time(days=30)
    before = entry_json(stage.elements.hlr.look(opened.sim.imsi))
    receipt = _declare(stage, opened, door="portal", language="zh-hans")
    stage.work()
    teller.declared(receipt, case_of(stage, receipt), before)
    _prove(stage, teller, li_wei, opened, receipt)
    _pass_review_and_hold(stage, teller, receipt)
    return Played(li_wei, opened, receipt, before, noted)


def _prove(stage: Stage, teller: Teller, person: Person, opened: OpenLine, receipt: Receipt) -> None:
    stage.pass_time(minutes=3)
    kind, issuer, number = person.document
    identity.verify_document(
        stage.database, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=ON_THE_WEB
    )
    sent = identity.new_code(stage.database, case_id=receipt.case_id, contact_id=person.mail.id, actor=ON_THE_WEB)
    identity.verify_code(stage.database, case_id=receipt.case_id, code=sent.code, actor=ON_THE_WEB)
    evidence.declare_sim(stage.database, case_id=receipt.case_id, custody="subscriber", actor=ON_THE_WEB)
    stage.work()
    teller.proved(case_of(stage, receipt))
    stage.elements.billing.top_up(opened.line.id, amount=20_000, key=f"demo:{opened.line.id}:debt")
    evidence.choose_refund(stage.database, case_id=receipt.case_id, method="bank_account", actor=ON_THE_WEB)
    stage.work()
    teller.paid(case_of(stage, receipt))


def _pass_review_and_hold(stage: Stage, teller: Teller, receipt: Receipt) -> None:
    if case_of(stage, receipt).state == "review":
        stage.pass_time(minutes=40)
        review.approve(stage.database, case_id=receipt.case_id, actor=IRINA)
        stage.work()
        teller.reviewed(case_of(stage, receipt))
    case = case_of(stage, receipt)
    assert case.hold_until is not None
    teller.held(case)
    stage.watch = teller.step
    stage.time.advance(max(case.hold_until - clock.now(), timedelta(0)))
    stage.work()
    stage.watch = lambda step, moment: None


def your_line(stage: Stage) -> tuple[Person, OpenLine]:
    """A line left open, for whoever watches to close in the browser."""
    anna = stage.person("Анна Петрова", "Anna Petrova", "RU", "ru", "ru_passport")
    opened = stage.open_line(anna, stage.next_number(), balance=_PAID_IN)
    stage.work()
    return anna, opened


def main_chapter_days(stage: Stage) -> float:
    """How long the main chapter takes, in days, so that it ends now: the line's life, proof and review, the hold."""
    return 120 + stage.policy.hold_hours_remote / 24 + 43 / (24 * 60)


def outcome(stage: Stage, played: Played) -> dict[str, Any]:
    """The one JSON document of the main chapter."""
    case = case_of(stage, played.receipt)
    number: NumberStatus = get_number_status(stage.database, played.opened.msisdn)
    sim = stage.database.transact(lambda rows: rows.one(type(played.opened.sim), {"id": played.opened.sim.id}))
    effects = stage.database.transact(lambda rows: rows.some(Effect, {"case_id": case.id}))
    barred = next(effect.evidence for effect in effects if effect.step == "bar")
    assert sim is not None
    return {
        "case": {"state": case.state, "reference": played.receipt.reference, "events": _events(stage, case)},
        "number": {
            "state": number.state, "reclaim_until": _iso(number.reclaim_until), "quarantine_until": _iso(number.quarantine_until),
        },
        "sim": {"state": sim.state, "custody": sim.custody},
        "hlr": {
            "adapter": stage.elements.hlr.name, "before": played.hlr_before, "read_back": barred["after"],
            "after": entry_json(stage.elements.hlr.look(sim.imsi)), "imsi": sim.imsi,
        },
        "final_bill": case.final_bill,
    }  # fmt: skip


def _events(stage: Stage, case: Case) -> list[dict[str, Any]]:
    events = stage.database.transact(lambda rows: rows.some(Event, {"case_id": case.id}, order="id"))
    return [
        {"at": event.at.isoformat(), "kind": event.kind, "actor": event.actor, "door": event.door, "from": event.source,
         "to": event.target, "reason": event.reason}
        for event in events
    ]  # fmt: skip


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None
