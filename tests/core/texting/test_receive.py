"""Receiving a text: once, whoever brings it how often; answered at most so often; from whom an answer can reach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.job import Job
from lastcall.core.texting.answer import answer
from tests.cast import LI_WEI_MSISDN
from tests.core.texting.marks import ON_SQLITE
from tests.core.texting.phone import Phone

pytestmark = ON_SQLITE


def test_a_text_brought_again_by_its_hop_is_one_case_and_one_answer(phone: Phone) -> None:
    for _ in range(3):
        phone.text("close", hop="a1")
        phone.cast.time.advance(timedelta(hours=3))
    assert len(phone.texts()) == len(phone.answers()) == len(phone.cases()) == 1


def test_a_text_brought_again_before_its_answer_is_one_too(phone: Phone) -> None:
    for _ in range(3):
        phone.text("close", work=False)
    phone.cast.work()
    assert len(phone.texts()) == len(phone.answers()) == 1


def test_a_text_that_the_phone_tells_apart_is_known_for_a_day_and_in_any_order(phone: Phone) -> None:
    for word, reference in (("close", "07"), ("stop", "08"), ("close", "07"), ("stop", "08"), ("close", "09")):
        phone.text(word, reference=reference)
        phone.cast.time.advance(timedelta(hours=1))
    assert [text.keyword for text in phone.texts()] == ["close", "stop", "close"]
    assert [case.state for case in phone.cases()] == ["withdrawn", "waiting"]


def test_without_a_reference_the_same_word_soon_after_is_the_same_text(phone: Phone) -> None:
    phone.text("status")
    phone.cast.time.advance(timedelta(seconds=phone.cast.policy.text_repeat_seconds - 1))
    phone.text("Status!")
    assert len(phone.answers()) == 1
    phone.cast.time.advance(timedelta(seconds=2))
    phone.text("status")
    assert len(phone.answers()) == 2


def test_without_a_reference_another_word_in_between_makes_it_a_new_one(phone: Phone) -> None:
    for word in ("close", "stop", "close"):
        phone.text(word)
        phone.cast.time.advance(timedelta(seconds=5))
    assert [case.state for case in phone.cases()] == ["withdrawn", "waiting"]


def test_an_answer_whose_worker_died_is_sent_once_and_does_nothing_twice(phone: Phone) -> None:
    phone.text("close")
    phone.text("stop", work=False)
    text = phone.texts()[-1]
    elements, cast = phone.cast.elements, phone.cast
    for _ in range(2):  # as by a second worker, when the first's lease ran out before it could note that it was done
        answer(
            cast.base, text_id=text.id, messengers=elements.messengers, billing=elements.billing, policy=cast.policy
        )  # fmt: skip
    cast.work()
    assert [case.state for case in phone.cases()] == ["withdrawn"] and len(phone.answers()) == 2


@pytest.mark.parametrize("number", ["8800", "MegaShop", ""])
def test_who_cannot_be_answered_is_not_answered_and_nothing_is_done(phone: Phone, number: str) -> None:
    phone.number = number
    for words in ("close", "Your code is 123456"):
        phone.text(words)
    assert not phone.answers() and not phone.cases()
    assert {(text.outcome, text.sealed_sender) for text in phone.texts()} == {("silent", "")}


def test_two_machines_that_answer_each_other_come_to_an_end(phone: Phone) -> None:
    most = phone.cast.policy.text_replies_per_day
    for place in range(most + 5):
        phone.text("Thank you for your message.", hop=f"{place}")
        phone.cast.time.advance(timedelta(minutes=3))
    assert len(phone.answers()) == most
    phone.cast.time.advance(timedelta(days=1))
    phone.text("help")
    assert len(phone.answers()) == most + 1


def test_whoever_has_had_all_answers_of_the_day_is_still_obeyed(phone: Phone) -> None:
    receipt = phone.cast.declare()
    for place in range(phone.cast.policy.text_replies_per_day):
        phone.text("?", hop=f"{place}")
        phone.cast.time.advance(timedelta(minutes=3))
    before = len(phone.answers())
    phone.text("stop")
    assert phone.cast.case(receipt).frozen_at is not None
    assert len(phone.answers()) == before
    open_jobs = phone.cast.base.transact(lambda rows: rows.some(Job, {"kind": "text.answer", "state__in": ["queued"]}))
    assert not open_jobs


def test_what_one_number_texts_counts_for_nobody_else(phone: Phone) -> None:
    for place in range(phone.cast.policy.text_replies_per_day):
        phone.text("?", hop=f"{place}")
        phone.cast.time.advance(timedelta(minutes=3))
    phone.number = f"+{LI_WEI_MSISDN + 1}"
    phone.text("?")
    assert len(phone.answers()) == 1
