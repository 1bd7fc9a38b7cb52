"""A call-back: booked by whoever proved who they are, at a time that exists, never two at one place."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from lastcall.core.closing import callbacks
from lastcall.core.closing.callback import Callback, Slot, all_slots
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.story import tell_story
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import BadInput, NotAllowed, NotFound
from tests.cast import ANNA_MSISDN, FREE_MSISDN, ON_THE_WEB, SOMEBODY, Cast, Holder
from tests.core.tools import nothing_changes, race, refused, some, winners

MOSCOW = ZoneInfo("Europe/Moscow")


def proved(cast: Cast, holder: Holder) -> Receipt:
    receipt = cast.declare(holder.msisdn)
    cast.prove_remotely(receipt, holder)
    return receipt


def slots(cast: Cast, receipt: Receipt) -> tuple[Slot, ...]:
    return callbacks.slots(cast.base, case_id=receipt.case_id)


def book(cast: Cast, receipt: Receipt, start: datetime, *, language: str = "zh-hans") -> Callback:
    return callbacks.book(cast.base, case_id=receipt.case_id, start=start, language=language, actor=ON_THE_WEB)


def standing(cast: Cast, receipt: Receipt) -> Callback | None:
    return cast.base.transact(lambda rows: callbacks.booked(rows, receipt.case_id))


def test_the_times_are_those_of_the_pack_on_the_operators_clocks(cast: Cast) -> None:
    found = slots(cast, cast.declare())
    assert {slot.start.astimezone(MOSCOW).hour for slot in found} == {10, 12, 14, 16}
    assert {slot.end - slot.start for slot in found} == {timedelta(hours=2)}
    assert {slot.start.astimezone(MOSCOW).weekday() for slot in found} == {0, 1, 2, 3, 4}
    assert found[0].start > cast.time.now()
    assert found[-1].start < cast.time.now() + timedelta(days=cast.policy.callback_days_ahead + 1)


def test_a_time_that_has_begun_is_none_any_more(cast: Cast) -> None:
    now = datetime(2026, 3, 16, 10, tzinfo=MOSCOW)
    first = all_slots(cast.policy, now=now - timedelta(seconds=1), zone=MOSCOW)[0]
    assert first.start == now
    assert all_slots(cast.policy, now=now, zone=MOSCOW)[0].start == now + timedelta(hours=2)


def test_in_a_zone_with_summer_time_the_clock_on_the_wall_counts(cast: Cast) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = all_slots(cast.policy, now=datetime(2026, 3, 27, 0, tzinfo=berlin), zone=berlin)
    assert {slot.start.hour for slot in found} == {10, 12, 14, 16}
    assert {slot.start.utcoffset() for slot in found} == {timedelta(hours=1), timedelta(hours=2)}


def test_one_is_booked_and_comes_next_in_the_story(cast: Cast) -> None:
    receipt = proved(cast, cast.li_wei)
    first = slots(cast, receipt)[0]
    made = book(cast, receipt, first.start)
    assert (made.start, made.end, made.language) == (first.start, first.end, "zh-hans")
    told = tell_story(cast.base, case=cast.case(receipt))
    assert ("callback", first.start) in [(ahead.code, ahead.at) for ahead in told.ahead]
    assert told.happened[-1].code == "callback_booked"


def test_booked_twice_it_is_one_and_another_time_moves_it(cast: Cast) -> None:
    receipt = proved(cast, cast.li_wei)
    first, second = slots(cast, receipt)[:2]
    made = book(cast, receipt, first.start)
    with nothing_changes():
        assert book(cast, receipt, first.start) == made
    moved = book(cast, receipt, second.start)
    assert standing(cast, receipt) == moved
    assert first in slots(cast, receipt)


def test_it_is_called_off(cast: Cast) -> None:
    receipt = proved(cast, cast.li_wei)
    book(cast, receipt, slots(cast, receipt)[0].start)
    callbacks.cancel(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    assert standing(cast, receipt) is None
    with nothing_changes():
        callbacks.cancel(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)


def test_who_has_not_shown_who_they_are_books_none(cast: Cast) -> None:
    for msisdn in (ANNA_MSISDN, FREE_MSISDN):
        receipt = cast.declare(msisdn)
        with refused("identity_missing"):
            book(cast, receipt, slots(cast, receipt)[0].start)


def test_a_time_that_is_none_is_refused(cast: Cast) -> None:
    receipt = proved(cast, cast.li_wei)
    first = slots(cast, receipt)[0].start
    for start in (first + timedelta(minutes=1), first - timedelta(days=7), first + timedelta(days=365)):
        with refused("not_a_slot"):
            book(cast, receipt, start)
    with refused("naive_moment", BadInput):
        book(cast, receipt, first.replace(tzinfo=None))
    with refused("bad_language", BadInput):
        book(cast, receipt, first, language="tlh")


def test_where_none_are_offered_there_are_none(cast: Cast) -> None:
    cast.policy = replace(cast.policy, callback_offered=False)
    receipt = proved(cast, cast.li_wei)
    assert slots(cast, receipt) == ()
    with refused("no_callbacks"):
        book(cast, receipt, cast.time.now() + timedelta(days=1))


def test_a_full_time_is_shown_no_more_and_refused(cast: Cast) -> None:
    cast.policy = replace(cast.policy, callback_per_slot=1)
    mine, annas = proved(cast, cast.li_wei), proved(cast, cast.anna)
    first = slots(cast, mine)[0]
    book(cast, mine, first.start)
    assert first not in slots(cast, annas)
    with refused("slot_taken"):
        book(cast, annas, first.start)
    callbacks.cancel(cast.base, case_id=mine.case_id, actor=ON_THE_WEB)
    assert book(cast, annas, first.start).place == 1


def test_a_stranger_and_a_case_that_has_ended_book_none(cast: Cast) -> None:
    receipt = proved(cast, cast.li_wei)
    start = slots(cast, receipt)[0].start
    with refused("not_allowed", NotAllowed):
        callbacks.book(cast.base, case_id=receipt.case_id, start=start, language="ru", actor=SOMEBODY)
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    with refused("not_allowed", NotAllowed):
        book(cast, receipt, start)
    with refused("not_found", NotFound):
        callbacks.slots(cast.base, case_id=1)


@pytest.mark.parametrize("places", [1, 2])
def test_of_many_at_once_as_many_get_the_time_as_there_are_places(cast: Cast, places: int) -> None:
    cast.policy = replace(cast.policy, callback_per_slot=places)
    holders = [cast.li_wei, cast.anna]
    cast.give_line(cast.sergei, FREE_MSISDN)
    cast.time.advance(timedelta(days=10))
    receipts = [proved(cast, holder) for holder in (*holders, cast.sergei)]
    start = slots(cast, receipts[0])[0].start
    answers = race(*[partial(book, cast, receipt, start) for receipt in receipts])
    assert len(winners(answers)) == places
    assert sorted(row.place for row in some(cast.base, Callback, start=start)) == list(range(1, places + 1))


def test_a_double_click_books_one(cast: Cast) -> None:
    receipt = proved(cast, cast.li_wei)
    start = slots(cast, receipt)[0].start
    winners(race(*[partial(book, cast, receipt, start)] * 3))
    assert len(some(cast.base, Callback, case_id=receipt.case_id)) == 1
