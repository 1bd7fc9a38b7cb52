"""The visit ends while the card is in the reader: for some minutes the reader may finish it, and not a moment longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.closing import find, preparation
from lastcall.core.counter import calls
from lastcall.core.errors import NotFound
from lastcall.core.forgetting import forget
from lastcall.core.simcard import handlings, reports
from tests.core.counter.conftest import OLGA
from tests.core.simcard.at_the_counter import Visit
from tests.core.tools import nothing_changes, only, refused, some

GRACE = timedelta(minutes=5)


def _finished(visit: Visit) -> None:
    visit.finish()


def _transferred(visit: Visit) -> None:
    calls.transfer(visit.base, ticket_id=visit.ticket.id, actor=OLGA, purpose="pay")


@pytest.mark.parametrize("over", [_finished, _transferred])
def test_what_was_read_under_the_opening_is_recorded_after_it(visit: Visit, over: Callable[[Visit], None]) -> None:
    handling = visit.taken()
    over(visit)
    visit.cast.time.advance(GRACE - timedelta(seconds=1))
    visit.save(handling)
    done = visit.done(handling)
    assert (done.state, done.pin) == ("done", "removed")
    ticked = visit.base.transact(lambda rows: preparation.ticked(rows, visit.case_id))
    assert ticked == {"contacts_saved", "messages_saved", "pin_removed"}
    assert find.get_case(visit.base, case_id=visit.case_id).sim_pin_removed
    assert only(visit.base, Event, kind="handling.outlive").reason == "visit_over"


def test_the_reader_is_told_to_go_on_and_the_end_is_kept_once(visit: Visit) -> None:
    handling = visit.taken()
    visit.finish()
    told = reports.next_of(visit.base, token=visit.token)
    assert told is not None and (told.id, told.grace_until) == (handling.id, clock.now() + GRACE)
    visit.cast.time.advance(timedelta(seconds=10))
    with nothing_changes():
        assert reports.next_of(visit.base, token=visit.token) == told


def test_twice_is_once(visit: Visit) -> None:
    handling = visit.taken(backup=False)
    visit.finish()
    first = visit.done(handling, contacts=0, messages=0)
    visit.cast.time.advance(GRACE)
    with nothing_changes():
        assert visit.done(handling, contacts=0, messages=0) == first


@pytest.mark.parametrize("noticed", [True, False], ids=["asked meanwhile", "away meanwhile"])
def test_too_late_is_refused(visit: Visit, noticed: bool) -> None:
    handling = visit.taken(backup=False)
    visit.finish()
    if noticed:
        assert reports.next_of(visit.base, token=visit.token) is not None
    visit.cast.time.advance(GRACE)
    with refused("no_such_handling", NotFound):
        visit.done(handling, contacts=0, messages=0)
    assert reports.next_of(visit.base, token=visit.token) is None
    assert visit.now(handling).state == "cancelled"
    assert not find.get_case(visit.base, case_id=visit.case_id).sim_pin_removed


def test_a_card_that_was_not_compared_is_not_begun(visit: Visit) -> None:
    asked = visit.ask()
    visit.finish()
    with refused("no_such_handling", NotFound):
        reports.card(visit.base, token=visit.token, handling_id=asked.id, iccid=visit.iccid)
    assert reports.next_of(visit.base, token=visit.token) is None
    assert visit.now(asked).state == "cancelled"


def test_no_card_is_compared_with_a_file_that_is_closed(visit: Visit) -> None:
    handling = visit.taken()
    visit.finish()
    with refused("no_such_handling", NotFound):
        reports.card(visit.base, token=visit.token, handling_id=handling.id, iccid=visit.iccid)


def test_what_failed_after_the_visit_is_known_too(visit: Visit) -> None:
    handling = visit.taken()
    visit.finish()
    reports.fail(visit.base, token=visit.token, handling_id=handling.id, problem="card_removed")
    assert (visit.now(handling).state, visit.now(handling).problem) == ("failed", "card_removed")


def test_it_never_goes_beyond_its_own_minutes(visit: Visit) -> None:
    handling = visit.taken(backup=False)
    visit.cast.time.advance(timedelta(minutes=28))
    visit.finish()
    visit.cast.time.advance(timedelta(minutes=2))
    with refused("no_such_handling", NotFound):
        visit.done(handling, contacts=0, messages=0)


def test_the_next_visitor_has_the_reader_at_once(visit: Visit) -> None:
    handling = visit.taken()
    visit.finish()
    assert reports.next_of(visit.base, token=visit.token) is not None
    visit.counter.take()
    visit.ticket = visit.counter.serving()
    visit.counter.identify(visit.ticket, visit.holder)
    following = visit.ask()
    assert reports.next_of(visit.base, token=visit.token) == following
    assert visit.now(handling).state == "cancelled"
    with refused("no_such_handling", NotFound):
        visit.save(handling)


def test_the_sweep_keeps_the_end_too_and_tidies_up_after_it(visit: Visit) -> None:
    handling = visit.taken()
    visit.finish()
    forget(visit.base, policy=visit.cast.policy)
    assert visit.now(handling).grace_until == clock.now() + GRACE
    visit.cast.time.advance(GRACE)
    forget(visit.base, policy=visit.cast.policy)
    assert visit.now(handling).state == "cancelled"
    assert [event.kind for event in some(visit.base, Event, subject="handling")] == [
        "handling.ask", "handling.take", "handling.outlive", "handling.cancel",
    ]  # fmt: skip


def test_called_off_is_called_off(visit: Visit) -> None:
    handling = visit.taken()
    handlings.cancel(visit.base, ticket_id=visit.ticket.id, handling_id=handling.id, actor=OLGA)
    visit.finish()
    with refused("no_such_handling", NotFound):
        visit.done(handling)
