"""Lives read from memory and from the database are the same, and nothing that is held falls between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core.audit.auditor import judge
from lastcall.core.audit.invariants import INVARIANTS
from lastcall.core.audit.life import STRAYS, Billed, Life, life_of_memory, lives_in
from lastcall.core.audit.reader import read_batch
from lastcall.core.clock import ManualClock
from lastcall.core.closing import withdraw
from lastcall.core.closing.case import Case
from lastcall.core.closing.declare import Declaring, declare
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers.assign import assign, stock_sim
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.plan import Insert, Plan, Remove
from lastcall.core.policies.load import load
from lastcall.core.subscribers.file import open_file
from lastcall.core.subscribers.line import Line
from tests.cast import ANNA_MSISDN, FIRST, FREE_MSISDN, LI_WEI_MSISDN, OLGA, ON_THE_WEB, Cast, iccid
from tests.core.audit import stories


@pytest.fixture
def memory(time: ManualClock) -> MemoryStore:
    """Two lines and a declaration for each, and one for a number of nobody."""
    store = MemoryStore()
    ours = Range(id=1, first=FIRST, last=FIRST + 9_999_999, operator_id="7700000000", region="", territory="")
    store.apply(Plan((Insert(Operator(inn="7700000000", name="Demo Mobile")), Insert(ours))))
    anna = open_file(store, name="Анна Петрова", actor=OLGA)
    for number, msisdn in enumerate((ANNA_MSISDN, LI_WEI_MSISDN), start=1):
        sim = stock_sim(store, iccid=iccid(number), imsi=f"25099{number:010d}", actor=OLGA)
        assign(store, msisdn=msisdn, iccid=sim.iccid, subscriber_id=anna.id, actor=OLGA)
    time.advance(timedelta(days=60))
    for msisdn in (ANNA_MSISDN, LI_WEI_MSISDN, FREE_MSISDN):
        _declare(store, time, msisdn)
    return store


def _declare(store: MemoryStore, time: ManualClock, msisdn: int) -> int:
    policy = load("demo", on=time.now().date()).policy()
    declaring = Declaring(msisdn=msisdn, door="portal", language="ru")
    return declare(store, declaring=declaring, key=f"key of {msisdn}", policy=policy, actor=ON_THE_WEB).case_id


def _broken(lives: list[Life]) -> set[str]:
    return {invariant.code for life in lives for invariant in INVARIANTS for _ in invariant.check(life)}


def test_memory_gives_one_life_for_each_number_in_order(memory: MemoryStore, time: ManualClock) -> None:
    lives = life_of_memory(memory, now=time.now())
    assert [life.msisdn for life in lives] == [LI_WEI_MSISDN, ANNA_MSISDN, FREE_MSISDN]
    assert [len(life.tenures) for life in lives] == [1, 1, 0]
    assert [life.state for life in lives] == ["in_service", "in_service", "available"]
    assert _broken(lives) == set()


def test_what_hlr_and_billing_hold_goes_to_the_line_it_belongs_to(memory: MemoryStore, time: ManualClock) -> None:
    line = next(iter(memory.rows(Line).values()))
    accounts = {line.id: Billed(charging=True, balance=5)}
    lives = {
        life.msisdn: life for life in lives_in(memory, now=time.now(), hlr={"250990000000001": None}, accounts=accounts)
    }
    assert lives[ANNA_MSISDN].accounts == accounts
    assert lives[ANNA_MSISDN].hlr == {"250990000000001": None}
    assert not lives[LI_WEI_MSISDN].accounts
    assert not lives[LI_WEI_MSISDN].hlr


def test_a_withdrawn_case_in_memory_breaks_nothing(memory: MemoryStore, time: ManualClock) -> None:
    case = next(iter(memory.rows(Case).values()))
    withdraw.withdraw(memory, case_id=case.id, actor=ON_THE_WEB)
    assert _broken(life_of_memory(memory, now=time.now())) == set()


def test_a_declaration_whose_case_is_lost_comes_in_a_life_of_strays(memory: MemoryStore, time: ManualClock) -> None:
    case = next(case for case in memory.rows(Case).values() if case.claimed_msisdn == FREE_MSISDN)
    memory.apply(Plan((Remove(Case, {"id": case.id}),)))
    lives = life_of_memory(memory, now=time.now())
    assert lives[-1].msisdn == STRAYS
    assert [breach.subject for breach in judge(lives[-1])] == ["rows that hang on no number"]
    assert _broken(lives) == {"declaration_stays"}


def test_two_lines_on_one_sim_in_memory_are_found(memory: MemoryStore, time: ManualClock) -> None:
    first, second = memory.rows(Line).values()
    memory.rows(Line)[second.id] = replace(second, sim_id=first.sim_id)
    assert "sim_in_one_line" in _broken(life_of_memory(memory, now=time.now()))


def test_batches_come_in_order_of_the_number_and_each_number_once(cast: Cast) -> None:
    cast.declare(FREE_MSISDN)
    seen, after = [], 0
    while (batch := read_batch(cast.base, after=after, batch=1)) is not None:
        after = batch[0]
        seen.append(after)
    assert seen == [LI_WEI_MSISDN, ANNA_MSISDN, FREE_MSISDN]


def test_a_life_from_the_database_holds_everything_of_its_number_and_nothing_of_others(cast: Cast) -> None:
    receipt = stories.leave_from_afar(cast, cast.li_wei)
    life = stories.life_of(cast, LI_WEI_MSISDN)
    assert [case.id for case in life.cases] == [receipt.case_id]
    assert sorted((contact.kind, contact.line_id) for contact in life.contacts if contact.line_id) == [
        ("line", life.lines[0].id)
    ]
    assert [contact.id for contact in life.contacts if contact.line_id is None] == [cast.li_wei.mail.id]
    held = {
        "tenures": 1,
        "pending": 1,
        "quarantine": 0,
        "lines": 1,
        "sims": 1,
        "declarations": 1,
        "effects": 7,
        "codes": 1,
    }
    assert {name: len(getattr(life, name)) for name in held} == held
    assert {event.subject for event in life.events} == {"case", "tenure", "sim", "line"}
    assert {job.kind for job in life.jobs} == {"case.advance", "hlr.remove"}
    assert list(life.hlr) == [life.sims[0].imsi]
    assert list(life.accounts) == [life.lines[0].id]
