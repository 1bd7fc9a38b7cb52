"""Leaving by text through a real Kannel, both ways: its calls are answered once what they bring is kept."""

from __future__ import annotations

import pytest

from lastcall.core.closing.find import find_case
from lastcall.doors.text import kannel as door
from tests import smsc as numbers
from tests.cast import FIRST
from tests.doors.text.server import serving
from tests.doors.text.stage import ON_SQLITE, Stage, wait_until
from tests.kannel import Kannel
from tests.smsc import GSM, Sending

pytestmark = pytest.mark.element


def test_a_long_text_in_the_wrong_order_is_answered_and_the_delivery_told(by_kannel: Stage, port: int) -> None:
    smsc = by_kannel.smsc
    with serving(port):
        for place, piece in ((2, "ыть"), (1, "закр")):
            header = b"\x05\x00\x03\x2a\x02" + bytes([place])
            smsc.deliver(Sending(header + piece.encode("utf-16-be"), esm_class=0x40))
        (text,) = by_kannel.came(1)
        assert (text.keyword, text.language) == ("close", "ru")
        (answer,) = by_kannel.answered(1)
        reference, secret = answer.partition("https://lastcall.example/case/#")[2].split()[0].split(".")
        assert find_case(by_kannel.cast.base, reference=reference, secret=secret).door == "text"
        wait_until(lambda: by_kannel.delivery(text).delivered_at, what="word of the delivery")
        assert by_kannel.delivery(text).parts > 2


@ON_SQLITE
@pytest.mark.parametrize(
    ("phone", "reason"), [(numbers.UNDELIVERABLE + "7", "UNDELIV"), (numbers.INVALID + "7", "REJECTD")]
)
def test_an_answer_that_does_not_arrive_is_told(by_kannel: Stage, port: int, phone: str, reason: str) -> None:
    with serving(port):
        by_kannel.smsc.deliver(Sending(b"CLOSE", GSM, source=phone[1:]))
        (text,) = by_kannel.came(1)
        by_kannel.cast.work()
        wait_until(lambda: by_kannel.delivery(text).failed, what="word of the failure")
    assert by_kannel.delivery(text).failed == reason and not by_kannel.open_jobs()


@ON_SQLITE
def test_what_comes_while_we_are_away_comes_when_we_are_back_and_once(by_kannel: Stage, port: int) -> None:
    by_kannel.smsc.phone("销户")
    with serving(port):
        by_kannel.came(1)
        by_kannel.answered(1)
    assert len(by_kannel.cases()) == len(by_kannel.answers()) == 1


def test_while_the_database_is_away_kannel_keeps_the_text(
    by_kannel: Stage, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def away(*args: object, **kwargs: object) -> None:
        calls.append("tried")
        raise OSError("the database is away")

    with serving(port):
        with monkeypatch.context() as broken:
            broken.setattr(door, "take", away)
            by_kannel.smsc.phone("销户")
            wait_until(lambda: calls, what="a try")
        by_kannel.came(1)
        by_kannel.answered(1)
    assert len(by_kannel.texts()) == len(by_kannel.answers()) == 1


@ON_SQLITE
def test_kannel_killed_with_answers_in_hand_loses_none_and_sends_none_twice(
    by_kannel: Stage, kannel: Kannel, port: int
) -> None:
    smsc = by_kannel.smsc
    phones = [f"+{FIRST + 7_000 + place}" for place in range(5)]
    with serving(port):
        for phone in phones:
            smsc.deliver(Sending(b"CLOSE", GSM, source=phone[1:]))
        by_kannel.came(5)
        smsc.stop()
        by_kannel.cast.work()
        assert not by_kannel.open_jobs()  # Kannel has taken them all
        store = kannel.folder / "store"
        wait_until(lambda: store.exists() and store.read_bytes().count(b"0000") >= 5, what="Kannel's store")
        kannel.stop()
        kannel.start()
        smsc.start()
        for phone in phones:
            assert len(by_kannel.answered(1, to=phone)) == 1


@ON_SQLITE
def test_kannel_away_leaves_the_answer_to_be_tried_again(by_kannel: Stage, kannel: Kannel, port: int) -> None:
    with serving(port):
        by_kannel.smsc.deliver(Sending(b"HELP", GSM))
        by_kannel.came(1)
        kannel.stop()
        by_kannel.cast.work()
        assert [job.state for job in by_kannel.open_jobs()] == ["queued"]
        kannel.start()
        by_kannel.try_again()
        assert len(by_kannel.answered(1)) == 1
