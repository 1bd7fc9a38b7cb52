"""The three readings and the index's pair say what somebody finds who goes through a number's life slot by slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.lookup import pair, readings
from lastcall.core.lookup.evidence import Evidence, evidence
from tests.core.lookup.histories import MSISDN, START, History, histories, written

MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LATE_KNOWLEDGE = st.sampled_from((0, 0, 0, 1, 3, 9))


@dataclass(frozen=True)
class ByHand:
    """Somebody who reads the line of slots; knows nothing of spans, pairs or bridges."""

    history: History
    known_since: date

    @property
    def today(self) -> date:
        return self.history.day(self.history.now)

    @property
    def gone(self) -> bool:
        return self.history.state in {"ported_out", "withdrawn"}

    def _then(self, day: date) -> int | None:
        """The last slot of the day in which somebody held it."""
        line = self.history.periods_by_slot()
        return max((slot for slot in self.history.slots_of(day) if line[slot] is not None), default=None)

    def _holder(self, slot: int) -> int | None:
        place = self.history.periods_by_slot()[slot]
        return None if place is None else self.history.periods[place].holder

    def _now(self) -> int | None:
        return self._holder(self.history.now) if self.history.state == "in_service" else None

    def _others_since(self, slot: int) -> bool:
        later = {self._holder(each) for each in range(slot, self.history.now + 1)}
        return len(later - {None}) > 1

    def camara(self, day: date) -> str:
        if day > self.today or day < self.known_since:
            return "out_of_range"
        if not self.history.periods or self.gone:
            return "not_found"
        slot = self._then(day)
        if slot is None or self._now() != self._holder(slot) or self._others_since(slot):
            return "true"
        return "false"

    def disconnect(self, day: date) -> str:
        if day > self.today:
            return "future_date"
        ahead = (day + timedelta(days=count) for count in range((self.today - day).days + 1))
        ceased = set(self.history.cease_days())
        if any(each in ceased for each in ahead):
            return "yes"
        unknown = not (self.history.in_range or self.history.periods) or self.gone or day < self.known_since
        return "no_data" if unknown else "no"

    def rich(self, day: date) -> str:
        if day > self.today:
            return "future_date"
        covered = self.history.in_range or self.history.periods
        if not covered or day < self.known_since or self.history.state == "withdrawn":
            return "no_data"
        slot = self._then(day)
        return self._after_nobody(day) if slot is None else self._after_a_holder(slot)

    def _resting(self) -> str:
        return {"available": "not_held"}.get(self.history.state, self.history.state)

    def _after_a_holder(self, slot: int) -> str:
        line, present = self.history.periods_by_slot(), self._now()
        if not self._others_since(slot):
            if present is None:
                return self._resting()
            return "same_holder" if line[slot] == line[self.history.now] else "returned"
        if present == self._holder(slot):
            return "returned_after_another"
        place = line[slot]
        assert place is not None
        uncorrected = [
            each for at, each in enumerate(self.history.periods) if at >= place and at not in self.history.corrected
        ]
        handed_on = all(each.ending == "transferred" for each in uncorrected[:-1])
        return "transferred" if handed_on and present is not None else "reissued"

    def _after_nobody(self, day: date) -> str:
        before = [held.holder for held in self.history.periods if self.history.day(held.since) < day]
        after = [held.holder for held in self.history.periods if self.history.day(held.since) > day]
        if not after:
            return self._resting()
        if not before:
            return "issued"
        return "returned" if self._now() is not None and set(after) == {before[-1]} else "reissued"


@dataclass(frozen=True)
class Asked:
    """One history, what is known of it, and somebody who reads it by hand."""

    history: History
    evidence: Evidence
    by_hand: ByHand

    def days(self) -> Iterator[date]:
        """From before the first day to after the last."""
        for count in range(-3, (self.by_hand.today - START.date()).days + 3):
            yield START.date() + timedelta(days=count)


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """A random history, known from its first day or only from later on."""
    history = draw(histories())
    known_since = START.date() + timedelta(days=draw(LATE_KNOWLEDGE))
    with clock.use(ManualClock(history.moment(history.now))):
        found = evidence(written(history), msisdn=MSISDN, known_since=known_since)
    return Asked(history, found, ByHand(history, known_since))


@MANY
@given(asked())
@pytest.mark.parametrize("semantics", readings.SEMANTICS)
def test_a_reading_says_what_is_found_by_hand(semantics: str, asked: Asked) -> None:
    read, by_hand = readings.SEMANTICS[semantics], getattr(asked.by_hand, semantics)
    for day in asked.days():
        assert read(asked.evidence, day, today=asked.by_hand.today) == by_hand(day), day


@MANY
@given(asked())
def test_the_pair_says_the_same_or_that_it_cannot_tell(asked: Asked) -> None:
    disconnect, activation = pair.pair_of(asked.evidence)
    today, known_since = pair.day_number(asked.by_hand.today), pair.day_number(asked.by_hand.known_since)
    for day in asked.days():
        for name, read in (("camara", pair.camara), ("disconnect", pair.disconnect)):
            said = read(disconnect, activation, pair.day_number(day), today=today, known_since=known_since)
            by_hand = getattr(asked.by_hand, name)(day)
            assert said == by_hand or (said is None and disconnect == activation == pair.COMPLEX), (name, day)


@MANY
@given(asked())
def test_the_pair_cannot_tell_only_of_the_few_it_was_not_made_for(asked: Asked) -> None:
    complex_pair = pair.pair_of(asked.evidence) == (pair.COMPLEX, pair.COMPLEX)
    same_person_twice = any(
        one.holder == after.holder for one, after in zip(asked.evidence.spans, asked.evidence.spans[1:], strict=False)
    )
    ported = asked.history.state in {"ported_out", "withdrawn"} or any(
        span.ending == "ported_out" for span in asked.evidence.spans
    )
    assert not complex_pair or same_person_twice or ported


@MANY
@given(asked())
def test_every_answer_is_one_of_the_words_of_its_reading(asked: Asked) -> None:
    words = {"camara": readings.CAMARA, "disconnect": readings.DISCONNECT, "rich": readings.RICH}
    for name, read in readings.SEMANTICS.items():
        assert {read(asked.evidence, day, today=asked.by_hand.today) for day in asked.days()} <= set(words[name])


@MANY
@given(asked())
def test_a_closing_that_was_put_right_is_in_no_reading(asked: Asked) -> None:
    assert asked.evidence.corrected == bool(asked.history.corrected)
    without_closings = not asked.history.cease_days()
    if without_closings:
        answers = {readings.disconnect(asked.evidence, day, today=asked.by_hand.today) for day in asked.days()}
        assert "yes" not in answers


@MANY
@given(asked())
def test_readings_contradict_each_other_only_where_their_rules_do(asked: Asked) -> None:
    """Who has held it throughout was never disconnected since; and CAMARA's "false" is one of two of our own words."""
    today = asked.by_hand.today
    for day in asked.days():
        camara, disconnect, rich = (read(asked.evidence, day, today=today) for read in readings.SEMANTICS.values())
        assert (camara == "false") <= (rich in {"same_holder", "returned"}), day
        assert (rich == "same_holder") <= (camara == "false"), day
        # A closing and a new beginning on one day: the day is the last of one and the first of the other.
        begun_today = asked.evidence.spans and asked.evidence.spans[-1].since == day
        assert (rich == "same_holder" and disconnect == "yes") <= bool(begun_today), day
