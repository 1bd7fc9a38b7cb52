"""Long texts: joined in order whatever came first, once, and not waited for without end."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from lastcall.core.texting.arrived import PartOf
from lastcall.core.texting.parts import give_up_waiting
from lastcall.core.texting.unfinished import Unfinished
from tests.cast import ANNA_MSISDN
from tests.core.texting.marks import ON_SQLITE
from tests.core.texting.phone import Phone

pytestmark = ON_SQLITE

PIECES = ("за", "кр", "ыть")


def held(phone: Phone) -> list[Unfinished]:
    return phone.cast.base.transact(lambda rows: rows.some(Unfinished, {}))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_parts_in_any_order_are_one_text(phone: Phone, order: tuple[int, ...]) -> None:
    for place in order:
        assert not phone.texts()
        phone.text(PIECES[place], part=PartOf("8 7", place + 1, 3))
    (text,) = phone.texts()
    assert (text.keyword, text.language, len(phone.answers())) == ("close", "ru", 1)
    assert [row.sealed for row in held(phone)] == [""]  # nothing of it is kept


def test_a_part_that_comes_twice_changes_nothing_before_or_after(phone: Phone) -> None:
    for place in (1, 1, 2, 2, 1, 2):
        phone.text("clo" if place == 1 else "se", part=PartOf("8 7", place, 2))
    give_up_waiting(phone.cast.base, policy=phone.cast.policy)
    phone.cast.time.advance(timedelta(minutes=phone.cast.policy.text_parts_minutes + 1))
    give_up_waiting(phone.cast.base, policy=phone.cast.policy)
    phone.cast.work()
    assert len(phone.texts()) == len(phone.answers()) == 1 and not held(phone)


def test_parts_of_two_phones_and_of_two_texts_are_kept_apart(phone: Phone) -> None:
    first, second = phone, Phone(phone.cast, f"+{ANNA_MSISDN}")
    first.text("clo", part=PartOf("8 7", 1, 2))
    second.text("st", part=PartOf("8 7", 1, 2))
    first.text("he", part=PartOf("8 8", 1, 2))
    second.text("op", part=PartOf("8 7", 2, 2))
    first.text("lp", part=PartOf("8 8", 2, 2))
    first.text("se", part=PartOf("8 7", 2, 2))
    assert [text.keyword for text in first.texts()] == ["stop", "help", "close"]


def test_a_part_that_never_comes_is_given_up_and_answered_with_help(phone: Phone) -> None:
    phone.text("закрыть", part=PartOf("8 7", 1, 2))
    give_up_waiting(phone.cast.base, policy=phone.cast.policy)
    assert not phone.texts()
    phone.cast.time.advance(timedelta(minutes=phone.cast.policy.text_parts_minutes))
    give_up_waiting(phone.cast.base, policy=phone.cast.policy)
    phone.cast.work()
    (text,), (answer,) = phone.texts(), phone.answers()
    assert (text.keyword, answer.language) == ("other", "ru")
    assert not phone.cases() and not held(phone)


def test_a_sign_that_two_parts_share_is_one_sign(phone: Phone) -> None:
    smile = "close 👋".encode("utf-16-be")
    for place, octets in enumerate((smile[:-2], smile[-2:]), start=1):
        phone.text(octets.decode("utf-16-be", "surrogatepass"), part=PartOf("8 7", place, 2))
    assert phone.texts()[0].keyword == "close"


@pytest.mark.parametrize("part", [PartOf("8 7", 0, 2), PartOf("8 7", 3, 2), PartOf("8 7", 1, 200)])
def test_what_can_be_no_part_is_left_out(phone: Phone, part: PartOf) -> None:
    phone.text("close", part=part)
    assert not held(phone) and not phone.texts()


def test_no_part_is_kept_in_clear(phone: Phone) -> None:
    phone.text("my passport is E12345678", part=PartOf("8 7", 1, 2))
    (row,) = held(phone)
    assert "passport" not in repr(row) and phone.number[1:] not in repr(row)
