"""Beginning a line: an available number and a SIM from stock for a subscriber, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.actor import AGENT, AUDITOR, HOLDER, REVIEWER, STRANGER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import BadInput, Conflict, NotAllowed, NotFound
from lastcall.core.numbers.assign import Terms, assign
from lastcall.core.numbers.msisdn import parse_msisdn
from lastcall.core.numbers.port import withdraw
from lastcall.core.numbers.reserve import reserve
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.subscribers.file import contact_address
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, NIKOLAI, OLGA, Cast, iccid
from tests.core.tools import only, refused, some


def give(
    cast: Cast,
    msisdn: int = FREE_MSISDN,
    *,
    card: str,
    actor: Actor = OLGA,
    purpose: str = "",
    terms: Terms | None = None,
) -> Line:
    return assign(
        cast.base, msisdn=msisdn, iccid=card, subscriber_id=cast.sergei.subscriber.id, actor=actor, purpose=purpose,
        terms=terms,
    )  # fmt: skip


def test_it_begins_a_tenure_and_puts_the_sim_into_service(cast: Cast) -> None:
    sim = cast.new_sim()
    line = give(cast, card=sim.iccid)
    tenure = only(cast.base, Tenure, msisdn=FREE_MSISDN)
    assert (tenure.ordinal, tenure.since, tenure.until, tenure.ending) == (1, cast.time.now(), None, "")
    assert (line.tenure_id, line.sim_id, line.subscriber_id) == (tenure.id, sim.id, cast.sergei.subscriber.id)
    cast.sergei.line = line
    sim = cast.sim_of(cast.sergei)
    assert (sim.state, sim.custody, sim.active_since) == ("active", "subscriber", cast.time.now())


def test_the_lines_own_number_is_a_contact_from_then_on(cast: Cast) -> None:
    line = give(cast, card=cast.new_sim().iccid)
    contact = only(cast.base, Contact, line_id=line.id)
    assert (contact.kind, contact.on_file_since) == ("line", cast.time.now())
    assert contact_address(contact) == f"+{FREE_MSISDN}"


def test_its_events_name_tenure_line_and_sim_and_no_number(cast: Cast) -> None:
    line = give(cast, card=cast.new_sim().iccid)
    kinds = {event.kind: event.subject_id for event in some(cast.base, Event, at=cast.time.now())}
    assert kinds["number.assigned"] == line.tenure_id
    assert (kinds["line.opened"], kinds["sim.activated"]) == (line.id, line.sim_id)


def test_a_number_in_service_pending_or_resting_is_nobodys(cast: Cast) -> None:
    card = cast.new_sim().iccid
    with refused("not_allowed", NotAllowed):
        give(cast, LI_WEI_MSISDN, card=card)
    cast.closed()
    with refused("not_allowed", NotAllowed):
        give(cast, LI_WEI_MSISDN, card=card)
    cast.time.advance(timedelta(days=cast.policy.reactivation_window_days))
    sweep(cast.base)
    with refused("not_allowed", NotAllowed):
        give(cast, LI_WEI_MSISDN, card=card)


def test_after_its_rest_it_is_anybodys_and_the_history_stays(cast: Cast) -> None:
    cast.closed()
    cast.time.advance(timedelta(days=cast.policy.quarantine_days))
    sweep(cast.base)
    give(cast, LI_WEI_MSISDN, card=cast.new_sim().iccid)
    first, second = sorted(some(cast.base, Tenure, msisdn=LI_WEI_MSISDN), key=lambda tenure: tenure.ordinal)
    assert (first.subscriber_id, second.subscriber_id) == (cast.li_wei.subscriber.id, cast.sergei.subscriber.id)
    assert first.until is not None and first.quarantine_until is not None and first.quarantine_until <= second.since
    assert (second.ordinal, second.follows_id) == (2, None)


def test_a_number_that_was_given_back_to_the_regulator_is_gone(cast: Cast) -> None:
    card = cast.new_sim().iccid
    withdraw(cast.base, msisdn=FREE_MSISDN, actor=NIKOLAI)
    with refused("not_allowed", NotAllowed):
        give(cast, card=card)


def test_a_reserved_number_goes_only_to_its_own_order_until_the_time_is_over(cast: Cast) -> None:
    card = cast.new_sim().iccid
    until = cast.time.now() + timedelta(days=1)
    reserve(cast.base, msisdn=FREE_MSISDN, purpose="order 17", until=until, actor=OLGA)
    with refused("reserved_for_another"):
        give(cast, card=card, purpose="order 18")
    assert give(cast, card=card, purpose="order 17").closed_at is None


def test_a_reservation_that_ran_out_stands_in_nobodys_way(cast: Cast) -> None:
    until = cast.time.now() + timedelta(days=1)
    reserve(cast.base, msisdn=FREE_MSISDN, purpose="order 17", until=until, actor=OLGA)
    cast.time.advance(timedelta(days=1))
    assert give(cast, card=cast.new_sim().iccid, purpose="order 18").closed_at is None


def test_a_number_outside_of_our_ranges_is_not_ours_to_give(cast: Cast) -> None:
    card = cast.new_sim().iccid
    for msisdn in (79990000000, 8613800138000, 112):
        with refused("not_in_range"):
            give(cast, msisdn, card=card)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("+86 138 0013 8000", "foreign_number"), ("+7 701 123-45-67", "foreign_number"), ("12", "malformed_number")],
)
def test_what_is_typed_wrong_never_gets_as_far(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as trouble:
        parse_msisdn(typed)
    assert trouble.value.code == code and trouble.value.remedy


def test_a_sim_is_used_once(cast: Cast) -> None:
    used = cast.sim_of(cast.anna).iccid
    with refused("not_allowed", NotAllowed):
        give(cast, card=used)
    with refused("unknown_sim", NotFound):
        give(cast, card=iccid(999))
    with refused("malformed_iccid", BadInput):
        give(cast, card=used[:-1] + str((int(used[-1]) + 5) % 10))


def test_only_counter_number_room_and_system_assign(cast: Cast) -> None:
    card = cast.new_sim().iccid
    for role in (HOLDER, STRANGER, AGENT, REVIEWER, AUDITOR):
        with refused("not_allowed", NotAllowed):
            give(cast, card=card, actor=Actor(role, "-", "portal"))


def test_nobody_unknown_gets_a_line(cast: Cast) -> None:
    card = cast.new_sim().iccid
    with refused("not_found", NotFound):
        assign(cast.base, msisdn=FREE_MSISDN, iccid=card, subscriber_id=1, actor=OLGA)


def test_terms_that_cannot_be_are_refused(cast: Cast) -> None:
    card = cast.new_sim().iccid
    for terms in (Terms(plan="barter"), Terms(early_termination_fee=-1), Terms(depends_on_id=12345)):
        with refused("conflict", Conflict):
            give(cast, card=card, terms=terms)
