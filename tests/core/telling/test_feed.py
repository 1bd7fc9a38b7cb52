"""The feed is read on from where it was left, skips nothing, and says so when it cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core.errors import BadInput, Refused
from lastcall.core.ports import Answered
from lastcall.core.telling import feed
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.delivery import Delivery
from lastcall.core.telling.periodic import tell
from tests.cast import ANNA_MSISDN
from tests.core.telling.stage import ANNAS, LI_WEIS, Stage, body


def test_a_feed_is_read_page_by_page_without_a_gap_or_a_repeat(stage: Stage) -> None:
    bank = stage.bank(LI_WEIS, ANNAS)
    stage.ceased()
    stage.ceased(ANNA_MSISDN)
    stage.given_back()
    stage.tell()

    first = feed.read(stage.base, access=bank, limit=2)
    second = feed.read(stage.base, access=bank, after=first.cursor, limit=2)
    assert (len(first.events), first.more, len(second.events), second.more) == (2, True, 1, False)
    assert [event["sequence"][-1] for event in first.events + second.events] == ["1", "2", "3"]
    assert feed.read(stage.base, access=bank, after=second.cursor) == feed.Page((), second.cursor, False)


def test_what_comes_later_is_read_after_the_cursor_of_an_empty_page(stage: Stage) -> None:
    bank = stage.bank()
    empty = feed.read(stage.base, access=bank)
    assert empty.events == ()
    stage.ceased()
    stage.tell()
    assert len(feed.read(stage.base, access=bank, after=empty.cursor).events) == 1


def test_the_feed_says_the_same_as_the_webhook(stage: Stage) -> None:
    bank = stage.bank()
    stage.with_webhook(bank)
    stage.ceased()
    stage.tell()
    (pushed,) = stage.posts()
    assert stage.events(bank) == [body(pushed)]


def test_a_cursor_of_another_consumer_or_made_up_is_refused(stage: Stage) -> None:
    bank, other = stage.bank(), stage.bank(name="Another Bank")
    cursor = feed.read(stage.base, access=bank).cursor
    for wrong in (cursor[:-2] + "xx", "AAAA", "é", cursor + "=", cursor + "AAAA"):
        with pytest.raises(BadInput):
            feed.read(stage.base, access=bank, after=wrong)
    with pytest.raises(BadInput) as bad:
        feed.read(stage.base, access=other, after=cursor)
    assert bad.value.code == "bad_cursor"


@pytest.mark.parametrize("limit", [0, -1, feed.MOST + 1])
def test_a_page_of_an_impossible_size_is_refused(stage: Stage, limit: int) -> None:
    with pytest.raises(BadInput) as bad:
        feed.read(stage.base, access=stage.bank(), limit=limit)
    assert bad.value.code == "bad_limit"


def test_without_the_agreement_there_is_no_feed(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        feed.read(stage.base, access=stage.consumer(told=False))
    assert refused.value.code == "no_agreement"


def test_what_is_over_is_forgotten_and_a_cursor_from_before_is_told_so(stage: Stage) -> None:
    stage.policy = replace(stage.policy, told_retention_days=10)
    bank = stage.bank(LI_WEIS, ANNAS)
    before = feed.read(stage.base, access=bank).cursor
    stage.ceased()
    stage.tell()
    read = feed.read(stage.base, access=bank).cursor
    stage.cast.time.advance(timedelta(days=6))
    stage.ceased(ANNA_MSISDN)
    stage.tell()
    stage.cast.time.advance(timedelta(days=6))
    for _ in range(2):
        tell(stage.base, stage.policy)

    assert [event["subject"] for event in stage.events(bank)] == [ANNAS]
    assert len(stage.rows(Announcement)) == len(stage.rows(Delivery)) == 1
    assert len(feed.read(stage.base, access=bank, after=read).events) == 1  # it had read all that is gone
    with pytest.raises(Refused) as refused:
        feed.read(stage.base, access=bank, after=before)
    assert refused.value.code == "cursor_too_old"


def test_what_is_still_to_be_pushed_is_not_forgotten(stage: Stage) -> None:
    stage.policy = replace(stage.policy, told_retention_days=1, told_retry_days=3)
    bank = stage.bank()
    stage.with_webhook(bank)
    stage.net.answer = lambda sent: Answered(500, {})
    stage.ceased()
    stage.tell()
    stage.later(days=2)

    assert stage.kinds(bank) == ["ceased"]
