"""Leaving by text through a real SMSC over SMPP, both ways."""

from __future__ import annotations

import pytest

from lastcall.core.closing.find import find_case
from lastcall.core.job import Alert
from lastcall.core.ports import Message
from lastcall.core.texting import inbox
from lastcall.core.texting.deliveries import delivery_of
from tests import smsc as numbers
from tests.cast import FIRST
from tests.doors.text.stage import ON_SQLITE, Stage, wait_until
from tests.smsc import GSM, Sending

pytestmark = pytest.mark.element


@ON_SQLITE
@pytest.mark.parametrize("word", ["закрыть", "销户", "Close."])
def test_a_text_is_answered_with_a_link_that_opens_the_case(by_smpp: Stage, word: str) -> None:
    by_smpp.smsc.phone(word)
    (answer,) = by_smpp.answered(1)
    reference, secret = answer.partition("https://lastcall.example/case/#")[2].split()[0].split(".")
    assert find_case(by_smpp.cast.base, reference=reference, secret=secret).door == "text"
    (text,) = by_smpp.texts()
    wait_until(lambda: by_smpp.delivery(text).delivered_at, what="word of the delivery")
    assert by_smpp.delivery(text).parts > 2


@ON_SQLITE
def test_a_long_text_in_the_wrong_order_is_one_text(by_smpp: Stage) -> None:
    smsc, mark = by_smpp.smsc, by_smpp.smsc.mark()
    pieces = {2: "кр", 3: "ыть", 1: "за"}
    for place, piece in pieces.items():
        header = b"\x05\x00\x03\x2a\x03" + bytes([place])
        name = smsc.deliver(Sending(header + piece.encode("utf-16-be"), esm_class=0x40))
        smsc.wait("taken", after=mark, name=name)
    by_smpp.came(1)
    assert len(by_smpp.answered(1)) == 1 and [text.keyword for text in by_smpp.texts()] == ["close"]


def test_while_the_database_is_away_the_smsc_keeps_the_text(by_smpp: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OSError("the database is away")

    smsc, mark = by_smpp.smsc, by_smpp.smsc.mark()
    with monkeypatch.context() as broken:
        broken.setattr(inbox, "receive", away)
        name = smsc.deliver(Sending(b"CLOSE", GSM))
        smsc.wait("refused", after=mark, name=name, status=0x64)
        assert not by_smpp.texts()
    smsc.wait("taken", after=mark, name=name)
    assert len(by_smpp.answered(1)) == 1 and len(by_smpp.cases()) == 1


def test_a_text_whose_taking_the_smsc_never_heard_of_is_one_case_and_one_answer(by_smpp: Stage) -> None:
    by_smpp.smsc.phone("销户", drop=True)
    by_smpp.answered(1)
    assert len(by_smpp.texts()) == len(by_smpp.cases()) == len(by_smpp.answers()) == 1


def test_an_smsc_that_goes_and_comes_back_loses_nothing_and_gets_nothing_twice(by_smpp: Stage) -> None:
    smsc = by_smpp.smsc
    phones = [f"+{FIRST + 7_000 + place}" for place in range(6)]
    for phone in phones:
        smsc.phone("CLOSE", source=phone[1:])
    by_smpp.cast.worker.run_one()
    smsc.stop()
    by_smpp.cast.work()
    assert len(by_smpp.open_jobs()) == 5
    mark = smsc.mark()
    smsc.start()
    smsc.wait("bind", after=mark)
    for phone in phones:  # the SMSC did not hear in time that they were taken, say
        smsc.phone("CLOSE", source=phone[1:])
    by_smpp.try_again()
    by_smpp.cast.work()
    for phone in phones:
        assert len(by_smpp.answered(1, to=phone)) == 1
    assert not by_smpp.open_jobs() and len(by_smpp.texts()) == 6


@ON_SQLITE
@pytest.mark.parametrize(
    ("phone", "reason"), [(numbers.UNDELIVERABLE + "7", "UNDELIV"), (numbers.EXPIRED + "7", "EXPIRED")]
)
def test_an_answer_that_does_not_arrive_calls_a_person_and_is_not_sent_again(
    by_smpp: Stage, phone: str, reason: str
) -> None:
    by_smpp.smsc.phone("CLOSE", source=phone[1:])
    by_smpp.answered(1, to=phone)
    (text,) = by_smpp.texts()
    wait_until(lambda: by_smpp.delivery(text).failed, what="word of the failure")
    assert by_smpp.delivery(text).failed == reason
    (alert,) = by_smpp.cast.base.transact(lambda rows: rows.some(Alert, {"resolved_at": None}))
    assert (alert.code, alert.subject_id) == ("sms.undelivered", text.id)
    by_smpp.try_again()
    by_smpp.cast.work()
    assert len(by_smpp.answers(to=phone)) == 1 and not by_smpp.open_jobs()


@ON_SQLITE
def test_a_sender_that_the_smsc_will_not_have_ends_with_a_person(by_smpp: Stage) -> None:
    by_smpp.smsc.phone("CLOSE", source=numbers.INVALID[1:] + "7")
    by_smpp.cast.work()
    (job,) = by_smpp.open_jobs()
    assert job.state == "dead" and job.last_error.startswith("invalid_destination")


@ON_SQLITE
def test_notices_are_followed_to_their_delivery_too(by_smpp: Stage) -> None:
    by_smpp.cast.elements.messengers["sms"].send(Message("notice:1", "+79990008001", "", "Закрытие " * 20, "ru"))
    base = by_smpp.cast.base
    wait_until(lambda: base.transact(lambda rows: delivery_of(rows, "notice:1").delivered_at), what="the delivery")
    assert base.transact(lambda rows: delivery_of(rows, "notice:1").parts) == 3
