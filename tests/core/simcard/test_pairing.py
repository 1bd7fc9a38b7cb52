"""A reader is paired by a clerk's code, once and soon, for a part of a day; it ends with the clerk, the shop or its hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.forgetting import forget
from lastcall.core.simcard import readers
from lastcall.core.simcard.reader import Reader
from lastcall.core.staff.member import Member
from lastcall.core.staff.shop import Shop
from tests.cast import IRINA, TIMUR
from tests.core.counter.conftest import OLEG, OLGA, PAVEL, Counter
from tests.core.simcard.at_the_counter import paired
from tests.core.tools import change, only, refused, some, written


def offered(counter: Counter, actor: Actor = OLGA) -> str:
    return readers.offer(counter.base, actor=actor, shop_id=counter.shop.id, policy=counter.cast.policy)


def pair(counter: Counter, code: str) -> readers.Paired:
    return readers.pair(counter.base, code=code, name="Window 3")


def test_a_code_of_eight_signs_pairs_a_reader_for_half_a_day(counter: Counter) -> None:
    code = offered(counter)
    assert len(code) == 8
    found = pair(counter, code)
    assert (found.shop, found.until) == ("Centre", clock.now() + timedelta(hours=12))
    reader = readers.by_token(counter.base, found.token)
    assert (reader.state, reader.shop_id, reader.login, reader.name) == ("paired", counter.shop.id, "olga", "Window 3")
    assert readers.of_shop(counter.base, shop_id=counter.shop.id) == (reader,)
    assert readers.of_shop(counter.base, shop_id=counter.north.id) == ()


def test_a_code_is_read_however_it_is_typed(counter: Counter) -> None:
    code = offered(counter).lower()
    assert pair(counter, f" {code[:4]}-{code[4:]} ").token


def test_neither_code_nor_token_is_kept(counter: Counter) -> None:
    code = offered(counter)
    token = pair(counter, code).token
    assert code not in written() and token not in written()


def test_a_code_pairs_once(counter: Counter) -> None:
    code = offered(counter)
    pair(counter, code)
    with refused("no_such_code", NotFound):
        pair(counter, code)


def test_a_code_is_over_after_its_minutes(counter: Counter) -> None:
    code = offered(counter)
    counter.cast.time.advance(timedelta(minutes=10) - timedelta(seconds=1))
    assert pair(counter, code)
    late = offered(counter)
    counter.cast.time.advance(timedelta(minutes=10))
    with refused("no_such_code", NotFound):
        pair(counter, late)


def test_a_newer_code_of_the_same_clerk_takes_the_place_of_the_first(counter: Counter) -> None:
    first, second = offered(counter), offered(counter)
    with refused("no_such_code", NotFound):
        pair(counter, first)
    assert pair(counter, second)


def test_unknown_used_and_old_codes_hear_the_same(counter: Counter) -> None:
    used, heard = offered(counter), set()
    pair(counter, used)
    old = offered(counter)
    counter.cast.time.advance(timedelta(minutes=11))
    for code in (used, old, "00000000", "", "no code at all", "\ud800"):
        with pytest.raises(NotFound) as trouble:
            pair(counter, code)
        heard.add((trouble.value.code, trouble.value.message, trouble.value.remedy))
    assert len(heard) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "Window\x003", "Window \u202e3"])
def test_a_name_is_short_and_readable(counter: Counter, name: str) -> None:
    code = offered(counter)
    with refused("bad_name", BadInput):
        readers.pair(counter.base, code=code, name=name)
    assert pair(counter, code)


@pytest.mark.parametrize("actor", [OLEG, PAVEL, TIMUR, IRINA], ids=["another shop", "nobody", "agent", "reviewer"])
def test_only_a_clerk_of_the_shop_gets_a_code(counter: Counter, actor: Actor) -> None:
    with refused("other_shop"):
        offered(counter, actor)


def is_out(counter: Counter, token: str) -> bool:
    with pytest.raises(Refused) as trouble:
        readers.by_token(counter.base, token)
    assert readers.of_shop(counter.base, shop_id=counter.shop.id) == ()
    return trouble.value.code == "reader_ended"


def test_it_ends_after_its_hours_and_the_row_follows(counter: Counter) -> None:
    token = paired(counter)
    counter.cast.time.advance(timedelta(hours=12) - timedelta(seconds=1))
    assert readers.by_token(counter.base, token)
    counter.cast.time.advance(timedelta(seconds=1))
    assert is_out(counter, token)
    forget(counter.base, policy=counter.cast.policy)
    assert only(counter.base, Reader).state == "ended"


def test_a_code_that_nobody_used_lapses(counter: Counter) -> None:
    offered(counter)
    counter.cast.time.advance(timedelta(minutes=10))
    forget(counter.base, policy=counter.cast.policy)
    assert only(counter.base, Reader).state == "lapsed"


def test_it_ends_with_the_clerk(counter: Counter) -> None:
    token = paired(counter)
    member = only(counter.base, Member, login="olga")
    change(counter.base, Member, member.id, left_at=clock.now())
    assert is_out(counter, token)


def test_it_ends_when_the_clerk_works_elsewhere_or_as_something_else(counter: Counter) -> None:
    token, member = paired(counter), only(counter.base, Member, login="olga")
    for elsewhere in ({"shop_id": counter.north.id}, {"roles": "reviewer"}):
        change(counter.base, Member, member.id, **elsewhere)
        assert is_out(counter, token)
        change(counter.base, Member, member.id, shop_id=counter.shop.id, roles="clerk")
    assert readers.by_token(counter.base, token)


def test_it_ends_with_the_shop(counter: Counter) -> None:
    token = paired(counter)
    change(counter.base, Shop, counter.shop.id, closed_at=clock.now())
    assert is_out(counter, token)


def test_a_clerk_of_the_shop_ends_it_and_twice_is_once(counter: Counter) -> None:
    token = paired(counter)
    reader = readers.by_token(counter.base, token)
    for _ in range(2):
        readers.end(counter.base, reader_id=reader.id, shop_id=counter.shop.id, actor=OLGA)
    assert is_out(counter, token)


def test_another_shops_reader_is_not_there(counter: Counter) -> None:
    reader = readers.by_token(counter.base, paired(counter))
    with refused("no_such_reader", NotFound):
        readers.end(counter.base, reader_id=reader.id, shop_id=counter.north.id, actor=OLEG)
    with refused("other_shop"):
        readers.end(counter.base, reader_id=reader.id, shop_id=counter.shop.id, actor=OLEG)


def test_the_program_itself_says_good_bye(counter: Counter) -> None:
    token = paired(counter)
    readers.leave(counter.base, token=token)
    assert is_out(counter, token)
    with refused("reader_ended"):
        readers.leave(counter.base, token=token)


def test_each_reader_of_a_shop_has_a_token_of_its_own(counter: Counter) -> None:
    tokens = {paired(counter, name=f"Window {number}") for number in range(3)}
    assert len({readers.by_token(counter.base, token).id for token in tokens}) == 3
    assert [reader.name for reader in readers.of_shop(counter.base, shop_id=counter.shop.id)] == [
        "Window 0", "Window 1", "Window 2",
    ]  # fmt: skip
    assert {reader.state for reader in some(counter.base, Reader)} == {"paired"}
