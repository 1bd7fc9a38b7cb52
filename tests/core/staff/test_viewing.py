"""Who opens unusually many files is told of, and not stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.errors import Refused
from lastcall.core.job import Alert
from lastcall.core.staff import viewing
from lastcall.core.staff.opening import open_file
from tests.cast import Cast
from tests.core.staff.people import ARKADY, TIMUR, join

CALM = (1, 2, 1, 2, 1, 2, 1, 2, 1, 2)
BUSY = (10, 12, 11, 12, 10, 12, 11, 12, 10, 12)


@pytest.mark.parametrize(
    ("views", "before", "limit", "why"),
    [
        (20, (), 20, ""),  # the limit itself is no alarm
        (21, (), 20, "over_limit"),
        (21, BUSY, 20, "over_limit"),  # being busy every day does not lift the limit
        (5, CALM, 20, ""),  # a quarter of the limit is never too much
        (6, CALM, 20, "far_above_own"),
        (6, CALM[:9], 20, ""),  # too little to compare with
        (13, BUSY, 20, ""),  # within three standard deviations of the own mean
        (14, BUSY, 20, "far_above_own"),
        (12, (12,) * 10, 20, ""),
        (13, (12,) * 10, 20, "far_above_own"),
        (50, BUSY, 200, ""),
        (51, BUSY, 200, "far_above_own"),
    ],
)
def test_what_is_unusual(views: int, before: tuple[int, ...], limit: int, why: str) -> None:
    assert viewing.unusual(views, before=before, limit=limit) == why


def test_a_file_opened_twice_in_an_hour_is_one_file(cast: Cast) -> None:
    now = cast.time.now()
    minutes = [(5, 1), (6, 1), (7, 2), (65, 1), (66, 3), (200, 1)]
    seen = [(now - timedelta(minutes=ago), case) for ago, case in minutes]
    latest, before = viewing.by_hour(seen, now=now)
    assert (latest, sorted(before)) == (2, [1, 2])


def test_the_auditor_is_told_once_and_nobody_is_stopped(cast: Cast) -> None:
    member = join(cast.base, "timur", "agent")
    receipts = [cast.declare(79000002000 + number) for number in range(24)]
    for number, receipt in enumerate(receipts):
        open_file(
            cast.base, case_id=receipt.case_id, actor=TIMUR, ground="call", ground_id=number,
            reason="subscriber_on_the_phone", policy=cast.policy,
        )  # fmt: skip
    alerts = cast.base.transact(lambda rows: rows.some(Alert, {"code": viewing.CODE}))
    assert [(alert.subject_id, alert.detail) for alert in alerts] == [(member.id, "over_limit: 21")]
    (event,) = cast.base.transact(lambda rows: rows.some(Event, {"kind": "staff.unusual_viewing"}))
    assert (event.reason, event.data) == ("over_limit", {"files": 21})
    with pytest.raises(Refused):
        viewing.settle(cast.base, alert_id=alerts[0].id, actor=TIMUR)
    viewing.settle(cast.base, alert_id=alerts[0].id, actor=ARKADY)
    viewing.settle(cast.base, alert_id=alerts[0].id, actor=ARKADY)
    assert cast.base.transact(lambda rows: rows.count(Alert, {"code": viewing.CODE, "resolved_at": None})) == 0
