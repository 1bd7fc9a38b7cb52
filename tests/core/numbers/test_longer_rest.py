"""The leaver asks for a longer rest of the number: once, while it rests, as the policy frozen into their case offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.errors import BadInput, Conflict, LastcallError, NotAllowed, Refused
from lastcall.core.job import Job
from lastcall.core.numbers import early_release, longer_rest, notice
from lastcall.core.numbers.assign import assign
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.longer_rest import Choice
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.numbers.status import get_number_status
from lastcall.core.numbers.sweep import Swept, sweep
from lastcall.core.numbers.tenure import Tenure
from tests.cast import IRINA, LI_WEI_MSISDN, NIKOLAI, OLGA, ON_THE_WEB, SOMEBODY, TIMUR, Cast
from tests.core.audit import stories
from tests.core.tools import change, only, race, refused, some, winners

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def left(cast: Cast) -> Case:
    """Li Wei's closed case."""
    return cast.case(cast.closed())


def ask(cast: Cast, case: Case, *, days: int = 90) -> datetime:
    return longer_rest.ask(cast.base, case=case, days=days, actor=ON_THE_WEB)


def tenure(cast: Cast) -> Tenure:
    return only(cast.base, Tenure, msisdn=LI_WEI_MSISDN)


def end(cast: Cast) -> datetime:
    until = tenure(cast).quarantine_until
    assert until is not None
    return until


def offered(cast: Cast, case: Case) -> tuple[int, ...]:
    return tuple(choice.days for choice in longer_rest.offer(cast.base, case=case).choices)


def test_while_it_is_pending_release_place_and_tenure_move_together(cast: Cast) -> None:
    case = left(cast)
    was, reclaim = end(cast), tenure(cast).reclaim_until
    assert longer_rest.offer(cast.base, case=case).choices == (
        Choice(90, was + 90 * DAY), Choice(180, was + 180 * DAY),
    )  # fmt: skip
    assert ask(cast, case) == was + 90 * DAY == end(cast) == only(cast.base, PendingRelease).quarantine_until
    assert tenure(cast).reclaim_until == reclaim
    assert get_number_status(cast.base, LI_WEI_MSISDN).quarantine_until == was + 90 * DAY
    assert stories.broken(cast) == set()


def test_in_quarantine_too_and_the_sweep_keeps_the_new_date(cast: Cast) -> None:
    case = left(cast)
    cast.time.advance(61 * DAY)
    sweep(cast.base)
    until = ask(cast, case, days=180)
    assert only(cast.base, Quarantine).quarantine_until == until == end(cast)
    cast.time.advance(until - cast.time.now() - TICK)
    assert sweep(cast.base, policy=cast.policy) == Swept(0, 0, 0)
    card = cast.new_sim().iccid
    with refused("not_allowed", NotAllowed):
        assign(cast.base, msisdn=LI_WEI_MSISDN, iccid=card, subscriber_id=cast.sergei.subscriber.id, actor=OLGA)
    cast.time.advance(TICK)
    assert sweep(cast.base, policy=cast.policy).released == 1
    assert stories.broken(cast) == set()


def test_one_event_tells_what_moved(cast: Cast) -> None:
    case, was = left(cast), end(cast)
    until = ask(cast, case)
    event = only(cast.base, Event, kind="number.rest_extended")
    assert (event.subject_id, event.case_id, event.reason) == (tenure(cast).id, case.id, "asked_by_leaver")
    assert (event.actor, event.source, event.target) == ("holder:-", "pending_release", "pending_release")
    assert event.data == {"was": was.isoformat(), "until": until.isoformat(), "days": 90}


def test_the_sim_stays_barred_in_the_hlr_as_long_as_the_number_rests(cast: Cast) -> None:
    case = left(cast)
    until = ask(cast, case)
    cast.time.advance(until - cast.time.now() - DAY)
    cast.work()
    assert cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi) is not None
    assert [job.due_at for job in some(cast.base, Job, kind="hlr.remove", state="queued")] == [until]
    cast.time.advance(DAY)
    cast.work()
    assert cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi) is None


def test_it_is_the_leavers_own_wish(cast: Cast) -> None:
    case = left(cast)
    for actor in (OLGA, TIMUR, IRINA, NIKOLAI, SOMEBODY):
        with refused("not_allowed", NotAllowed):
            longer_rest.ask(cast.base, case=case, days=90, actor=actor)


def test_a_rest_is_made_longer_once(cast: Cast) -> None:
    case = left(cast)
    ask(cast, case)
    assert longer_rest.offer(cast.base, case=case) == longer_rest.Offer((), cast.time.now())
    with refused("asked_already"):
        ask(cast, case)


def test_only_what_the_policy_of_the_case_offers_within_its_bound(cast: Cast) -> None:
    case = left(cast)
    for days in (0, -90, 30, 365):
        with refused("bad_days", BadInput):
            ask(cast, case, days=days)
    assert offered(cast, case) == (90, 180)
    bounded = replace(cast.policy, quarantine_longer_days_max=90)
    change(cast.base, Case, case.id, policy=bounded.as_json())
    assert offered(cast, cast_case(cast, case)) == (90,)
    nothing = replace(cast.policy, quarantine_longer_days=())
    change(cast.base, Case, case.id, policy=nothing.as_json())
    with refused("not_offered"):
        ask(cast, cast_case(cast, case))
    assert offered(cast, cast_case(cast, case)) == ()


def cast_case(cast: Cast, case: Case) -> Case:
    return only(cast.base, Case, id=case.id)


def test_before_the_line_is_closed_there_is_no_rest(cast: Cast) -> None:
    case = cast.case(cast.on_hold())
    with refused("not_closed"):
        ask(cast, case)
    assert offered(cast, case) == ()


def test_once_the_rest_is_over_it_is_too_late(cast: Cast) -> None:
    case = left(cast)
    cast.time.advance(end(cast) - cast.time.now())
    sweep(cast.base)
    assert read(cast) == "available"
    with refused("not_resting"):
        ask(cast, case)


def read(cast: Cast) -> str:
    return cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state


def test_between_its_date_and_the_sweep_it_is_too_late(cast: Cast) -> None:
    case = left(cast)
    cast.time.advance(end(cast) - cast.time.now())
    with refused("quarantine_over"):
        ask(cast, case)
    assert offered(cast, case) == ()


def test_who_has_the_number_back_has_nothing_that_rests(cast: Cast) -> None:
    receipt = cast.closed()
    stories.have_back(cast, receipt, cast.li_wei)
    with refused("not_resting"):
        ask(cast, cast.case(receipt))


def test_two_number_managers_can_still_end_it(cast: Cast) -> None:
    case = left(cast)
    ask(cast, case)
    stories.end_quarantine_early(cast, LI_WEI_MSISDN)
    assert read(cast) == "available"
    assert stories.broken(cast) == set()
    assert early_release.open_requests(cast.base) == ()


def test_an_announcement_of_the_earlier_date_is_taken_back(cast: Cast) -> None:
    case, kept = left(cast), tenure(cast).id
    cast.base.transact(lambda rows: notice.note_announced(rows, kept, cast.time.now()))
    ask(cast, case)
    assert cast.base.transact(lambda rows: notice.notice_given(rows, kept)) is None


def test_eight_clicks_at_once_are_one(cast: Cast) -> None:
    case, was = left(cast), end(cast)
    outcomes = race(*(lambda: ask(cast, case) for _ in range(8)))
    assert len(winners(outcomes)) == 1
    assert all(isinstance(each, Conflict | Refused) for each in outcomes if isinstance(each, LastcallError))
    assert end(cast) == was + 90 * DAY


def test_a_sweep_in_the_same_moment_takes_the_number_along_or_comes_after(cast: Cast) -> None:
    case = left(cast)
    cast.time.advance(61 * DAY)
    race(lambda: ask(cast, case), lambda: sweep(cast.base), lambda: sweep(cast.base))
    assert read(cast) == "quarantined" and only(cast.base, Quarantine).quarantine_until == end(cast)
    assert stories.broken(cast) == set()
