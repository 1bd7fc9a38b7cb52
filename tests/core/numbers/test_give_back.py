"""A ported number comes back: it rests like any other before somebody may have it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core.errors import NotAllowed
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.port import give_back, order_port_out, port_out
from lastcall.core.numbers.sweep import Swept, sweep
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, NIKOLAI, OLGA, Cast
from tests.core.tools import refused


@pytest.fixture
def ported(cast: Cast) -> Cast:
    """Li Wei's number has gone to another operator, and provisioning has taken it off the HLR."""
    assert cast.li_wei.line is not None
    order_port_out(cast.base, line_id=cast.li_wei.line.id, actor=NIKOLAI)
    port_out(cast.base, line_id=cast.li_wei.line.id, actor=NIKOLAI)
    imsi = cast.sim_of(cast.li_wei).imsi
    cast.elements.hlr.bar(imsi)
    cast.elements.hlr.remove(imsi)
    cast.time.advance(timedelta(days=100))
    return cast


def state(cast: Cast) -> str:
    return cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state


def test_it_rests_and_is_then_anybodys(ported: Cast) -> None:
    give_back(ported.base, msisdn=LI_WEI_MSISDN, policy=ported.policy, actor=NIKOLAI)
    assert state(ported) == "quarantined"
    ported.time.advance(timedelta(days=ported.policy.quarantine_days) - timedelta(microseconds=1))
    assert sweep(ported.base) == Swept(0, 0, 0)
    ported.time.advance(timedelta(microseconds=1))
    assert sweep(ported.base).released == 1
    assert state(ported) == "available"
    assert ported.give_line(ported.sergei, LI_WEI_MSISDN).closed_at is None


def test_the_rest_is_never_shorter_than_the_floor(ported: Cast) -> None:
    short = replace(ported.policy, quarantine_days=1)
    give_back(ported.base, msisdn=LI_WEI_MSISDN, policy=short, actor=NIKOLAI)
    life = ported.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN))
    assert life.quarantine is not None
    rest = life.quarantine.quarantine_until - ported.time.now()
    assert rest == timedelta(days=ported.policy.quarantine_floor_days)


def test_it_comes_back_once_and_only_from_another_operator(ported: Cast) -> None:
    give_back(ported.base, msisdn=LI_WEI_MSISDN, policy=ported.policy, actor=NIKOLAI)
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        with refused("not_allowed", NotAllowed):
            give_back(ported.base, msisdn=msisdn, policy=ported.policy, actor=NIKOLAI)


def test_a_clerk_does_not_take_it_back(ported: Cast) -> None:
    with refused("not_allowed", NotAllowed):
        give_back(ported.base, msisdn=LI_WEI_MSISDN, policy=ported.policy, actor=OLGA)


def test_the_former_holder_has_no_claim_to_a_number_that_left(ported: Cast) -> None:
    give_back(ported.base, msisdn=LI_WEI_MSISDN, policy=ported.policy, actor=NIKOLAI)
    life = ported.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN))
    assert life.pending is None
    assert life.latest is not None and life.latest.reclaim_until == ported.time.now()
