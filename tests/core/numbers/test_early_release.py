"""Ending a quarantine early: two people, a reason, the floor; and what a friend of somebody's would try."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core.actor import NUMBER_MANAGER, Actor
from lastcall.core.audit.auditor import audit
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.audit.sequencer import sequence
from lastcall.core.closing.case import Case
from lastcall.core.errors import BadInput, Conflict, NotAllowed, NotFound
from lastcall.core.numbers import early_release
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.number import Quarantine
from lastcall.core.numbers.port import give_back, order_port_out, port_out
from lastcall.core.numbers.release_request import REASONS, ReleaseRequest
from lastcall.core.numbers.sweep import Swept, sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Plan
from lastcall.core.subscribers.file import set_legal_hold
from tests.cast import FREE_MSISDN, IRINA, LI_WEI_MSISDN, NIKOLAI, OLGA, Cast
from tests.core.tools import change, nothing_changes, only, refused, some

NADIA = Actor(NUMBER_MANAGER, "nadia", "desk")
NINA = Actor(NUMBER_MANAGER, "nina", "desk")
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def resting(cast: Cast, *, days: int = 61) -> None:
    """Li Wei's number in quarantine, so many days after the network confirmed its end."""
    cast.closed()
    cast.time.advance(days * DAY)
    sweep(cast.base)


def ask(
    cast: Cast,
    *,
    by: Actor = NIKOLAI,
    msisdn: int = LI_WEI_MSISDN,
    reason: str = "shortage",
    reference: str = "ORD-2026/17",
) -> ReleaseRequest:
    return early_release.ask(cast.base, msisdn=msisdn, reason=reason, reference=reference, policy=cast.policy, actor=by)


def approve(cast: Cast, request: ReleaseRequest, *, by: Actor = NADIA) -> ReleaseRequest:
    return early_release.approve(cast.base, request_id=request.id, policy=cast.policy, actor=by)


def state(cast: Cast) -> str:
    return cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state


def tenure(cast: Cast) -> Tenure:
    return only(cast.base, Tenure, msisdn=LI_WEI_MSISDN)


def is_sound(cast: Cast) -> bool:
    sequence(cast.base)
    return audit(cast.base).ok


def test_one_asks_another_approves_and_the_sweep_releases(cast: Cast) -> None:
    resting(cast)
    before = tenure(cast).quarantine_until
    request = ask(cast)
    assert request.until == cast.time.now() + timedelta(hours=cast.policy.numbers_early_release_hours)
    assert sweep(cast.base) == Swept(0, 0, 0)
    cast.time.advance(timedelta(hours=5))
    assert approve(cast, request).state == "approved"
    now = cast.time.now()
    assert before is not None and before > now
    assert tenure(cast).quarantine_until == now == only(cast.base, Quarantine).quarantine_until
    assert state(cast) == "quarantined"
    assert sweep(cast.base) == Swept(quarantined=0, released=1, reservations_ended=0)
    assert state(cast) == "available"
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    assert is_sound(cast)


def test_nobody_gets_the_number_between_approval_and_sweep(cast: Cast) -> None:
    resting(cast)
    approve(cast, ask(cast))
    with pytest.raises(NotAllowed):
        cast.give_line(cast.sergei, LI_WEI_MSISDN)
    assert is_sound(cast)


def test_each_change_leaves_one_event_without_a_number_or_the_orders_words(cast: Cast) -> None:
    resting(cast)
    request = ask(cast)
    approve(cast, request)
    told = [event for event in some(cast.base, Event) if "earl" in event.kind]
    assert [(event.kind, event.actor, event.reason, event.source, event.target) for event in told] == [
        ("number.early_release_asked", "number_manager:nikolai", "shortage", "", ""),
        ("number.released_early", "number_manager:nadia", "shortage", "quarantined", "quarantined"),
    ]
    assert {event.subject_id for event in told} == {tenure(cast).id}
    assert told[1].data["asked_by"] == "nikolai"
    assert [personal(event) for event in told] == ["", ""]
    assert "ORD-2026" not in repr(told)


def test_nobody_does_it_alone(cast: Cast) -> None:
    resting(cast)
    request = ask(cast)
    with refused("own_request"):
        approve(cast, request, by=NIKOLAI)
    with refused("own_request"):
        early_release.refuse(cast.base, request_id=request.id, actor=NIKOLAI)
    assert state(cast) == "quarantined"


def test_nobody_does_it_without_a_reason(cast: Cast) -> None:
    resting(cast)
    for reason in ("", "friend", "shortage "):
        with refused("bad_reason", BadInput):
            ask(cast, reason=reason)


def test_the_reference_is_an_orders_own(cast: Cast) -> None:
    resting(cast)
    none, short, phone, long, passport, lines, name = "", "17", "89000001001", "x1" * 21, "E12345678", "a\nb1", "Sergei"
    for reference in (none, short, phone, long, passport, lines, name):
        with refused("bad_reference", BadInput):
            ask(cast, reference=reference)


def test_only_number_managers_ask_and_approve(cast: Cast) -> None:
    resting(cast)
    others = (OLGA, IRINA, Actor("administrator", "alla", "desk"), Actor("system", "worker", "system"))
    for actor in others:
        with refused("not_allowed", NotAllowed):
            ask(cast, by=actor)
    request = ask(cast)
    for actor in others:
        with refused("not_allowed", NotAllowed):
            approve(cast, request, by=actor)


def test_a_number_that_never_rested_has_no_quarantine_to_end(cast: Cast) -> None:
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        with refused("not_allowed", NotAllowed):
            ask(cast, msisdn=msisdn)


def test_never_from_pending_release(cast: Cast) -> None:
    cast.closed()
    cast.time.advance(10 * DAY)
    with refused("not_allowed", NotAllowed):
        ask(cast)


def test_never_below_the_floor_counted_from_the_confirmed_cease(cast: Cast) -> None:
    cast.policy = replace(cast.policy, reactivation_window_days=30)
    receipt = cast.closed()
    confirmed = cast.case(receipt).network_confirmed_at
    assert confirmed is not None
    cast.time.advance(confirmed + 60 * DAY - TICK - cast.time.now())
    sweep(cast.base)
    assert state(cast) == "quarantined"
    with refused("below_floor"):
        ask(cast)
    cast.time.advance(TICK)
    approve(cast, ask(cast))
    assert is_sound(cast)


def test_the_stricter_floor_holds_the_frozen_one_or_todays(cast: Cast) -> None:
    resting(cast)
    stricter = replace(cast.policy, quarantine_floor_days=90)
    with refused("below_floor"):
        early_release.ask(
            cast.base, msisdn=LI_WEI_MSISDN, reason="shortage", reference="ORD-1", policy=stricter, actor=NIKOLAI
        )
    request = ask(cast)
    with refused("below_floor"):
        early_release.approve(cast.base, request_id=request.id, policy=stricter, actor=NADIA)


def test_whoever_had_a_part_in_the_closing_neither_asks_nor_approves(cast: Cast) -> None:
    resting(cast)
    olga = Actor(NUMBER_MANAGER, "olga", "desk")
    with refused("took_part"):
        ask(cast, by=olga)
    request = ask(cast)
    with refused("took_part"):
        approve(cast, request, by=olga)


def test_whoever_decided_the_closing_does_not_approve(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    cast.approve(receipt)
    cast.work()
    cast.time.advance(9 * DAY)
    cast.work()
    assert cast.case(receipt).state == "closed"
    cast.time.advance(61 * DAY)
    sweep(cast.base)
    request = ask(cast)
    with refused("took_part"):
        approve(cast, request, by=Actor(NUMBER_MANAGER, "irina", "desk"))


def test_not_under_a_legal_hold(cast: Cast) -> None:
    resting(cast)
    assert cast.li_wei.line is not None
    request = ask(cast)
    set_legal_hold(cast.base, line_id=cast.li_wei.line.id, held=True, actor=IRINA)
    with refused("legal_hold"):
        approve(cast, request)
    set_legal_hold(cast.base, line_id=cast.li_wei.line.id, held=False, actor=IRINA)
    approve(cast, request)
    assert is_sound(cast)


def test_asking_twice_is_refused_until_the_first_has_lapsed(cast: Cast) -> None:
    resting(cast)
    first = ask(cast)
    with refused("asked_already"):
        ask(cast, by=NADIA)
    cast.time.advance(first.until - cast.time.now())
    second = ask(cast, by=NADIA)
    assert [row.state for row in some(cast.base, ReleaseRequest)] == ["lapsed", "asked"]
    assert approve(cast, second, by=NIKOLAI).decided_by == "nikolai"


def test_a_request_lapses(cast: Cast) -> None:
    resting(cast)
    request = ask(cast)
    cast.time.advance(request.until - cast.time.now() - TICK)
    assert cast.base.transact(lambda rows: rows.count(ReleaseRequest, {})) == 1
    assert early_release.open_requests(cast.base) == (request,)
    cast.time.advance(TICK)
    assert early_release.open_requests(cast.base) == ()
    with refused("request_lapsed"):
        approve(cast, request)


def test_approving_twice_is_refused(cast: Cast) -> None:
    resting(cast)
    request = ask(cast)
    approve(cast, request)
    for by in (NADIA, NINA):
        with refused("not_allowed", NotAllowed):
            approve(cast, request, by=by)
    with refused("quarantine_over"):
        ask(cast)


def test_what_was_refused_or_taken_back_is_not_approved(cast: Cast) -> None:
    resting(cast)
    first = ask(cast)
    assert early_release.refuse(cast.base, request_id=first.id, actor=NADIA).state == "refused"
    second = ask(cast)
    with refused("anothers_request"):
        early_release.take_back(cast.base, request_id=second.id, actor=NADIA)
    assert early_release.take_back(cast.base, request_id=second.id, actor=NIKOLAI).state == "withdrawn"
    for request in (first, second):
        with refused("not_allowed", NotAllowed):
            approve(cast, request, by=NINA)
    assert sweep(cast.base) == Swept(0, 0, 0)


def test_too_late_the_quarantine_has_run_out_by_itself(cast: Cast) -> None:
    resting(cast, days=178)
    request = ask(cast)
    cast.time.advance(2 * DAY + timedelta(hours=1))
    with refused("quarantine_over"):
        approve(cast, request)
    sweep(cast.base)
    with refused("not_allowed", NotAllowed):
        approve(cast, request)


def test_a_request_never_reaches_the_next_holders_rest(cast: Cast) -> None:
    resting(cast, days=178)
    request = ask(cast)
    change(cast.base, ReleaseRequest, request.id, until=cast.time.now() + 900 * DAY)
    cast.time.advance(3 * DAY)
    sweep(cast.base)
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    cast.time.advance(60 * DAY)
    cast.closed(cast.sergei)
    cast.time.advance(70 * DAY)
    sweep(cast.base)
    with refused("quarantine_over"):
        approve(cast, request)


def test_a_ported_number_rests_its_floor_from_its_return(cast: Cast) -> None:
    line = cast.li_wei.line
    assert line is not None
    order_port_out(cast.base, line_id=line.id, actor=NIKOLAI)
    port_out(cast.base, line_id=line.id, actor=NIKOLAI)
    cast.time.advance(100 * DAY)
    give_back(cast.base, msisdn=LI_WEI_MSISDN, policy=cast.policy, actor=NIKOLAI)
    cast.time.advance(59 * DAY)
    with refused("below_floor"):
        ask(cast)
    cast.time.advance(DAY)
    approve(cast, ask(cast))
    assert sweep(cast.base).released == 1
    assert is_sound(cast)


def test_an_unknown_request_is_not_found(cast: Cast) -> None:
    with refused("not_found", NotFound):
        early_release.approve(cast.base, request_id=17, policy=cast.policy, actor=NADIA)


def test_the_database_itself_shortens_no_quarantine_without_an_approved_request(cast: Cast) -> None:
    resting(cast)
    ask(cast)
    held, now = tenure(cast), cast.time.now()
    shorter = Change(Tenure, {"id": held.id}, {"quarantine_until": now})
    with nothing_changes(), pytest.raises(Conflict):
        cast.base.transact(lambda rows: rows.apply(Plan((shorter,))))


def test_the_database_itself_keeps_one_person_from_approving(cast: Cast) -> None:
    resting(cast)
    request = ask(cast)
    alone = {"state": "approved", "decided_by": "nikolai", "decided_at": cast.time.now()}
    with nothing_changes(), pytest.raises(Conflict):
        cast.base.transact(lambda rows: rows.apply(Plan((Change(ReleaseRequest, {"id": request.id}, alone),))))


def test_every_reason_is_taken(cast: Cast) -> None:
    resting(cast)
    for reason in REASONS:
        early_release.take_back(cast.base, request_id=ask(cast, reason=reason).id, actor=NIKOLAI)
    assert {row.reason for row in some(cast.base, ReleaseRequest)} == set(REASONS)


def test_what_a_case_froze_is_not_moved(cast: Cast) -> None:
    resting(cast)
    before = only(cast.base, Case, claimed_msisdn=LI_WEI_MSISDN)
    approve(cast, ask(cast))
    assert only(cast.base, Case, claimed_msisdn=LI_WEI_MSISDN) == before
