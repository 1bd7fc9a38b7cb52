"""What happens to a number is announced to whom it interests, once, in order, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.sequencer import sequence
from lastcall.core.relying import consumers
from lastcall.core.relying.hashing import number_hash
from lastcall.core.telling import announce, interests
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.delivery import Delivery
from tests.cast import LI_WEI_MSISDN
from tests.core.telling.stage import ANNAS, LI_WEIS, SVETLANA, Stage


def test_the_whole_life_of_a_closed_number_is_told_in_order(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.tell()
    stage.released()
    stage.given_to(stage.cast.sergei)
    stage.tell()

    assert stage.kinds(bank) == ["ceased", "reclaim_ended", "release_soon", "reissued"]
    assert [event["sequence"] for event in stage.events(bank)] == [f"{place:019d}" for place in (1, 2, 3, 4)]
    assert {event["subject"] for event in stage.events(bank)} == {LI_WEIS}


def test_a_number_that_comes_back_to_its_holder_is_returned_and_not_reissued(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.cast.time.advance(timedelta(days=3))
    stage.given_back()
    stage.tell()

    assert stage.kinds(bank) == ["ceased", "returned"]


def test_a_number_that_its_former_holder_takes_anew_after_the_release_is_returned(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.released()
    stage.given_to(stage.cast.li_wei)
    stage.tell()

    assert stage.kinds(bank)[-1] == "returned"


def test_a_number_that_is_closed_twice_is_told_twice(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.released()
    stage.given_to(stage.cast.sergei)
    stage.later(days=30)
    stage.ceased()
    stage.released()

    once = ["ceased", "reclaim_ended", "release_soon"]
    assert stage.kinds(bank) == [*once, "reissued", *once]
    ordinals = [one.ordinal for one in sorted(stage.rows(Announcement), key=lambda one: one.id)]
    assert ordinals == list(range(1, 8))


def test_an_interest_that_comes_after_the_cease_hears_of_what_follows_only(stage: Stage) -> None:
    stage.ceased()
    stage.cast.time.advance(timedelta(seconds=1))
    bank = stage.bank()
    stage.tell()
    assert stage.kinds(bank) == []

    stage.given_back()
    stage.tell()
    assert stage.kinds(bank) == ["returned"]


def test_an_interest_that_was_withdrawn_hears_nothing_more(stage: Stage) -> None:
    bank = stage.bank(LI_WEIS, ANNAS)
    assert interests.withdraw(stage.base, access=bank, numbers=[LI_WEIS], hashed=False).count == 1
    stage.ceased()
    stage.tell()

    assert stage.kinds(bank) == []
    assert not stage.rows(Announcement)


def test_nobody_hears_of_a_number_they_have_no_interest_in(stage: Stage) -> None:
    bank, other = stage.bank(), stage.bank(ANNAS, name="Another Bank")
    stage.ceased()
    stage.tell()

    assert stage.kinds(bank) == ["ceased"]
    assert stage.kinds(other) == []


def test_a_hashed_interest_is_told_by_the_hash_and_never_by_the_number(stage: Stage) -> None:
    bank = stage.consumer()
    name = number_hash(consumers.hash_key(stage.base, bank.consumer_id), LI_WEI_MSISDN)
    stage.interested(bank, name, hashed=True)
    stage.ceased()
    stage.tell()

    (event,) = stage.events(bank)
    assert event["subject"] == event["data"]["numberHash"] == name
    assert str(LI_WEI_MSISDN) not in str(event)


def test_a_hash_that_another_consumer_heard_of_tells_it_nothing(stage: Stage) -> None:
    bank, thief = stage.consumer(), stage.consumer("Thief and Sons", category="other")
    name = number_hash(consumers.hash_key(stage.base, bank.consumer_id), LI_WEI_MSISDN)
    stage.interested(bank, name, hashed=True)
    stage.interested(thief, name, hashed=True)
    stage.ceased()
    stage.tell()

    assert stage.kinds(bank) == ["ceased"]
    assert stage.kinds(thief) == []


def test_interests_hashed_under_a_former_key_are_not_lost_by_a_new_one(stage: Stage) -> None:
    bank = stage.consumer()
    former = number_hash(consumers.hash_key(stage.base, bank.consumer_id), LI_WEI_MSISDN)
    stage.interested(bank, former, hashed=True)
    consumers.rotate_hash_key(stage.base, name=bank.name, actor=SVETLANA)
    assert interests.listed(stage.base, access=bank).under_former_keys == 1
    stage.ceased()
    stage.tell()
    assert [event["subject"] for event in stage.events(bank)] == [former]

    present = number_hash(consumers.hash_key(stage.base, bank.consumer_id), LI_WEI_MSISDN)
    stage.interested(bank, present, hashed=True)
    assert interests.withdraw_former(stage.base, access=bank) == 1
    stage.given_back()
    stage.tell()
    assert [event["subject"] for event in stage.events(bank)] == [former, present]
    assert interests.listed(stage.base, access=bank).under_former_keys == 0


def test_a_consumer_with_the_same_number_plainly_and_hashed_is_told_once(stage: Stage) -> None:
    bank = stage.bank()
    stage.interested(bank, number_hash(consumers.hash_key(stage.base, bank.consumer_id), LI_WEI_MSISDN), hashed=True)
    stage.ceased()
    stage.tell()

    assert [event["subject"] for event in stage.events(bank)] == [LI_WEIS]


def test_a_sandbox_and_a_consumer_that_was_ended_hear_nothing(stage: Stage) -> None:
    sandbox, ended = stage.consumer("Sandbox", sandbox=True), stage.bank(name="Gone Bank")
    stage.interested(sandbox, LI_WEIS)
    consumers.end(stage.base, name=ended.name, actor=SVETLANA)
    stage.ceased()
    stage.tell()

    assert not stage.rows(Delivery)


def test_a_follower_that_dies_before_its_commit_announces_everything_the_next_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = stage.bank()
    stage.ceased()
    sequence(stage.base)

    def die(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(announce, "closed_of", die)
        with pytest.raises(KeyboardInterrupt):
            announce.follow(stage.base, stage.policy)
    assert not stage.rows(Announcement)

    stage.tell()
    stage.tell()
    assert stage.kinds(bank) == ["ceased"]


def test_small_batches_come_to_the_same_as_one(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.given_back()
    sequence(stage.base)

    assert announce.follow(stage.base, stage.policy, batch=1) >= 5
    assert announce.follow(stage.base, stage.policy) == 0
    assert stage.kinds(bank) == ["ceased", "returned"]


def test_an_announcement_names_no_holder_and_no_day_that_was_not_asked_for(stage: Stage) -> None:
    bank = stage.bank(reference="customer 12")
    stage.ceased()
    stage.tell()

    (event,) = stage.events(bank)
    assert event["data"] == {
        "kind": "ceased", "number": LI_WEIS, "day": "2026-03-13", "reference": "customer 12",
    }  # fmt: skip
    assert event["type"] == "org.lastcall.number.ceased.v1"


def test_a_log_of_years_is_not_read_from_its_start_when_telling_begins(stage: Stage) -> None:
    stage.ceased()
    stage.given_back()
    stage.cast.time.advance(timedelta(days=4))
    bank = stage.bank()
    stage.cast.time.advance(timedelta(days=30))
    stage.ceased()
    sequence(stage.base)

    read = announce.follow(stage.base, stage.policy)
    assert read == len(stage.rows(Event, at__gte=clock.now() - timedelta(days=33)))
    assert read < len(stage.rows(Event))
    assert stage.kinds(bank) == ["ceased"]
