"""What becomes of the SIM: kept, handed in with its PIN off, or destroyed with a record."""

from __future__ import annotations

from lastcall.core.actor import HOLDER, Actor
from lastcall.core.closing import evidence
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import BadInput, NotAllowed
from lastcall.core.numbers.sim import Sim
from tests.cast import ANNA_MSISDN, FREE_MSISDN, IRINA, OLGA, ON_THE_WEB, SOMEBODY, TIMUR, Cast, iccid
from tests.core.tools import change, refused


def proved(cast: Cast) -> Receipt:
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    return receipt


def take(cast: Cast, receipt: Receipt, custody: str, *, card: str, actor: Actor = OLGA, pin_off: bool = True) -> None:
    evidence.declare_sim(
        cast.base, case_id=receipt.case_id, custody=custody, actor=actor, pin_removed=pin_off, iccid=card
    )


def test_a_case_waits_for_a_word_about_the_sim(cast: Cast) -> None:
    receipt = proved(cast)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.awaiting_sim) == ("waiting", True)
    cast.keep_sim(receipt)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.awaiting_sim) == ("on_hold", False)
    assert cast.sim_of(cast.li_wei).custody == "subscriber"


def test_a_card_handed_in_must_have_its_pin_off(cast: Cast) -> None:
    receipt = proved(cast)
    card = cast.sim_of(cast.li_wei).iccid
    take(cast, receipt, "collected", card=card, pin_off=False)
    cast.work()
    assert cast.case(receipt).results["sim_pin"]["reason"] == "sim_pin_on"
    take(cast, receipt, "collected", card=card)
    cast.work()
    assert cast.case(receipt).state != "waiting"
    assert cast.sim_of(cast.li_wei).custody == "collected"


def test_a_card_destroyed_leaves_a_record_of_when_and_by_whom(cast: Cast) -> None:
    receipt = proved(cast)
    take(cast, receipt, "destroyed", card=cast.sim_of(cast.li_wei).iccid)
    sim = cast.sim_of(cast.li_wei)
    assert (sim.custody, sim.destroyed_at, sim.destroyed_by) == ("destroyed", cast.time.now(), "clerk:olga")
    assert "sim.destroyed" in cast.events(receipt)


def test_a_profile_needs_no_word(cast: Cast) -> None:
    change(cast.base, Sim, cast.sim_of(cast.li_wei).id, form="esim")
    receipt = proved(cast)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_the_card_is_dead_after_the_cease_wherever_it_is(cast: Cast) -> None:
    cast.closed()
    sim = cast.sim_of(cast.li_wei)
    assert (sim.state, sim.custody, sim.dead_since) == ("dead", "subscriber", cast.time.now())


def test_nobody_hands_in_another_lines_card(cast: Cast) -> None:
    receipt = proved(cast)
    for card in (cast.sim_of(cast.anna).iccid, iccid(999)):
        with refused("not_this_card"):
            take(cast, receipt, "collected", card=card)


def test_a_card_with_a_wrong_control_digit_is_read_again(cast: Cast) -> None:
    receipt = proved(cast)
    card = cast.sim_of(cast.li_wei).iccid
    with refused("malformed_iccid", BadInput):
        take(cast, receipt, "destroyed", card=card[:-1] + str((int(card[-1]) + 1) % 10))


def test_only_staff_take_a_card_in(cast: Cast) -> None:
    receipt = proved(cast)
    for actor in (ON_THE_WEB, SOMEBODY):
        with refused("not_staff"):
            take(cast, receipt, "destroyed", card=cast.sim_of(cast.li_wei).iccid, actor=actor)


def test_a_reviewer_takes_no_card_and_a_stranger_has_no_say(cast: Cast) -> None:
    receipt = proved(cast)
    with refused("not_allowed", NotAllowed):
        take(cast, receipt, "collected", card=cast.sim_of(cast.li_wei).iccid, actor=IRINA)
    with refused("not_allowed", NotAllowed):
        evidence.declare_sim(cast.base, case_id=receipt.case_id, custody="subscriber", actor=SOMEBODY)


def test_an_unknown_custody_is_bad_input(cast: Cast) -> None:
    receipt = proved(cast)
    with refused("bad_custody", BadInput):
        evidence.declare_sim(cast.base, case_id=receipt.case_id, custody="pawned", actor=OLGA)


def test_a_case_without_a_line_has_no_card(cast: Cast) -> None:
    receipt = cast.declare(FREE_MSISDN)
    with refused("not_this_card"):
        take(cast, receipt, "collected", card=cast.sim_of(cast.li_wei).iccid)


def test_it_is_too_late_once_the_cease_was_decided(cast: Cast) -> None:
    receipt = cast.ceasing()
    with refused("not_allowed", NotAllowed):
        take(cast, receipt, "destroyed", card=cast.sim_of(cast.li_wei).iccid)


def test_the_word_may_be_given_twice_and_in_any_order(cast: Cast) -> None:
    receipt = cast.declare(ANNA_MSISDN)
    say = Actor(HOLDER, "-", "portal")
    for _ in range(2):
        evidence.declare_sim(cast.base, case_id=receipt.case_id, custody="subscriber", actor=say)
    cast.prove_in_person(receipt, cast.anna)
    take(cast, receipt, "collected", card=cast.sim_of(cast.anna).iccid, actor=TIMUR)
    cast.work()
    assert cast.case(receipt).state in {"on_hold", "ceasing", "closed"}
