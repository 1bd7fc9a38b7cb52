"""Keeping an available number for one order, and letting it go."""

from __future__ import annotations

from datetime import datetime, timedelta

from lastcall.core.actor import HOLDER, REVIEWER, Actor
from lastcall.core.errors import BadInput, Conflict, NotAllowed
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.reserve import reserve, unreserve
from lastcall.core.numbers.sweep import sweep
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, OLGA, Cast
from tests.core.tools import refused

DAY = timedelta(days=1)


def keep(cast: Cast, msisdn: int = FREE_MSISDN, *, purpose: str = "order 17", actor: Actor = OLGA) -> None:
    reserve(cast.base, msisdn=msisdn, purpose=purpose, until=cast.time.now() + DAY, actor=actor)


def state(cast: Cast) -> str:
    return cast.base.transact(lambda rows: read_life(rows, FREE_MSISDN)).state


def test_a_reserved_number_is_kept_and_let_go(cast: Cast) -> None:
    keep(cast)
    assert state(cast) == "reserved"
    unreserve(cast.base, msisdn=FREE_MSISDN, purpose="order 17", actor=OLGA)
    assert state(cast) == "available"


def test_it_ends_by_itself(cast: Cast) -> None:
    keep(cast)
    cast.time.advance(DAY - timedelta(microseconds=1))
    assert sweep(cast.base).reservations_ended == 0
    cast.time.advance(timedelta(microseconds=1))
    assert sweep(cast.base).reservations_ended == 1
    assert state(cast) == "available"


def test_a_number_is_kept_for_one_order_only(cast: Cast) -> None:
    keep(cast)
    for purpose in ("order 17", "order 18"):
        with refused("not_allowed", NotAllowed):
            keep(cast, purpose=purpose)


def test_nobody_lets_go_what_another_order_keeps(cast: Cast) -> None:
    keep(cast)
    with refused("conflict", Conflict):
        unreserve(cast.base, msisdn=FREE_MSISDN, purpose="order 18", actor=OLGA)
    unreserve(cast.base, msisdn=FREE_MSISDN, purpose="order 17", actor=OLGA)
    with refused("not_allowed", NotAllowed):
        unreserve(cast.base, msisdn=FREE_MSISDN, purpose="order 17", actor=OLGA)


def test_a_number_in_service_or_in_no_range_is_not_kept(cast: Cast) -> None:
    with refused("not_allowed", NotAllowed):
        keep(cast, LI_WEI_MSISDN)
    with refused("not_in_range"):
        keep(cast, 79990000000)


def test_an_end_that_cannot_be_is_bad_input(cast: Cast) -> None:
    naive = datetime(2030, 1, 1)  # noqa: DTZ001 - that it is naive is the point
    for until, code in ((cast.time.now(), "end_in_the_past"), (naive, "naive_moment")):
        with refused(code, BadInput):
            reserve(cast.base, msisdn=FREE_MSISDN, purpose="order 17", until=until, actor=OLGA)


def test_only_counter_number_room_and_system_reserve(cast: Cast) -> None:
    for role in (HOLDER, REVIEWER):
        with refused("not_allowed", NotAllowed):
            keep(cast, actor=Actor(role, "-", "portal"))
