"""A number leaves for another operator: ordered, then transferred; the line ends with it."""

from __future__ import annotations

from lastcall.core.actor import CLERK, HOLDER, STRANGER, Actor
from lastcall.core.errors import Conflict, NotAllowed, NotFound
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.port import cancel_port_out, order_port_out, port_out
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.subscribers.line import Line
from tests.cast import LI_WEI_MSISDN, NIKOLAI, Cast
from tests.core.tools import only, refused


def line_id(cast: Cast) -> int:
    assert cast.li_wei.line is not None
    return cast.li_wei.line.id


def gone(cast: Cast) -> None:
    order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)


def test_tenure_line_and_sim_end_and_the_number_is_absent(cast: Cast) -> None:
    gone(cast)
    tenure, line = only(cast.base, Tenure, msisdn=LI_WEI_MSISDN), only(cast.base, Line, id=line_id(cast))
    assert (tenure.until, tenure.ending, line.closed_at) == (cast.time.now(), "ported_out", cast.time.now())
    sim = cast.sim_of(cast.li_wei)
    assert (sim.state, sim.dead_since) == ("dead", cast.time.now())
    assert cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state == "ported_out"


def test_the_donor_serves_until_the_transfer(cast: Cast) -> None:
    order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    line = only(cast.base, Line, id=line_id(cast))
    assert (line.port_out_at, line.closed_at) == (cast.time.now(), None)
    assert only(cast.base, Tenure, msisdn=LI_WEI_MSISDN).until is None


def test_nothing_is_transferred_without_an_order(cast: Cast) -> None:
    with refused("no_port_out_order"):
        port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    cancel_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    with refused("no_port_out_order"):
        port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)


def test_it_is_ordered_called_off_and_transferred_once(cast: Cast) -> None:
    with refused("conflict", Conflict):
        cancel_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    with refused("conflict", Conflict):
        order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    with refused("no_port_out_order"):
        port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    with refused("conflict", Conflict):
        cancel_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)


def test_only_number_room_and_system_port(cast: Cast) -> None:
    others = [Actor(role, "vera", "store") for role in (HOLDER, STRANGER, CLERK)]
    for somebody in others:
        with refused("not_allowed", NotAllowed):
            order_port_out(cast.base, line_id=line_id(cast), actor=somebody)
    order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    for somebody in others:
        with refused("not_allowed", NotAllowed):
            cancel_port_out(cast.base, line_id=line_id(cast), actor=somebody)
        with refused("not_allowed", NotAllowed):
            port_out(cast.base, line_id=line_id(cast), actor=somebody)


def test_a_line_that_has_ended_or_never_was_is_not_ported(cast: Cast) -> None:
    cast.closed()
    with refused("conflict", Conflict):
        order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    with refused("not_found", NotFound):
        port_out(cast.base, line_id=1, actor=NIKOLAI)
