"""An answer says its word and its window, and nothing else: no holder, and no day but the asked one."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

from hypothesis import given, settings

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.lookup import answers, readings, sandbox
from lastcall.core.lookup.answers import Question, in_json
from lastcall.core.lookup.coverage import known_since
from lastcall.core.policies.load import load
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store
from tests.core.lookup.histories import HOLDERS, MSISDN, START, History, histories, written

MANY = settings(max_examples=100, deadline=None)
POLICY: Policy = load("demo", on=START.date()).policy()
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def days_of(history: History) -> list[date]:
    return [START.date() + timedelta(days=count) for count in range(-2, history.now // 6 + 3)]


def said(rows: Store, history: History, semantics: str) -> list[answers.Answer]:
    with clock.use(ManualClock(history.moment(history.now))):
        questions = [Question(MSISDN, day) for day in days_of(history)]
        return list(answers.answers(rows, asked=questions, semantics=semantics, policy=POLICY))


@MANY
@given(histories())
def test_no_answer_tells_another_day_or_a_holder(history: History) -> None:
    rows = written(history)
    now = history.moment(history.now)
    with clock.use(ManualClock(now)):
        since = known_since(rows, POLICY)
    allowed = {since.isoformat(), in_json(clock.ManualClock(now).now())[:10]}
    for semantics in readings.SEMANTICS:
        for answer in said(rows, history, semantics):
            told = answer.as_json()
            assert set(told) - {"corrected"} == {"answer", "semantics", "asOf", "knownSince"}
            text = json.dumps(told)
            assert set(DAY.findall(text)) <= allowed
            assert not any(str(holder) in text for holder in HOLDERS) and str(MSISDN) not in text


@MANY
@given(histories())
def test_only_rich_answers_say_that_a_closing_was_put_right(history: History) -> None:
    rows = written(history)
    for semantics in readings.SEMANTICS:
        marked = {"corrected" in answer.as_json() for answer in said(rows, history, semantics)}
        assert marked == {semantics == "rich" and bool(history.corrected)}


@MANY
@given(histories())
def test_who_held_a_number_makes_no_difference(history: History) -> None:
    """The same history of three other people is answered in the same words."""
    before = [[one.as_json() for one in said(written(history), history, each)] for each in readings.SEMANTICS]
    for held in history.periods:
        held.holder += 5_000
    assert [[one.as_json() for one in said(written(history), history, each)] for each in readings.SEMANTICS] == before


def test_a_number_that_nobody_named_is_answered_as_one_that_is_not_ours() -> None:
    history = History()
    with clock.use(ManualClock(START)):
        asked = [Question(None, START.date()), Question(8613800138000, START.date())]
        one, other = answers.answers(written(history), asked=asked, semantics="rich", policy=POLICY)
    assert one == other and one.answer == "no_data"


def test_the_sandbox_answers_from_its_own_numbers_alone() -> None:
    with clock.use(ManualClock(START)):
        asked = [Question(next(iter(sandbox.LIVES)), date(2023, 12, 22)), Question(MSISDN, date(2023, 12, 22))]
        ours, real = answers.sandbox_answers(asked, semantics="rich")
    assert (ours.answer, real.answer) == ("same_holder", "no_data")
    assert ours.known_since == sandbox.KNOWN_SINCE
