"""Another subscriber takes a line over: in one moment, on a new SIM, and nothing rests."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from lastcall.core.actor import AGENT, HOLDER, REVIEWER, STRANGER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.closing import freeze
from lastcall.core.closing.case import Case
from lastcall.core.errors import Conflict, LastcallError, NotAllowed, NotFound, Refused
from lastcall.core.job import Job
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.port import order_port_out, port_out
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.status import tenure_status
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.numbers.timeline import read_timeline
from lastcall.core.numbers.transfer import transfer
from lastcall.core.plan import Insert, Plan
from lastcall.core.subscribers.file import set_legal_hold, set_line_lock
from lastcall.core.subscribers.line import Line
from tests.cast import IRINA, LI_WEI_MSISDN, NIKOLAI, OLGA, ON_THE_WEB, Cast
from tests.core.audit import stories
from tests.core.tools import change, only, race, refused, some, winners


def line_id(cast: Cast) -> int:
    assert cast.li_wei.line is not None
    return cast.li_wei.line.id


def to_sergei(cast: Cast, *, by: Actor = OLGA, card: str = "") -> Line:
    return transfer(
        cast.base, line_id=line_id(cast), to_subscriber_id=cast.sergei.subscriber.id, iccid=card or cast.new_sim().iccid,
        actor=by,
    )  # fmt: skip


def tenures(cast: Cast) -> list[Tenure]:
    return sorted(some(cast.base, Tenure, msisdn=LI_WEI_MSISDN), key=lambda tenure: tenure.ordinal)


def entry_of(cast: Cast, line: Line) -> object:
    return cast.elements.hlr.look(only(cast.base, Sim, id=line.sim_id).imsi)


def test_one_tenure_ends_in_the_moment_in_which_the_next_begins(cast: Cast) -> None:
    line = to_sergei(cast)
    before, after = tenures(cast)
    now = cast.time.now()
    assert (before.until, before.ending, before.quarantine_until) == (now, "transferred", None)
    assert (after.since, after.until, after.follows_id) == (now, None, None)
    assert after.subscriber_id == cast.sergei.subscriber.id and line.tenure_id == after.id
    assert only(cast.base, Line, id=line_id(cast)).closed_at == now
    assert only(cast.base, Line, id=line.id).title_changed_at == now
    assert cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state == "in_service"


def test_the_old_sim_is_dead_and_off_the_network_before_the_new_one_is_on_it(cast: Cast) -> None:
    old, line = cast.sim_of(cast.li_wei), to_sergei(cast)
    assert only(cast.base, Sim, id=old.id).state == "dead"
    cast.work()
    assert cast.elements.hlr.look(old.imsi) is None
    entry = cast.elements.hlr.look(only(cast.base, Sim, id=line.sim_id).imsi)
    assert entry is not None and entry.in_service and entry.msisdn == str(LI_WEI_MSISDN)
    assert {job.kind for job in some(cast.base, Job, subject_id=line.id)} == {"billing.open", "hlr.provision"}
    assert stories.broken(cast) == set()


def test_the_former_sim_comes_off_the_network_even_if_the_new_line_has_ended(cast: Cast) -> None:
    old, line = cast.sim_of(cast.li_wei), to_sergei(cast)
    order_port_out(cast.base, line_id=line.id, actor=NIKOLAI)
    port_out(cast.base, line_id=line.id, actor=NIKOLAI)
    cast.work()
    assert cast.elements.hlr.look(old.imsi) is None and entry_of(cast, line) is None
    assert stories.broken(cast) == set()


def test_its_events_name_tenures_and_nobody(cast: Cast) -> None:
    to_sergei(cast)
    before, after = tenures(cast)
    told = [event for event in some(cast.base, Event, subject="tenure") if event.at == cast.time.now()]
    assert sorted((event.kind, event.subject_id, event.reason) for event in told) == sorted(
        [("number.transferred", before.id, ""), ("number.assigned", after.id, "transfer")]
    )
    assert all((event.source, event.target) == ("in_service", "in_service") for event in told)
    assert not any(map(personal, some(cast.base, Event)))


def test_who_gave_the_line_away_and_the_number_room_see_that_it_was_taken_over(cast: Cast) -> None:
    to_sergei(cast)
    before, after = tenures(cast)
    assert cast.base.transact(lambda rows: tenure_status(rows, before)).state == "transferred"
    assert cast.base.transact(lambda rows: tenure_status(rows, after)).state == "in_service"
    codes = [(moment.code, moment.holder) for moment in read_timeline(cast.base, msisdn=LI_WEI_MSISDN).past]
    assert ("transferred", "A") in codes and ("taken_over", "B") in codes


def test_once_the_new_holder_leaves_the_number_rests_as_any_other(cast: Cast) -> None:
    cast.sergei.line, cast.sergei.msisdn = to_sergei(cast), LI_WEI_MSISDN
    cast.work()
    cast.time.advance(timedelta(days=30))
    cast.elements.billing.top_up(cast.sergei.line.id, amount=5_000, key="first")
    cast.closed(cast.sergei)
    assert [tenure.ending for tenure in tenures(cast)] == ["transferred", "ceased"]
    assert stories.broken(cast) == set()


def test_only_counter_and_number_room_transfer(cast: Cast) -> None:
    card = cast.new_sim().iccid
    for role in (HOLDER, STRANGER, AGENT, REVIEWER):
        with refused("not_allowed", NotAllowed):
            to_sergei(cast, by=Actor(role, "vera", "store"), card=card)


def test_nothing_is_taken_over_under_a_lock_a_hold_or_an_order(cast: Cast) -> None:
    card = cast.new_sim().iccid
    set_line_lock(cast.base, line_id=line_id(cast), locked=True, actor=OLGA)
    with refused("line_locked"):
        to_sergei(cast, card=card)
    set_line_lock(cast.base, line_id=line_id(cast), locked=False, actor=OLGA)
    set_legal_hold(cast.base, line_id=line_id(cast), held=True, actor=IRINA)
    with refused("legal_hold"):
        to_sergei(cast, card=card)
    set_legal_hold(cast.base, line_id=line_id(cast), held=False, actor=IRINA)
    order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    with refused("port_out_ordered"):
        to_sergei(cast, card=card)


def test_nothing_is_taken_over_while_it_is_being_closed(cast: Cast) -> None:
    card, receipt = cast.new_sim().iccid, cast.declare()
    with refused("case_open"):
        to_sergei(cast, card=card)
    freeze.freeze(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    with refused("case_open"):
        to_sergei(cast, card=card)


def test_nothing_is_taken_over_once_its_cease_has_begun(cast: Cast) -> None:
    card = cast.new_sim().iccid
    change(cast.base, Line, line_id(cast), ceasing_at=cast.time.now())
    with refused("being_closed"):
        to_sergei(cast, card=card)


def test_a_line_that_has_ended_or_never_was_has_nothing_to_give(cast: Cast) -> None:
    card = cast.new_sim().iccid
    with refused("not_found", NotFound):
        transfer(cast.base, line_id=1, to_subscriber_id=cast.sergei.subscriber.id, iccid=card, actor=OLGA)
    with refused("not_found", NotFound):
        transfer(cast.base, line_id=line_id(cast), to_subscriber_id=1, iccid=card, actor=OLGA)
    cast.closed()
    with refused("line_ended"):
        to_sergei(cast, card=card)


def test_nobody_takes_over_from_themselves_or_on_a_sim_that_was_used(cast: Cast) -> None:
    with refused("same_subscriber"):
        transfer(
            cast.base, line_id=line_id(cast), to_subscriber_id=cast.li_wei.subscriber.id, iccid=cast.sim_of(cast.anna).iccid,
            actor=OLGA,
        )  # fmt: skip
    for used in (cast.sim_of(cast.anna).iccid, cast.sim_of(cast.li_wei).iccid):
        with refused("not_allowed", NotAllowed):
            to_sergei(cast, card=used)


def test_twice_is_once(cast: Cast) -> None:
    to_sergei(cast)
    card = cast.new_sim().iccid
    with refused("line_ended"):
        to_sergei(cast, card=card)


def test_past_the_service_no_tenure_follows_but_in_that_moment(cast: Cast) -> None:
    to_sergei(cast)
    after = tenures(cast)[1]
    now = cast.time.now()
    change(cast.base, Tenure, after.id, until=now, ending="transferred")
    values = {"id": 1, "msisdn": LI_WEI_MSISDN, "ordinal": 3, "subscriber_id": cast.anna.subscriber.id, "since": now}
    for wrong in (
        {"since": now + timedelta(seconds=1)},
        {"subscriber_id": after.subscriber_id},
        {"follows_id": after.id},
    ):
        with refused("conflict", Conflict):
            cast.base.transact(lambda rows, wrong=wrong: rows.apply(Plan((Insert(Tenure(**(values | wrong))),))))  # type: ignore[misc]
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(Tenure(**values)),))))  # type: ignore[arg-type]


def test_eight_at_once_are_one(cast: Cast) -> None:
    cards = [cast.new_sim().iccid for _ in range(8)]
    outcomes = race(*(lambda card=card: to_sergei(cast, card=card) for card in cards))
    assert len(winners(outcomes)) == 1
    assert all(
        isinstance(each, Conflict | Refused | NotAllowed) for each in outcomes if isinstance(each, LastcallError)
    )
    assert len(some(cast.base, Sim, state="in_stock")) == 7
    cast.work()
    assert stories.broken(cast) == set()


def test_a_declaration_in_the_same_moment_wins_or_never_touches_the_new_holder(cast: Cast) -> None:
    """It may have read the line just before that went over; then it is bound to a tenure that has ended, and comes to nothing."""
    card = cast.new_sim().iccid
    race(partial(to_sergei, cast, card=card), cast.declare, cast.declare)
    cast.work()
    held = tenures(cast)
    cases = [case for case in some(cast.base, Case) if case.line_id == line_id(cast)]
    assert {case.tenure_id for case in cases} <= {held[0].id}
    cast.time.advance(timedelta(days=cast.policy.termination_lapse_days + 1))
    cast.work()
    assert {case.state for case in some(cast.base, Case)} <= {"lapsed", "rejected"}
    assert held[-1].until is None and tenures(cast)[-1] == held[-1]
    assert stories.broken(cast) == set()
