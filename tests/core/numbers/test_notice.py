"""The notice period: what somebody relies on is released some days after that was announced, and never before anybody looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from lastcall.core import forgetting
from lastcall.core.audit.event import Event
from lastcall.core.errors import Conflict
from lastcall.core.numbers import early_release, notice
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.notice import Due
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.numbers.release_notice import NoticeWatch, ReleaseNotice
from lastcall.core.numbers.sweep import Swept, sweep
from lastcall.core.numbers.tenure import Tenure
from tests.cast import LI_WEI_MSISDN, NIKOLAI, Cast
from tests.core.audit import stories
from tests.core.numbers.test_sweep import ceased
from tests.core.tools import nothing_changes, only, some

DAY = timedelta(days=1)
NOTICE = 7 * DAY
_LATE = datetime(2099, 1, 1, tzinfo=UTC)


def swept(cast: Cast) -> Swept:
    return sweep(cast.base, policy=replace(cast.policy, notice_before_release_days=7))


def looked(cast: Cast, *, until: datetime | None = None, wanted: bool = True) -> None:
    """Whoever announces has looked; as far ahead as it should, when not said otherwise."""
    far = until or notice.horizon(replace(cast.policy, notice_before_release_days=7), cast.time.now())
    cast.base.transact(lambda rows: notice.note_looked(rows, notice.watch(rows), until=far, wanted=wanted))


def announced(cast: Cast) -> None:
    tenure_id, at = only(cast.base, Tenure, msisdn=LI_WEI_MSISDN).id, cast.time.now()
    cast.base.transact(lambda rows: notice.note_announced(rows, tenure_id, at))


def before_release(cast: Cast, *, days: int) -> datetime:
    """Li Wei's number in quarantine, so many days before its release; returns its date."""
    cast.closed()
    cast.time.advance(61 * DAY)
    sweep(cast.base)
    ends = only(cast.base, Quarantine).quarantine_until
    cast.time.advance(ends - cast.time.now() - days * DAY)
    return ends


def state(cast: Cast) -> str:
    return cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state


def test_announced_in_time_it_goes_on_its_day(cast: Cast) -> None:
    before_release(cast, days=8)
    announced(cast)
    looked(cast)
    cast.time.advance(8 * DAY)
    assert swept(cast) == Swept(0, 1, 0)
    assert stories.broken(cast) == set()


def test_announced_late_it_waits_until_the_notice_is_old_enough(cast: Cast) -> None:
    ends = before_release(cast, days=2)
    announced(cast)
    looked(cast)
    cast.time.advance(2 * DAY)
    assert swept(cast) == Swept(0, 0, 0, put_off=1)
    assert only(cast.base, Quarantine).quarantine_until == ends - 2 * DAY + NOTICE
    event = only(cast.base, Event, kind="number.rest_extended")
    assert (event.reason, event.actor) == ("notice", "system:sweep")
    cast.time.advance(5 * DAY - timedelta(microseconds=1))
    assert swept(cast) == Swept(0, 0, 0)
    cast.time.advance(timedelta(microseconds=1))
    assert swept(cast) == Swept(0, 1, 0)
    assert stories.broken(cast) == set()


def test_later_interests_make_the_rest_no_longer(cast: Cast) -> None:
    before_release(cast, days=8)
    announced(cast)
    for _ in range(8):
        cast.time.advance(DAY)
        announced(cast)
        cast.base.transact(lambda rows: notice.look_again(rows, wanted=True))
        looked(cast)
    assert swept(cast) == Swept(0, 1, 0)


def test_where_nobody_has_an_interest_nothing_waits(cast: Cast) -> None:
    before_release(cast, days=0)
    assert swept(cast) == Swept(0, 1, 0)


def test_where_nobody_has_an_interest_any_more_the_sweep_waits_for_nobody(cast: Cast) -> None:
    before_release(cast, days=0)
    looked(cast, until=cast.time.now() - DAY, wanted=False)
    assert swept(cast) == Swept(0, 1, 0)


def test_what_nobody_has_looked_at_is_not_released(cast: Cast) -> None:
    ends = before_release(cast, days=0)
    looked(cast, until=ends - timedelta(microseconds=1))
    with nothing_changes():
        assert swept(cast) == Swept(0, 0, 0)
    looked(cast, until=ends)
    assert swept(cast) == Swept(0, 1, 0)


def test_without_a_notice_period_in_the_policy_nothing_waits(cast: Cast) -> None:
    before_release(cast, days=0)
    announced(cast)
    looked(cast, until=cast.time.now() - DAY)
    assert sweep(cast.base, policy=replace(cast.policy, notice_before_release_days=0)) == Swept(0, 1, 0)


def test_of_many_only_those_that_were_looked_at_go(cast: Cast) -> None:
    ceased(cast, 10, apart=timedelta(hours=1))
    cast.time.advance(61 * DAY)
    sweep(cast.base)
    cast.time.advance(130 * DAY)
    dates = sorted(row.quarantine_until for row in some(cast.base, Quarantine))
    looked(cast, until=dates[3])
    assert sweep(cast.base, policy=cast.policy, batch=3).released == 4
    assert sorted(row.quarantine_until for row in some(cast.base, Quarantine)) == dates[4:]


def test_an_interest_in_this_moment_is_looked_at_before_anything_else_falls_due(cast: Cast) -> None:
    before_release(cast, days=1)
    looked(cast)
    cast.base.transact(lambda rows: notice.look_again(rows, wanted=True))
    cast.time.advance(DAY)
    assert swept(cast) == Swept(0, 0, 0)
    announced(cast)
    looked(cast)
    assert swept(cast) == Swept(0, 0, 0, put_off=1)


def test_the_very_first_interest_makes_the_sweep_wait(cast: Cast) -> None:
    before_release(cast, days=1)
    cast.base.transact(lambda rows: notice.look_again(rows, wanted=True))
    cast.time.advance(DAY)
    assert swept(cast) == Swept(0, 0, 0)


def test_a_quarantine_that_two_people_ended_waits_for_the_notice_all_the_same(cast: Cast) -> None:
    before_release(cast, days=60)
    looked(cast)
    request = early_release.ask(
        cast.base, msisdn=LI_WEI_MSISDN, reason="shortage", reference="ORD-17", policy=cast.policy, actor=NIKOLAI
    )
    early_release.approve(cast.base, request_id=request.id, policy=cast.policy, actor=stories.NADIA)
    assert swept(cast) == Swept(0, 0, 0)
    announced(cast)
    looked(cast)
    assert swept(cast) == Swept(0, 0, 0, put_off=1)
    cast.time.advance(NOTICE)
    looked(cast)
    assert swept(cast) == Swept(0, 1, 0)
    assert stories.broken(cast) == set()


def test_whoever_looked_without_seeing_what_came_up_meanwhile_must_look_again(cast: Cast) -> None:
    looked(cast)
    seen = cast.base.transact(notice.watch)
    cast.base.transact(lambda rows: notice.look_again(rows, wanted=True))
    with pytest.raises(Conflict):
        cast.base.transact(lambda rows: notice.note_looked(rows, seen, until=cast.time.now() + 9 * DAY, wanted=True))
    assert only(cast.base, NoticeWatch).looked_until < cast.time.now()


def paged(cast: Cast) -> list[Due]:
    """All that ever comes due, two at a time."""
    found: list[Due] = []
    after: datetime | None = None
    while page := cast.base.transact(partial(notice.due_until, until=_LATE, after=after, limit=2)):
        found, after = found + page, page[-1].quarantine_until
    return found


def test_what_comes_due_is_given_in_the_order_of_its_dates_page_by_page(cast: Cast) -> None:
    ceased(cast, 9, apart=timedelta(0))
    found = paged(cast)
    assert sorted(due.msisdn for due in found) == sorted(row.msisdn for row in some(cast.base, PendingRelease))
    early = min(due.quarantine_until for due in found) - timedelta(microseconds=1)
    assert cast.base.transact(lambda rows: notice.due_until(rows, until=early)) == []


def test_both_those_in_pending_release_and_in_quarantine_come_due(cast: Cast) -> None:
    ceased(cast, 6, apart=DAY)
    cast.time.advance(62 * DAY)
    sweep(cast.base)
    assert len(some(cast.base, PendingRelease)) > 0 < len(some(cast.base, Quarantine))
    found = paged(cast)
    assert len({due.msisdn for due in found}) == len(found) == 6
    assert [due.quarantine_until for due in found] == sorted(due.quarantine_until for due in found)


def test_old_notices_are_forgotten(cast: Cast) -> None:
    announced(cast)
    cast.time.advance(notice.KEPT - DAY)
    forgetting.forget(cast.base, policy=cast.policy)
    assert len(some(cast.base, ReleaseNotice)) == 1
    cast.time.advance(DAY)
    forgetting.forget(cast.base, policy=cast.policy)
    assert some(cast.base, ReleaseNotice) == []
