"""A number is given back to the regulator and is never ours to assign again."""

from __future__ import annotations

from lastcall.core.actor import CLERK, SYSTEM, Actor
from lastcall.core.errors import NotAllowed
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.port import order_port_out, port_out, withdraw
from lastcall.core.numbers.reserve import reserve
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, NIKOLAI, OLGA, Cast
from tests.core.tools import refused


def state(cast: Cast, msisdn: int) -> str:
    return cast.base.transact(lambda rows: read_life(rows, msisdn)).state


def test_an_available_number_goes(cast: Cast) -> None:
    withdraw(cast.base, msisdn=FREE_MSISDN, actor=NIKOLAI)
    assert state(cast, FREE_MSISDN) == "withdrawn"


def test_a_ported_number_goes(cast: Cast) -> None:
    assert cast.li_wei.line is not None
    order_port_out(cast.base, line_id=cast.li_wei.line.id, actor=NIKOLAI)
    port_out(cast.base, line_id=cast.li_wei.line.id, actor=NIKOLAI)
    withdraw(cast.base, msisdn=LI_WEI_MSISDN, actor=NIKOLAI)
    assert state(cast, LI_WEI_MSISDN) == "withdrawn"


def test_it_goes_once(cast: Cast) -> None:
    withdraw(cast.base, msisdn=FREE_MSISDN, actor=NIKOLAI)
    with refused("not_allowed", NotAllowed):
        withdraw(cast.base, msisdn=FREE_MSISDN, actor=NIKOLAI)


def test_a_number_that_somebody_has_may_have_back_or_keeps_does_not_go(cast: Cast) -> None:
    with refused("not_allowed", NotAllowed):
        withdraw(cast.base, msisdn=LI_WEI_MSISDN, actor=NIKOLAI)
    cast.closed()
    with refused("not_allowed", NotAllowed):
        withdraw(cast.base, msisdn=LI_WEI_MSISDN, actor=NIKOLAI)
    later = cast.time.now().replace(year=2027)
    reserve(cast.base, msisdn=FREE_MSISDN, purpose="order 17", until=later, actor=OLGA)
    with refused("not_allowed", NotAllowed):
        withdraw(cast.base, msisdn=FREE_MSISDN, actor=NIKOLAI)


def test_a_number_that_was_never_ours_cannot_be_given_back(cast: Cast) -> None:
    with refused("not_in_range"):
        withdraw(cast.base, msisdn=79990000000, actor=NIKOLAI)


def test_only_the_number_room_gives_it_back(cast: Cast) -> None:
    for role in (CLERK, SYSTEM):
        with refused("not_allowed", NotAllowed):
            withdraw(cast.base, msisdn=FREE_MSISDN, actor=Actor(role, "vera", "store"))
