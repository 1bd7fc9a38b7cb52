"""Counts and times of a story whose numbers are known by hand."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import InternalError, connections

from lastcall.core import clock
from lastcall.core.counter.ticket import Ticket
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.figures import report as reports
from lastcall.core.figures.cases import Reviews, open_cases, reviews
from lastcall.core.figures.flow import daily
from lastcall.core.figures.period import Period, last_days
from lastcall.core.figures.reading import read
from lastcall.core.figures.reasons import Reason, failing_now, held_up, identity_refusals
from lastcall.core.figures.snapshot import Pools, Snapshots
from lastcall.core.figures.steps import Step, steps, targets
from lastcall.core.figures.totals import Running, totals
from lastcall.core.figures.troubles import (
    dead,
    hlr_errors,
    hlr_errors_ever,
    messages,
    open_alerts,
    open_work,
    texts_failed,
)
from lastcall.core.figures.waiting import Queue, calls_waiting, tickets_waiting, waited
from lastcall.core.hotline.call import Call
from lastcall.core.job import Job
from lastcall.core.plan import Insert, Plan
from lastcall.core.staff.shop import Shop
from lastcall.core.texting.submission import Submission
from lastcall.core.work import Worker
from tests.cast import FREE_MSISDN, Cast
from tests.core.figures.story import HOUR, accepted, begun, closed

MOSCOW = ZoneInfo("Europe/Moscow")


def month() -> Period:
    """The last 28 days."""
    return last_days(28, now=clock.now(), zone=MOSCOW)


def test_open_cases_are_counted_by_state_and_age(cast: Cast) -> None:
    accepted(cast)
    now = clock.now()
    found = {one.state: one.groups for one in read(lambda rows: open_cases(rows, now=now))}
    young, none = (1, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0)
    assert found == {
        "declared": none,
        "checking": none,
        "waiting": young,
        "review": young,
        "on_hold": young,
        "ceasing": none,
    }
    waiting = read(lambda rows: open_cases(rows, now=now + timedelta(days=3)))[2]
    assert (waiting.groups, waiting.seconds) == ((0, 0, 1, 0, 0, 0), 3 * 86_400 + 3 * 3_600)
    by_phone = read(lambda rows: open_cases(rows, now=now, door="hotline"))
    assert {one.state for one in by_phone if one.count} == {"review"}


def test_a_review_past_its_deadline_is_counted(cast: Cast) -> None:
    accepted(cast)
    now = clock.now()
    assert read(lambda rows: reviews(rows, now=now)) == Reviews(1, 0)
    assert read(lambda rows: reviews(rows, now=now + timedelta(hours=23))) == Reviews(1, 1)
    assert read(lambda rows: reviews(rows, now=now, door="portal")) == Reviews(0, 0)


def test_what_came_and_what_ended_is_counted_by_day_door_and_language(cast: Cast) -> None:
    closed(cast)
    found = [(one.day, one.what, one.door, one.language, one.count) for one in read(lambda rows: daily(rows, month()))]
    ended = clock.now().astimezone(MOSCOW).date()
    assert found == [
        (date(2026, 3, 13), "declared", "hotline", "ru", 1),
        (date(2026, 3, 13), "declared", "portal", "zh-hans", 2),
        (ended, "closed", "portal", "zh-hans", 1),
        (ended, "withdrawn", "hotline", "ru", 1),
    ]
    by_phone = read(lambda rows: daily(rows, month(), door="hotline"))
    assert [one.what for one in by_phone] == ["declared", "withdrawn"]


def test_a_day_begins_at_midnight_on_the_operators_clocks(cast: Cast) -> None:
    cast.time.advance(12 * HOUR - timedelta(seconds=1))
    cast.declare()
    cast.time.advance(timedelta(seconds=1))
    cast.declare()
    days = Counter(one.day for one in read(lambda rows: daily(rows, month())))
    assert days == {date(2026, 3, 13): 1, date(2026, 3, 14): 1}


def test_steps_are_measured_against_their_targets(cast: Cast) -> None:
    closed(cast)
    aims = targets(cast.policy)
    found = read(lambda rows: steps(rows, since=month().since, until=month().until, policy=cast.policy))
    assert found == (
        Step("receipt", aims["receipt"]),
        Step("identity", 48 * 3_600, count=2, total=4 * 3_600, median=3_600, ninth=3 * 3_600, within=2),
        Step("acceptance", 24 * 3_600, count=2, total=5 * 3_600, median=0, ninth=5 * 3_600, within=2),
        Step("review", 24 * 3_600, count=1, total=5 * 3_600, median=5 * 3_600, ninth=5 * 3_600, within=1),
        Step("cease", 3_600, count=1, total=1_200, median=1_200, ninth=1_200, within=1),
        Step("refund", 30 * 86_400, count=1, median=0, ninth=0, within=1),
    )
    by_phone = read(
        lambda rows: steps(rows, since=month().since, until=month().until, policy=cast.policy, door="hotline")
    )
    assert [one.count for one in by_phone] == [0, 1, 1, 1, 0, 0]


def test_the_reasons_for_which_cases_wait_are_counted(cast: Cast) -> None:
    begun(cast)
    assert read(failing_now) == (
        Reason("identity", "failed", "identity_missing", 2),
        Reason("sim_custody", "failed", "sim_undecided", 2),
        Reason("declared_act", "failed", "act_not_completed", 1),
        Reason("line_known", "failed", "line_not_known", 1),
    )
    assert len(read(lambda rows: failing_now(rows, door="hotline"))) == 3


def test_what_held_cases_up_stays_counted_when_they_have_gone_on(cast: Cast) -> None:
    closed(cast)
    assert {(one.reason, one.cases) for one in read(failing_now)} == {("line_not_known", 1)}
    found = {(one.outcome, one.reason): one.cases for one in read(lambda rows: held_up(rows, month()))}
    assert found["failed", "identity_missing"] == 2 and found["person", "remote_identity"] == 1
    by_web = {one.reason for one in read(lambda rows: held_up(rows, month(), door="portal"))}
    assert "remote_identity" not in by_web and "identity_missing" in by_web
    assert read(lambda rows: held_up(rows, Period(date(2026, 1, 1), date(2026, 2, 1), MOSCOW))) == ()


def test_refused_proofs_of_identity_are_counted_by_door(cast: Cast) -> None:
    accepted(cast)
    (found,) = read(lambda rows: identity_refusals(rows, month()))
    assert (found.door, found.what, found.count) == ("portal", "document", 1)
    assert read(lambda rows: identity_refusals(rows, month(), door="store")) == ()


def _trouble(code: str, *, permanent: bool) -> ElementTrouble:
    return ElementTrouble("the HLR did not answer", permanent=permanent, code=code)


def _order(cast: Cast, number: int, *codes: str) -> None:
    """An order that meets these troubles one after the other, and then is done; ``!`` gives it up."""
    queue = list(codes)

    def act(subject_id: int) -> None:
        if queue:
            code = queue.pop(0)
            raise _trouble(code.strip("!"), permanent=code.endswith("!"))

    cast.base.transact(
        lambda rows: rows.apply(
            Plan(
                (
                    Insert(
                        Job(
                            id=number,
                            kind="hlr.remove",
                            subject_id=number,
                            about="",
                            state="queued",
                            due_at=clock.now(),
                        )
                    ),
                )
            )
        )
    )
    worker = Worker(cast.base, {"hlr.remove": act})
    for _ in range(len(codes)):
        worker.run_one()
        cast.time.advance(timedelta(minutes=1))


def test_errors_of_the_hlr_are_counted_by_code_and_by_what_became_of_the_order(cast: Cast) -> None:
    _order(cast, 1, "timeout")
    Worker(cast.base, {"hlr.remove": lambda _: None}).run_until_idle()
    _order(cast, 2, "timeout", "unknown_imsi!")
    _order(cast, 3, "bill_mismatch!")
    _order(cast, 4, "unreachable")
    now = clock.now()
    found = read(lambda rows: hlr_errors(rows, since=now - timedelta(days=1), until=now + HOUR))
    assert {(one.code, one.outcome, one.count) for one in found} == {
        ("timeout", "recovered", 1), ("unknown_imsi", "gave_up", 1), ("unreachable", "trying", 1),
    }  # fmt: skip
    ever = {(one.code, one.outcome, one.count) for one in read(hlr_errors_ever)}
    assert ever == {("timeout", "recovered", 1), ("unknown_imsi", "gave_up", 1)}
    old = read(lambda rows: hlr_errors(rows, since=now - timedelta(days=9), until=now - timedelta(days=8)))
    assert [one.code for one in old] == ["unreachable"]


def test_open_work_alerts_and_messages_are_counted(cast: Cast) -> None:
    _order(cast, 2, "unknown_imsi!")
    waiting = Job(id=5, kind="notice.send", subject_id=1, about="", state="queued", due_at=clock.now())
    later = Job(id=6, kind="notice.send", subject_id=2, about="", state="queued", due_at=clock.now() + HOUR)
    lost = Job(
        id=7, kind="code.send", subject_id=3, about="", state="dead", due_at=clock.now(), last_error="rejected: no"
    )
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(waiting), Insert(later), Insert(lost)))))
    work = read(lambda rows: open_work(rows, now=clock.now()))
    assert [(one.kind, one.state, one.count, one.due) for one in work] == [
        ("code.send", "dead", 1, 0), ("hlr.remove", "dead", 1, 0), ("notice.send", "queued", 2, 1),
    ]  # fmt: skip
    sending = messages(work)
    failed = Submission(
        key="k", message="notice:1", noted_at=clock.now(), outcome="failed", outcome_at=clock.now(), reason="EXPIRED"
    )
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(failed),))))
    now = clock.now()
    assert read(lambda rows: texts_failed(rows, since=now - HOUR, until=now + HOUR)) == 1
    assert read(lambda rows: texts_failed(rows, since=now + HOUR, until=now + 2 * HOUR)) == 0
    assert (dead(work), sending.waiting, sending.undeliverable) == (2, 1, 1)
    assert read(open_alerts) == {"hlr.remove": 1}
    assert work[2].oldest == waiting.due_at


def _tickets(cast: Cast) -> None:
    now = clock.now()
    shops = (
        Shop(id=1, code="centre", name="Centre", opened_at=now),
        Shop(id=2, code="north", name="North", opened_at=now),
    )

    def ticket(number: int, called: int | None) -> Ticket:
        at = None if called is None else now + timedelta(minutes=called)
        state, clerk = ("waiting", "") if at is None else ("done", f"olga{number}")
        return Ticket(
            id=number, shop_id=1, day=date(2026, 3, 13), letter="A", number=number, purpose="close_line", language="ru",
            token_key=f"token {number}", source_key="kiosk", state=state, issued_at=now, clerk=clerk, called_at=at, ended_at=at,
        )  # fmt: skip

    made = [ticket(number, number) for number in range(1, 11)] + [ticket(11, None), ticket(12, None)]
    cast.base.transact(lambda rows: rows.apply(Plan(tuple(map(Insert, (*shops, *made))))))


def test_waiting_in_the_shops_is_told_by_the_nearest_rank(cast: Cast) -> None:
    _tickets(cast)
    today = date(2026, 3, 13)
    assert read(lambda rows: tickets_waiting(rows, today=today)) == (Queue("centre", 2), Queue("north", 0))
    assert read(lambda rows: tickets_waiting(rows, today=today + timedelta(days=1))) == (
        Queue("centre", 0),
        Queue("north", 0),
    )
    (found,) = read(lambda rows: waited(rows, month(), target=8 * 60))
    assert (found.shop, found.count, found.median, found.ninth, found.within) == ("centre", 10, 5 * 60, 9 * 60, 8)
    assert read(lambda rows: waited(rows, month(), target=60, shop="north")) == ()


def test_callers_in_the_queue_are_counted(cast: Cast) -> None:
    now = clock.now()
    call = Call(
        id=1, revision=1, state="queued", channel_key="c", language="ru", began_at=now, wants_agent_at=now - HOUR
    )
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(call),))))
    found = read(lambda rows: calls_waiting(rows, now=now))
    assert (found.waiting, found.longest) == (1, 3_600)


def test_totals_carried_forward_are_the_same_as_those_counted_afresh(cast: Cast) -> None:
    running = Running()
    seen = [read(lambda rows: running.until(rows, clock.now()))]
    for tell in (
        lambda: cast.declare(FREE_MSISDN),
        lambda: cast.time.advance(3 * HOUR),
        lambda: closed(cast),
        lambda: cast.time.advance(9 * HOUR),
    ):
        tell()
        seen.append(read(lambda rows: running.until(rows, clock.now())))
    afresh = read(lambda rows: Running().until(rows, clock.now()))
    assert seen[-1] == afresh
    assert afresh.ended == {("closed", "portal"): 1, ("withdrawn", "hotline"): 1}
    assert (afresh.steps["cease"], afresh.seconds["cease"]) == (1, 1_200)
    for earlier, later in pairwise(seen):
        assert earlier.declared <= later.declared and earlier.ended <= later.ended and earlier.seconds <= later.seconds


def test_totals_of_an_hour_hold_only_that_hour(cast: Cast) -> None:
    begun(cast)
    now = clock.now()
    assert read(lambda rows: totals(rows, since=now - HOUR, until=now)).declared == {}
    assert read(lambda rows: totals(rows, since=now, until=now + HOUR)).declared.total() == 3


def test_an_empty_database_gives_zeros(cast: Cast) -> None:
    reports.forget()
    found = reports.report(period=month(), policy=cast.policy)
    assert (
        sum(one.count for one in found.cases) == 0 and found.daily == () and found.failing == () and found.alerts == {}
    )
    assert all(one.count == 0 and one.median is None for one in found.steps)
    assert found.waited == () and found.hlr_errors == () and found.refusals == ()


def test_a_report_is_kept_for_half_a_minute(cast: Cast) -> None:
    reports.forget()
    before = reports.report(period=month(), policy=cast.policy)
    begun(cast)
    assert reports.report(period=month(), policy=cast.policy) is before
    cast.time.advance(timedelta(seconds=31))
    assert len(reports.report(period=month(), policy=cast.policy).daily) == 2


def test_a_shop_that_is_not_open_is_refused(cast: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        reports.report(period=month(), policy=cast.policy, shop="nowhere")
    assert refused.value.code == "bad_shop"


@pytest.mark.parametrize("days", [0, 93])
def test_a_period_has_one_day_to_ninety_two(days: int, time: clock.ManualClock) -> None:
    with pytest.raises(BadInput) as refused:
        last_days(days, now=time.now(), zone=MOSCOW)
    assert refused.value.code == "bad_period"


def test_a_reading_can_write_nothing(cast: Cast) -> None:
    begun(cast)
    before = cast.base.transact(lambda rows: rows.count(Job, {}))
    with suppress(InternalError):  # PostgreSQL says so, SQLite undoes it
        read(lambda rows: rows.run("DELETE FROM work_job"))
    assert cast.base.transact(lambda rows: rows.count(Job, {})) == before > 0


def test_a_declaration_does_not_wait_for_a_long_reading(cast: Cast) -> None:
    def declare() -> None:
        cast.declare()
        connections.close_all()

    def long(rows: DatabaseStore) -> tuple[int, bool, int]:
        before = sum(one.count for one in open_cases(rows, now=clock.now()))
        other = Thread(target=declare)
        other.start()
        other.join(timeout=10)
        return before, other.is_alive(), sum(one.count for one in open_cases(rows, now=clock.now()))

    assert read(long) == (0, False, 0)
    assert sum(one.count for one in read(lambda rows: open_cases(rows, now=clock.now()))) == 1


def test_a_snapshot_holds_the_story(cast: Cast) -> None:
    closed(cast)
    taken = Snapshots().latest(cast.policy)
    assert taken.pools == Pools(pending_release=1, quarantined=0)
    assert [one.count for one in taken.recent] == [0, 2, 2, 1, 1, 1]
    assert taken.totals.declared == {("portal", "zh-hans"): 2, ("hotline", "ru"): 1}
    assert (taken.alerts, taken.calls.waiting, taken.tickets, taken.hlr_errors) == ({}, 0, (), ())
