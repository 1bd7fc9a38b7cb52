"""A reader's program is heard while it asks; one that is killed or unplugged is not, and nothing is asked of it."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.errors import NotFound
from lastcall.core.forgetting import forget
from lastcall.core.simcard import handlings, readers, reports
from lastcall.core.simcard.hearing import HEARD_EVERY, is_silent, last_heard
from tests.core.simcard.at_the_counter import Visit, paired
from tests.core.tools import change, nothing_changes, only, race, refused, some, winners

SILENCE = timedelta(minutes=2)


def test_a_program_that_asks_is_heard_to_half_a_minute_and_without_an_event(visit: Visit) -> None:
    began, events = clock.now(), len(some(visit.base, Event))
    assert last_heard(visit.reader) == began
    visit.cast.time.advance(HEARD_EVERY - timedelta(seconds=1))
    with nothing_changes():
        reports.next_of(visit.base, token=visit.token)
    visit.cast.time.advance(timedelta(seconds=1))
    reports.next_of(visit.base, token=visit.token)
    assert last_heard(visit.reader) == began + HEARD_EVERY
    assert len(some(visit.base, Event)) == events


def test_two_questions_at_once_are_both_answered(visit: Visit) -> None:
    asked = visit.ask()
    visit.cast.time.advance(HEARD_EVERY)
    outcomes = race(*(lambda: reports.next_of(visit.base, token=visit.token) for _ in range(2)))
    assert winners(outcomes) == [asked, asked] and last_heard(visit.reader) == clock.now()


def test_without_a_sign_it_is_silent_and_with_the_next_one_it_is_back(visit: Visit) -> None:
    visit.cast.time.advance(SILENCE - timedelta(seconds=1))
    assert not is_silent(visit.reader)
    visit.cast.time.advance(timedelta(seconds=1))
    assert is_silent(visit.reader)
    assert [reader.id for reader in readers.of_shop(visit.base, shop_id=visit.counter.shop.id)] == [visit.reader.id]
    reports.next_of(visit.base, token=visit.token)
    assert not is_silent(visit.reader)


def test_one_that_was_paired_before_there_were_stamps_counts_from_then(visit: Visit) -> None:
    change(visit.base, type(visit.reader), visit.reader.id, heard_at=None)
    assert last_heard(visit.reader) == visit.reader.paired_at
    visit.cast.time.advance(HEARD_EVERY)
    reports.next_of(visit.base, token=visit.token)
    assert visit.reader.heard_at == clock.now()


def test_nothing_is_asked_of_a_silent_one(visit: Visit) -> None:
    visit.cast.time.advance(SILENCE)
    with refused("reader_silent"):
        visit.ask()
    reports.next_of(visit.base, token=visit.token)
    assert visit.ask().state == "asked"


def test_what_nobody_took_up_is_missed_and_another_reader_may_be_asked(visit: Visit) -> None:
    first = visit.ask()
    visit.cast.time.advance(SILENCE)
    seen = visit.base.transact(lambda rows: handlings.of_visit(rows, visit.ticket.id))
    assert seen is not None and (seen.state, visit.now(first).state) == ("missed", "asked")
    visit.token = paired(visit.counter, name="Window 4")
    second = visit.ask()
    assert (visit.now(first).state, second.state) == ("missed", "asked")
    assert only(visit.base, Event, kind="handling.miss").target == "missed"


def test_the_silence_counts_from_the_asking_at_the_earliest(visit: Visit) -> None:
    visit.cast.time.advance(SILENCE - timedelta(seconds=1))
    asked = visit.ask()
    visit.cast.time.advance(SILENCE - timedelta(seconds=1))
    assert reports.next_of(visit.base, token=visit.token) == asked


def test_a_visitor_who_takes_their_time_misses_nothing(visit: Visit) -> None:
    asked = visit.ask()
    for _ in range(10):
        visit.cast.time.advance(timedelta(minutes=1))
        assert reports.next_of(visit.base, token=visit.token) == asked


def test_a_program_that_comes_back_before_anybody_counted_it_as_missed_takes_it_up(visit: Visit) -> None:
    """The desk itself may have been away: what is asked then is not lost."""
    asked = visit.ask()
    visit.cast.time.advance(SILENCE)
    assert reports.next_of(visit.base, token=visit.token) == asked
    visit.cast.time.advance(SILENCE)
    assert reports.card(visit.base, token=visit.token, handling_id=asked.id, iccid=visit.iccid)
    assert visit.now(asked).state == "taken"


def test_a_program_that_comes_back_too_late_hears_that_it_is_over(visit: Visit) -> None:
    asked = visit.ask()
    visit.cast.time.advance(SILENCE)
    forget(visit.base, policy=visit.cast.policy)
    with refused("no_such_handling", NotFound):
        reports.card(visit.base, token=visit.token, handling_id=asked.id, iccid=visit.iccid)
    assert reports.next_of(visit.base, token=visit.token) is None
    assert visit.now(asked).state == "missed"


def test_a_card_in_the_reader_is_not_missed(visit: Visit) -> None:
    handling = visit.taken()
    visit.cast.time.advance(timedelta(minutes=10))
    forget(visit.base, policy=visit.cast.policy)
    assert visit.now(handling).state == "taken"


def test_the_sweep_counts_it_as_missed(visit: Visit) -> None:
    asked = visit.ask()
    visit.cast.time.advance(SILENCE)
    forget(visit.base, policy=visit.cast.policy)
    assert visit.now(asked).state == "missed"
