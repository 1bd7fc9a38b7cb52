"""Taking new SIMs into stock: read from the card, each once."""

from __future__ import annotations

from lastcall.core.actor import HOLDER, STRANGER, Actor
from lastcall.core.errors import BadInput, Conflict, NotAllowed
from lastcall.core.numbers.assign import stock_sim
from lastcall.core.numbers.sim import Sim
from tests.cast import OLGA, Cast, iccid
from tests.core.tools import only, refused


def test_a_new_sim_lies_in_stock_with_the_operator(cast: Cast) -> None:
    card = iccid(700)
    stock_sim(cast.base, iccid=f"{card[:4]} {card[4:]}F", imsi="250 99 0000000700", actor=OLGA, form="esim")
    sim = only(cast.base, Sim, iccid=card)
    assert (sim.imsi, sim.form, sim.state, sim.custody) == ("250990000000700", "esim", "in_stock", "operator")
    assert (sim.active_since, sim.dead_since, sim.destroyed_at) == (None, None, None)


def test_neither_card_nor_imsi_comes_in_twice(cast: Cast) -> None:
    known = cast.new_sim()
    with refused("conflict", Conflict):
        stock_sim(cast.base, iccid=known.iccid, imsi="250990000000701", actor=OLGA)
    with refused("conflict", Conflict):
        stock_sim(cast.base, iccid=iccid(701), imsi=known.imsi, actor=OLGA)


def test_a_dead_card_never_comes_back(cast: Cast) -> None:
    cast.closed()
    dead = cast.sim_of(cast.li_wei)
    with refused("conflict", Conflict):
        stock_sim(cast.base, iccid=dead.iccid, imsi=dead.imsi, actor=OLGA)


def test_what_cannot_be_a_sim_is_bad_input(cast: Cast) -> None:
    card, imsi = iccid(702), "250990000000702"
    for given, code in (
        ((card[:-1], imsi, "card"), "malformed_iccid"),
        ((card[:-1] + str((int(card[-1]) + 1) % 10), imsi, "card"), "malformed_iccid"),
        ((card, "12345", "card"), "malformed_imsi"),
        ((card, "199990000000702", "card"), "malformed_imsi"),
        ((card, imsi, "chip"), "bad_form"),
    ):
        with refused(code, BadInput):
            stock_sim(cast.base, iccid=given[0], imsi=given[1], form=given[2], actor=OLGA)


def test_only_staff_fill_the_stock(cast: Cast) -> None:
    for role in (HOLDER, STRANGER):
        with refused("not_allowed", NotAllowed):
            stock_sim(cast.base, iccid=iccid(703), imsi="250990000000703", actor=Actor(role, "-", "portal"))
