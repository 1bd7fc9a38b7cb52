"""Sweeping: going through numbers is told from asking about those one has."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import NotFound
from lastcall.core.job import Alert
from lastcall.core.numbers.number import Number
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.load import load
from lastcall.core.policies.policy import Policy
from lastcall.core.relying import asked, sweeping
from tests.relying import SYSTEM, registered

FIRST = 79_000_000_000
POLICY: Policy = replace(
    load("demo", on=date(2026, 1, 12)).policy(), relying_sweeping_least=100, relying_sweeping_run=30,
    relying_sweeping_not_found_percent=60, relying_sweeping_times_usual=20,
)  # fmt: skip
STRAY = sorted(random.Random(7).sample(range(FIRST, FIRST + 10_000_000), 1_000))

JUDGED: list[tuple[str, list[int], int, int, str]] = [
    ("a bank's own customers", STRAY, 5, 900, ""),
    ("its first day", STRAY, 5, 0, ""),
    ("too few to judge", list(range(FIRST, FIRST + 99)), 100, 1, ""),
    ("one after another", list(range(FIRST, FIRST + 100)), 0, 100, "equal_steps"),
    ("one after another, shuffled among others", [*STRAY[::-1], *range(FIRST + 50, FIRST + 20, -1)], 0, 900, "equal_steps"),
    ("a run one too short", [*STRAY[:200], *range(FIRST + 300, FIRST + 329)], 0, 200, ""),
    ("every tenth", list(range(FIRST, FIRST + 1_000, 10)), 0, 100, "equal_steps"),
    ("steps too long to be neighbours", list(range(FIRST, FIRST + 2_000_000, 2_000)), 0, 1_000, ""),
    ("the same number again and again", [FIRST] * 1_000, 0, 1_000, ""),
    ("mostly held by nobody", STRAY, 60, 900, "mostly_not_found"),
    ("just not mostly", STRAY, 59, 900, ""),
    ("twenty times as many as usual", STRAY, 0, 50, "far_above_usual"),
    ("nineteen times", STRAY, 0, 52, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "not_found", "usual", "reason"), [row[1:] for row in JUDGED], ids=[row[0] for row in JUDGED]
)
def test_a_day_is_judged(numbers: list[int], not_found: int, usual: int, reason: str) -> None:
    found = sweeping.judge(numbers, not_found_percent=not_found, usual=usual, policy=POLICY)
    assert (found.reason if found else "") == reason


def test_the_longest_run_is_counted_in_numbers() -> None:
    runs = {(): 0, (5,): 1, (5, 6): 2, (5, 6, 7, 20, 30, 40, 50): 4, (1, 5_000): 1}
    assert {numbers: sweeping.longest_run(numbers) for numbers in runs} == runs


def ask(base: DjangoDatabase, consumer_id: int, numbers: range | list[int]) -> None:
    asked.note_many(base, consumer_id=consumer_id, msisdns=list(numbers), reading="rich")
    asked.gather(base)


def alerts(base: DjangoDatabase) -> list[Alert]:
    return base.transact(lambda rows: rows.some(Alert, {"code": sweeping.CODE}, order="at"))


@pytest.mark.usefixtures("journal_folder")
def test_a_person_is_alerted_once_a_day(base: DjangoDatabase, time: ManualClock) -> None:
    bank, sweeper = registered(base, "Bank").consumer, registered(base, "Sweeper").consumer
    known = (Insert(Number(msisdn=msisdn, known_since=time.now())) for msisdn in STRAY)
    base.transact(lambda rows: rows.apply(Plan(tuple(known))))
    ask(base, bank.id, STRAY)
    ask(base, sweeper.id, range(FIRST, FIRST + 99))
    assert sweeping.watch(base, policy=POLICY) == 0
    ask(base, sweeper.id, range(FIRST + 99, FIRST + 120))
    assert (sweeping.watch(base, policy=POLICY), sweeping.watch(base, policy=POLICY)) == (1, 0)
    (alert,) = alerts(base)
    assert alert.subject_id == sweeper.id and alert.detail.startswith("equal_steps: 120 numbers, longest run 120, ")
    (event,) = base.transact(lambda rows: rows.some(Event, {"kind": "consumer.sweeping"}))
    assert (event.subject_id, event.reason) == (sweeper.id, "equal_steps")
    time.advance(timedelta(days=1))
    ask(base, sweeper.id, range(FIRST, FIRST + 200))
    assert sweeping.watch(base, policy=POLICY) == 1


@pytest.mark.usefixtures("journal_folder")
def test_numbers_that_nobody_ever_held_are_counted(base: DjangoDatabase, time: ManualClock) -> None:
    guesser = registered(base).consumer
    ask(base, guesser.id, STRAY)
    assert sweeping.watch(base, policy=POLICY) == 1
    assert alerts(base)[0].detail == "mostly_not_found: 1000 numbers, longest run 2, 100 % never held"


@pytest.mark.usefixtures("journal_folder")
def test_who_has_looked_settles_the_alert_once(base: DjangoDatabase, time: ManualClock) -> None:
    sweeper = registered(base).consumer
    ask(base, sweeper.id, range(FIRST, FIRST + 200))
    sweeping.watch(base, policy=POLICY)
    (alert,) = alerts(base)
    sweeping.settle(base, alert_id=alert.id, actor=SYSTEM)
    assert alerts(base)[0].resolved_by == str(SYSTEM)
    with pytest.raises(NotFound):
        sweeping.settle(base, alert_id=alert.id, actor=SYSTEM)
    assert sweeping.watch(base, policy=POLICY) == 0  # not again on the same day
