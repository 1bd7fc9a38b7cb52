"""Registering interests: who may, how many, and what is kept of a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.errors import BadInput, Refused
from lastcall.core.job import Alert
from lastcall.core.policies.policy import Policy
from lastcall.core.relying import consumers
from lastcall.core.telling import interests
from lastcall.core.telling.interest import Interest
from tests.cast import LI_WEI_MSISDN
from tests.core.telling.stage import ANNAS, LI_WEIS, SVETLANA, Stage


def test_no_number_is_kept_in_clear(stage: Stage) -> None:
    stage.bank()
    (interest,) = stage.rows(Interest)
    assert str(LI_WEI_MSISDN) not in repr(interest)


def test_a_number_that_was_registered_before_counts_once(stage: Stage) -> None:
    bank = stage.bank(LI_WEIS, LI_WEIS, "8 900 000-10-01")
    again = stage.interested(bank, LI_WEIS, ANNAS)
    assert (again.count, again.new) == (2, 1)


def test_numbers_that_cannot_be_read_are_named_by_their_place_and_the_others_registered(stage: Stage) -> None:
    made = stage.interested(stage.consumer(), "+79000001001", "100", "+375291234567", "+79000001002")
    assert made.new == 2
    assert [(one.place, one.code) for one in made.refused] == [(1, "malformed_number"), (2, "foreign_number")]


@pytest.mark.parametrize("text", ["+79000001001", "a" * 63, "A" * 64, "g" * 64])
def test_what_is_no_hash_is_refused_among_hashes(stage: Stage, text: str) -> None:
    made = stage.interested(stage.consumer(), text, hashed=True)
    assert [one.code for one in made.refused] == ["malformed_hash"]


def test_the_answer_is_the_same_for_a_number_that_is_held_and_one_that_never_was(stage: Stage) -> None:
    bank = stage.consumer()
    held = stage.interested(bank, LI_WEIS)
    never = stage.interested(stage.consumer("Other Bank"), "+79000009999")
    assert held == never


def test_without_the_agreement_nothing_is_registered(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        stage.interested(stage.consumer(told=False), LI_WEIS)
    assert refused.value.code == "no_agreement"


def test_beyond_the_most_that_are_allowed_nothing_of_the_whole_is_registered(stage: Stage) -> None:
    bank = stage.bank()
    two = _allowing(stage, 2)
    with pytest.raises(Refused) as refused:
        interests.register(stage.base, access=bank, numbers=[ANNAS, "+79000001009"], hashed=False, policy=two)
    assert refused.value.code == "too_many_interests"
    listed = interests.listed(stage.base, access=bank, policy=two)
    assert (listed.count, listed.plain, listed.hashed, listed.most) == (1, 1, 0, 2)
    interests.withdraw(stage.base, access=bank, numbers=[LI_WEIS], hashed=False)
    assert interests.register(stage.base, access=bank, numbers=[ANNAS, LI_WEIS], hashed=False, policy=two).count == 2


def _allowing(stage: Stage, most: int) -> Policy:
    return replace(stage.policy, told_interests_max=most)


@pytest.mark.parametrize("reference", ["x" * 65, "line\nbreak", "is +79161234567", "имя"])
def test_a_reference_that_cannot_be_kept_is_refused(stage: Stage, reference: str) -> None:
    with pytest.raises(BadInput) as bad:
        stage.interested(stage.consumer(), LI_WEIS, reference=reference)
    assert bad.value.code == "bad_reference"


def test_too_many_at_once_are_refused(stage: Stage) -> None:
    with pytest.raises(BadInput) as bad:
        stage.interested(stage.consumer(), *([LI_WEIS] * (interests.MOST_AT_ONCE + 1)))
    assert bad.value.code == "too_many_numbers"


def test_withdrawing_what_was_never_registered_changes_nothing(stage: Stage) -> None:
    bank = stage.bank()
    assert interests.withdraw(stage.base, access=bank, numbers=[ANNAS], hashed=False).count == 1


def test_registering_and_withdrawing_leave_an_event_without_the_number(stage: Stage) -> None:
    bank = stage.bank()
    interests.withdraw(stage.base, access=bank, numbers=[LI_WEIS], hashed=False)
    events = [event for event in stage.rows(Event, subject="consumer") if event.kind.startswith("interest.")]
    assert [event.kind for event in events] == ["interest.registered", "interest.withdrawn"]
    assert not any(personal(event) for event in events)


def test_a_person_hears_of_an_interest_in_a_whole_row_of_numbers_once(stage: Stage) -> None:
    bank = stage.consumer()
    row = [f"+79000{number:06d}" for number in range(300)]
    stage.interested(bank, *row)
    stage.interested(bank, *[f"+79001{number:06d}" for number in range(300)])
    (alert,) = stage.rows(Alert)
    assert (alert.code, alert.subject_id) == ("relying.sweeping", bank.consumer_id)
    assert "9000" not in alert.detail


def test_an_ordinary_list_of_customers_alarms_nobody(stage: Stage) -> None:
    stage.interested(stage.consumer(), *[f"+7900{(number * 7_919_317) % 10**7:07d}" for number in range(300)])
    assert not stage.rows(Alert)


def test_the_interests_of_a_consumer_that_was_ended_come_to_their_end(stage: Stage) -> None:
    bank = stage.bank(LI_WEIS, ANNAS)
    consumers.end(stage.base, name=bank.name, actor=SVETLANA)
    stage.tell()
    assert not stage.rows(Interest, ended_at=None)
