"""What became of messages: reports matched to what was sent, early or late, and a person alerted when it did not arrive."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.closing.notice import Notice
from lastcall.core.errors import NotFound
from lastcall.core.job import Alert, Job
from lastcall.core.texting.deliveries import ALERT, Delivery, delivery_of, note_report, note_taken, settle
from lastcall.core.texting.forget import forget
from lastcall.core.texting.submission import Submission
from tests.cast import Cast
from tests.core.texting.marks import ON_SQLITE
from tests.core.texting.phone import Phone

pytestmark = ON_SQLITE


def taken(cast: Cast, message: str, *names: str) -> None:
    note_taken(cast.base, message=message, way="smpp", names=names)


def reported(cast: Cast, name: str, outcome: str, reason: str = "") -> None:
    note_report(cast.base, way="smpp", name=name, outcome=outcome, reason=reason)


def delivery(cast: Cast, message: str) -> Delivery:
    return cast.base.transact(lambda rows: delivery_of(rows, message))


def alerts(cast: Cast) -> list[Alert]:
    return cast.base.transact(lambda rows: rows.some(Alert, {"code": ALERT, "resolved_at": None}))


def test_a_message_has_arrived_when_its_last_part_has(cast: Cast) -> None:
    taken(cast, "text:1", "a1", "a2")
    reported(cast, "a2", "delivered")
    assert delivery(cast, "text:1") == Delivery(2, None, "")
    cast.time.advance(timedelta(seconds=5))
    reported(cast, "a1", "delivered")
    assert delivery(cast, "text:1") == Delivery(2, cast.time.now(), "")


def test_a_report_may_come_before_its_name_is_noted(cast: Cast) -> None:
    reported(cast, "a1", "delivered")
    assert delivery(cast, "text:1") == Delivery(0, None, "")
    taken(cast, "text:1", "a1")
    assert delivery(cast, "text:1").delivered_at == cast.time.now()


def test_a_second_report_changes_nothing_and_one_on_the_way_is_no_news(cast: Cast) -> None:
    taken(cast, "text:1", "a1")
    reported(cast, "a1", "")
    assert delivery(cast, "text:1") == Delivery(1, None, "")
    reported(cast, "a1", "delivered")
    reported(cast, "a1", "failed", "EXPIRED")
    assert delivery(cast, "text:1").failed == ""


def test_names_are_the_same_however_the_smsc_writes_them(cast: Cast) -> None:
    taken(cast, "text:1", "00AB12")
    reported(cast, " ab12", "delivered")
    assert delivery(cast, "text:1").delivered_at


def test_an_smsc_that_counts_anew_starts_a_new_message(cast: Cast) -> None:
    taken(cast, "text:1", "1")
    reported(cast, "1", "delivered")
    taken(cast, "text:2", "1")
    assert delivery(cast, "text:2") == Delivery(1, None, "")
    reported(cast, "999", "failed", "EXPIRED")
    cast.time.advance(timedelta(days=3))
    taken(cast, "text:3", "999")
    assert delivery(cast, "text:3") == Delivery(1, None, "")


def test_an_answer_that_does_not_arrive_calls_a_person_once_and_is_not_sent_again(phone: Phone) -> None:
    phone.text("close")
    cast, (text,) = phone.cast, phone.texts()
    taken(cast, f"text:{text.id}", "a1", "a2")
    for name in ("a1", "a2"):
        reported(cast, name, "failed", "UNDELIV 1")
    (alert,) = alerts(cast)
    assert (alert.subject_id, alert.detail) == (phone.cases()[0].id, f"text:{text.id}: UNDELIV 1")
    assert delivery(cast, f"text:{text.id}").failed == "UNDELIV 1"
    cast.time.advance(timedelta(days=1))
    cast.work()
    assert len(phone.answers()) == 1
    assert not cast.base.transact(lambda rows: rows.some(Job, {"kind": "text.answer", "state": "dead"}))


def test_a_report_of_failure_that_came_early_calls_a_person_too(phone: Phone) -> None:
    phone.text("close")
    (text,) = phone.texts()
    reported(phone.cast, "a1", "failed", "REJECTD")
    assert not alerts(phone.cast)
    taken(phone.cast, f"text:{text.id}", "a1")
    assert len(alerts(phone.cast)) == 1


def test_a_notice_that_does_not_arrive_calls_a_person(cast: Cast) -> None:
    receipt = cast.declare()
    cast.work()
    (notice, *_) = cast.base.transact(lambda rows: rows.some(Notice, {"case_id": receipt.case_id}))
    taken(cast, f"notice:{notice.id}", "a1")
    reported(cast, "a1", "failed", "UNDELIV")
    assert [alert.subject_id for alert in alerts(cast)] == [receipt.case_id]


def test_a_code_that_does_not_arrive_is_asked_for_again_and_alarms_nobody(cast: Cast) -> None:
    taken(cast, "code:1", "a1")
    reported(cast, "a1", "failed", "UNDELIV")
    assert not alerts(cast) and delivery(cast, "code:1").failed == "UNDELIV"


def test_a_person_settles_the_alert(phone: Phone) -> None:
    phone.text("help")
    cast, (text,) = phone.cast, phone.texts()
    taken(cast, f"text:{text.id}", "a1")
    reported(cast, "a1", "failed", "UNDELIV")
    (alert,) = alerts(cast)
    assert alert.subject_id == text.id  # there is no case
    settle(cast.base, alert_id=alert.id, by="administrator:alla")
    assert not alerts(cast)
    (event,) = cast.base.transact(lambda rows: rows.some(Event, {"kind": "work.settled"}))
    assert event.actor == "administrator:alla"
    with pytest.raises(NotFound):
        settle(cast.base, alert_id=alert.id, by="administrator:alla")


def test_what_is_held_is_deleted_when_its_time_is_over(phone: Phone) -> None:
    cast = phone.cast
    phone.text("close")
    taken(cast, "text:1", "a1")
    cast.time.advance(timedelta(days=cast.policy.text_retention_days, seconds=-1))
    phone.text("status")
    assert forget(cast.base, policy=cast.policy) == 0
    cast.time.advance(timedelta(seconds=1))
    assert forget(cast.base, policy=cast.policy) == 2
    assert [text.keyword for text in phone.texts()] == ["status"]
    assert not cast.base.transact(lambda rows: rows.some(Submission, {}))
    assert phone.cases()  # a declaration is no text: it stays


def test_a_text_after_all_earlier_ones_were_deleted_opens_a_case_of_its_own(phone: Phone) -> None:
    cast = phone.cast
    phone.text("close")
    phone.text("stop")
    cast.time.advance(timedelta(days=cast.policy.text_retention_days + 1))
    forget(cast.base, policy=cast.policy)
    phone.text("close")
    assert [case.state for case in phone.cases()] == ["withdrawn", "waiting"]
