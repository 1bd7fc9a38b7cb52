"""What happens at the same moment, through several connections and processes, on either database."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from lastcall.core.closing.link import words_of
from lastcall.core.closing.receipts import grouped
from lastcall.core.texting.answer import answer
from lastcall.core.texting.arrived import Arrived, PartOf
from lastcall.core.texting.deliveries import delivery_of, note_report, note_taken
from lastcall.core.texting.forget import forget
from lastcall.core.texting.inbox import take
from tests.cast import Cast
from tests.core.texting.phone import Phone
from tests.core.tools import race


def test_the_way_from_a_text_to_its_answer_and_its_end(phone: Phone) -> None:
    for word in ("销户", "进度", "取消", "?"):
        phone.text(word)
    (text, *_) = phone.texts()
    note_taken(phone.cast.base, message=f"text:{text.id}", way="smpp", names=["a1"])
    note_report(phone.cast.base, way="smpp", name="a1", outcome="delivered")
    assert phone.cast.base.transact(lambda rows: delivery_of(rows, f"text:{text.id}").delivered_at)
    assert [case.state for case in phone.cases()] == ["withdrawn"] and len(phone.answers()) == 4
    phone.cast.time.advance(timedelta(days=phone.cast.policy.text_retention_days))
    assert forget(phone.cast.base, policy=phone.cast.policy) == 5


def test_the_same_text_through_two_connections_at_once_is_received_once(phone: Phone) -> None:
    came = Arrived(sender=phone.number, recipient="0000", text="close")
    base, policy = phone.cast.base, phone.cast.policy
    assert race(*[lambda: take(base, came=came, way="test", policy=policy)] * 8) == [None] * 8
    phone.cast.work()
    assert len(phone.texts()) == len(phone.answers()) == len(phone.cases()) == 1


def test_two_texts_that_are_answered_at_once_open_one_case(phone: Phone) -> None:
    for reference in ("01", "02", "03"):
        phone.text("close", reference=reference, work=False)
    cast = phone.cast
    runners = [
        partial(
            answer, cast.base, text_id=text.id, messengers=cast.elements.messengers,
            billing=cast.elements.billing, policy=cast.policy,
        )
        for text in phone.texts()
    ]  # fmt: skip
    race(*runners)
    cast.work()
    assert len(phone.cases()) == 1 and len(phone.answers()) == 3
    references = {re.search(r"Reference: ([0-9A-Z-]{19})", sent.text) for sent in phone.answers()}
    assert {found[1] for found in references if found} == {grouped(words_of_case(phone))}


def words_of_case(phone: Phone) -> str:
    return phone.cast.base.transact(lambda rows: words_of(rows, phone.cases()[0]))[0]


def test_parts_through_several_connections_at_once_are_all_kept(phone: Phone) -> None:
    base, policy = phone.cast.base, phone.cast.policy
    parts = [
        Arrived(sender=phone.number, recipient="0000", text=letter, part=PartOf("8 7", place, 5))
        for place, letter in enumerate("close", start=1)
    ]
    runners = [partial(take, base, came=came, way="test", policy=policy) for came in parts]
    assert race(*runners) == [None] * 5
    phone.cast.work()
    assert [text.keyword for text in phone.texts()] == ["close"] and len(phone.answers()) == 1


def test_a_report_and_its_name_at_the_same_moment_find_each_other(cast: Cast) -> None:
    runners: list[Callable[[], None]] = []
    for place in range(6):
        runners += [
            partial(note_taken, cast.base, message=f"text:{place}", way="smpp", names=[f"n{place}"]),
            partial(note_report, cast.base, way="smpp", name=f"n{place}", outcome="delivered"),
        ]
    assert race(*runners) == [None] * 12
    for place in range(6):
        found = cast.base.transact(partial(delivery_of, message=f"text:{place}"))
        assert found.delivered_at is not None
