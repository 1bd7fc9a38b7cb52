"""Pushing: at least once, in order for each number, for days, and never twice at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections

from lastcall.core import clock
from lastcall.core.errors import Conflict, ElementTrouble
from lastcall.core.job import Alert
from lastcall.core.ports import Answered
from lastcall.core.telling import dead, sending
from lastcall.core.telling.delivery import Delivery
from lastcall.core.telling.news import News
from lastcall.core.telling.periodic import tell
from lastcall.core.telling.spread import spread
from lastcall.core.telling.webhook import Webhook
from lastcall.core.work import LEASE
from lastcall.elements.webhook.recorded import Sent, willing
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN
from tests.core.telling.stage import ANNAS, LI_WEIS, SVETLANA, Stage, body, ids


def answering(status: int, **headers: str) -> Answered:
    return Answered(status, {name.replace("_", "-"): value for name, value in headers.items()})


def silent(sent: Sent) -> Answered:
    raise ElementTrouble("nobody is there", permanent=False, code="unreachable")


def failing_for(number: str, status: int = 500) -> Callable[[Sent], Answered]:
    def receiver(sent: Sent) -> Answered:
        return answering(status) if sent.method == "POST" and body(sent)["subject"] == number else willing(sent)

    return receiver


@pytest.fixture
def bank(stage: Stage) -> object:
    """A bank with an interest in Li Wei's and Anna's numbers, and a webhook."""
    access = stage.bank(LI_WEIS, ANNAS)
    stage.with_webhook(access)
    return access


def subjects(stage: Stage) -> list[tuple[str, str]]:
    return [(body(sent)["subject"], body(sent)["data"]["kind"]) for sent in stage.posts()]


def test_what_happened_is_pushed_as_a_signed_cloud_event(stage: Stage, bank: object) -> None:
    stage.ceased()
    stage.tell()

    (sent,) = stage.posts()
    assert sent.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert sent.headers["webhook-id"] == body(sent)["id"]
    assert sent.headers["webhook-timestamp"] == str(int(clock.now().timestamp()))
    assert sent.headers["webhook-request-origin"] == "localhost"
    assert [one.state for one in stage.rows(Delivery)] == ["delivered"]


def test_a_receiver_that_answers_500_gets_it_again_with_the_same_id_and_body(stage: Stage, bank: object) -> None:
    stage.net.answer = lambda sent: answering(500)
    stage.ceased()
    stage.tell()
    stage.net.answer = willing
    stage.later(seconds=10)
    stage.later(days=1)

    first, again = stage.posts()
    assert ids([first]) == ids([again]) and first.body == again.body
    assert first.headers["webhook-signature"] != again.headers["webhook-signature"]  # the time is signed too


def test_a_later_one_of_the_same_number_waits_and_other_numbers_go_on(stage: Stage, bank: object) -> None:
    stage.net.answer = failing_for(LI_WEIS)
    stage.ceased()
    stage.tell()
    stage.given_back()
    stage.ceased(ANNA_MSISDN)
    stage.tell()
    assert subjects(stage) == [(LI_WEIS, "ceased"), (ANNAS, "ceased")]

    stage.net.answer = willing
    stage.later(minutes=1)
    assert subjects(stage)[2:] == [(LI_WEIS, "ceased"), (LI_WEIS, "returned")]


def test_what_comes_while_the_one_before_is_on_its_way_is_not_forgotten(stage: Stage, bank: object) -> None:
    def slow(sent: Sent) -> Answered:
        stage.net.answer = willing
        stage.given_back()
        tell(stage.base, stage.policy)  # another process announces while this one waits for the answer
        return willing(sent)

    stage.net.answer = slow
    stage.ceased()
    stage.tell()
    stage.tell()

    assert subjects(stage) == [(LI_WEIS, "ceased"), (LI_WEIS, "returned")]


def test_a_worker_that_dies_after_the_post_sends_it_again_with_the_same_id(
    stage: Stage, bank: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: object) -> bool:
        raise KeyboardInterrupt

    stage.ceased()
    with monkeypatch.context() as dying:
        dying.setattr(sending, "_note", die)
        with pytest.raises(KeyboardInterrupt):
            stage.tell()
    stage.later(seconds=LEASE.total_seconds() + 1)

    first, again = stage.posts()
    assert ids([first]) == ids([again])
    stage.later(days=1)
    assert len(stage.posts()) == 2


def test_a_worker_that_dies_before_the_post_loses_nothing(stage: Stage, bank: object) -> None:
    def die(sent: Sent) -> Answered:
        raise KeyboardInterrupt

    stage.net.answer = die
    stage.ceased()
    with pytest.raises(KeyboardInterrupt):
        stage.tell()
    stage.net.answer = willing
    stage.later(seconds=LEASE.total_seconds() + 1)

    assert subjects(stage)[1:] == [(LI_WEIS, "ceased")]


def test_two_workers_at_once_send_each_thing_once(stage: Stage) -> None:
    numbers = [f"+7900000{number}" for number in range(3000, 3012)]
    bank = stage.bank(*numbers)
    stage.with_webhook(bank)
    for number in numbers:
        stage.given_to(stage.cast.sergei, int(number))
        stage.ceased(int(number))
    tell(stage.base, stage.policy)

    def work() -> None:
        stage.worker.run_until_idle()
        connections["default"].close()  # this thread's own

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(subjects(stage)) == [(number, "ceased") for number in numbers]
    assert [body(sent)["sequence"] for sent in stage.posts()] == [f"{place:019d}" for place in range(1, 13)]


def test_an_endpoint_without_an_answer_is_left_alone_longer_and_longer(stage: Stage, bank: object) -> None:
    stage.net.answer = silent
    stage.ceased()
    stage.ceased(ANNA_MSISDN)
    stage.tell()
    assert len(stage.posts()) == 1  # the other number would not fare better

    for _ in range(200):
        stage.later(minutes=1)
    assert len(stage.posts()) < 20


def test_the_time_that_a_receiver_asks_for_is_given_to_it(stage: Stage, bank: object) -> None:
    stage.net.answer = lambda sent: answering(429, retry_after="600")
    stage.ceased()
    stage.ceased(ANNA_MSISDN)
    stage.tell()
    stage.net.answer = willing
    stage.later(minutes=9)
    assert len(stage.posts()) == 1
    stage.later(minutes=2)
    assert len(stage.posts()) == 3


def test_a_receiver_that_allowed_a_rate_gets_no_more_than_that_in_a_minute(stage: Stage) -> None:
    stage.net.answer = lambda sent: answering(200, webhook_allowed_origin="*", webhook_allowed_rate="1")
    bank = stage.bank(LI_WEIS, ANNAS)
    stage.with_webhook(bank)
    stage.ceased()
    stage.ceased(ANNA_MSISDN)
    stage.tell()
    stage.later(seconds=50)
    assert len(stage.posts()) == 1
    stage.later(seconds=11)
    assert len(stage.posts()) == 2


def test_when_an_endpoint_is_well_again_nothing_waits_for_its_own_next_try(stage: Stage, bank: object) -> None:
    stage.net.answer = silent
    stage.ceased()
    stage.ceased(ANNA_MSISDN)
    for _ in range(30):
        stage.later(hours=1)
    stage.net.answer = willing
    stage.later(hours=25)

    assert {one.state for one in stage.rows(Delivery)} == {"delivered"}
    (webhook,) = stage.rows(Webhook)
    assert (webhook.failures, webhook.failing_since, webhook.paused_until) == (0, None, None)


def test_an_endpoint_that_is_dead_for_long_brings_a_person_once_and_its_recovery_settles_that(
    stage: Stage, bank: object
) -> None:
    stage.net.answer = silent
    stage.ceased()
    for _ in range(60):
        stage.later(hours=1)
    (alert,) = stage.rows(Alert)
    assert (alert.code, alert.subject_id) == (sending.ALERT, stage.rows(Webhook)[0].consumer_id)

    stage.net.answer = willing
    stage.later(hours=20)
    assert not stage.rows(Alert, resolved_at=None)


def test_what_is_not_taken_for_days_waits_for_a_person_and_goes_on_in_order_when_tried_again(
    stage: Stage, bank: object
) -> None:
    stage.net.answer = failing_for(LI_WEIS)
    stage.ceased()
    stage.tell()
    stage.given_back()
    for _ in range(80):
        stage.later(hours=1)
    (letter,) = dead.listed(stage.base)
    assert (letter.kind, letter.consumer, letter.error, letter.behind) == (
        "ceased",
        "Bank of Tests",
        "answered_500",
        True,
    )
    assert "0001001" not in str(letter)
    assert ("returned" in stage.posted()) is False

    stage.net.answer = willing
    stage.later(days=5)
    assert "returned" not in stage.posted()
    dead.retry(stage.base, delivery_id=letter.id, actor=SVETLANA)
    stage.tell()
    assert stage.posted()[-2:] == ["ceased", "returned"]
    assert not dead.listed(stage.base)


def test_what_a_person_leaves_to_the_feed_lets_the_next_one_go(stage: Stage, bank: object) -> None:
    stage.net.answer = failing_for(LI_WEIS)
    stage.ceased()
    stage.tell()
    stage.given_back()
    for _ in range(80):
        stage.later(hours=1)
    (letter,) = dead.listed(stage.base)
    stage.net.answer = willing
    dead.skip(stage.base, delivery_id=letter.id, actor=SVETLANA)
    stage.tell()

    assert stage.posted()[-1] == "returned"
    assert dead.count(stage.base) == 0


def test_what_we_never_tried_is_not_given_up(stage: Stage, bank: object) -> None:
    stage.net.answer = silent
    stage.ceased()
    stage.ceased(ANNA_MSISDN)
    stage.tell()
    stage.cast.time.advance(timedelta(days=10))  # we ourselves were away
    stage.net.answer = willing
    stage.tell()

    assert sorted(stage.posted()[1:]) == ["ceased", "ceased"]
    assert dead.count(stage.base) == 0


def test_everything_that_a_dead_endpoint_has_kept_too_long_is_given_up(stage: Stage) -> None:
    numbers = [f"+7900000{number}" for number in range(3000, 3015)]
    stage.with_webhook(stage.bank(*numbers))
    stage.net.answer = silent
    for number in numbers:
        stage.given_to(stage.cast.sergei, int(number))
        stage.ceased(int(number))
    for _ in range(76):
        stage.later(hours=1)

    assert dead.count(stage.base) == 15
    assert len(stage.posts()) < 100


def test_a_receiver_that_is_gone_gets_no_more_and_a_person_hears_of_it(stage: Stage, bank: object) -> None:
    stage.net.answer = lambda sent: answering(410)
    stage.ceased()
    stage.ceased(ANNA_MSISDN)
    stage.tell()
    stage.later(days=1)

    assert len(stage.posts()) == 1
    assert [one.state for one in stage.rows(Webhook)] == ["gone"]
    assert {one.state for one in stage.rows(Delivery)} == {"kept"}
    assert [alert.code for alert in stage.rows(Alert)] == [sending.ALERT]


def test_an_address_that_leads_to_a_private_one_is_tried_later_and_never_reached(stage: Stage, bank: object) -> None:
    def rebound(sent: Sent) -> Answered:
        raise ElementTrouble("not public", permanent=True, code="bad_address")

    stage.net.answer = rebound
    stage.ceased()
    stage.tell()
    (delivery,) = stage.rows(Delivery)
    assert (delivery.state, delivery.last_error) == ("queued", "bad_address")


def test_a_turn_ends_in_time_whatever_is_due(stage: Stage, bank: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "MOST_A_TURN", 1)
    stage.ceased()
    stage.ceased(ANNA_MSISDN)
    stage.tell()
    assert len(stage.posts()) == 1
    stage.tell()
    assert len(stage.posts()) == 2


def test_a_shorter_policy_gives_up_sooner(stage: Stage) -> None:
    stage.policy = replace(stage.policy, told_retry_days=1)
    stage.with_webhook(stage.bank())
    stage.net.answer = failing_for(LI_WEIS)
    stage.ceased(LI_WEI_MSISDN)
    for _ in range(30):
        stage.later(hours=1)
    assert dead.count(stage.base) == 1


def test_what_was_decided_before_another_came_to_wait_behind_does_not_stand(stage: Stage, bank: object) -> None:
    stage.net.answer = failing_for(LI_WEIS)
    stage.ceased()
    stage.tell()
    (delivery,) = stage.rows(Delivery)
    plan = stage.base.transact(lambda rows: sending.taken(rows, delivery))
    stage.given_back()
    tell(stage.base, stage.policy)

    with pytest.raises(Conflict):
        stage.base.transact(lambda rows: rows.apply(plan))


def test_nobody_comes_to_wait_behind_what_was_taken_in_the_meantime(stage: Stage, bank: object) -> None:
    stage.net.answer = failing_for(LI_WEIS)
    stage.ceased()
    stage.tell()
    news = News(stage.tenure().id, LI_WEI_MSISDN, "returned", clock.now(), clock.now().date())
    plan, _ = stage.base.transact(lambda rows: spread(rows, [news], policy=stage.policy))
    stage.net.answer = willing
    stage.later(minutes=1)

    with pytest.raises(Conflict):
        stage.base.transact(lambda rows: rows.apply(plan))
