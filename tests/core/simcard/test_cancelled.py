"""The clerk takes it back; with the visit or the reader it is over by itself, and with its minutes too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.counter import calls
from lastcall.core.errors import NotFound
from lastcall.core.forgetting import forget
from lastcall.core.simcard import handlings, readers, reports
from lastcall.core.simcard.handling import Handling
from tests.core.counter.conftest import OLGA, PAVEL
from tests.core.simcard.at_the_counter import Visit
from tests.core.tools import nothing_changes, only, refused


def cancel(visit: Visit, handling: Handling) -> Handling:
    return handlings.cancel(visit.base, ticket_id=visit.ticket.id, handling_id=handling.id, actor=OLGA)


def why(visit: Visit, kind: str) -> str:
    return only(visit.base, Event, kind=kind).reason


def test_the_clerk_takes_it_back(visit: Visit) -> None:
    asked = visit.ask()
    assert cancel(visit, asked).state == "cancelled"
    assert reports.next_of(visit.base, token=visit.token) is None
    assert why(visit, "handling.cancel") == "clerk"


def test_also_while_the_card_is_in_the_reader(visit: Visit) -> None:
    handling = visit.taken()
    cancel(visit, handling)
    with refused("no_such_handling", NotFound):
        visit.save(handling)
    with refused("no_such_handling", NotFound):
        visit.done(handling)


def test_twice_is_once_and_what_is_done_stays_done(visit: Visit) -> None:
    asked = visit.ask()
    cancel(visit, asked)
    with nothing_changes():
        assert cancel(visit, asked).state == "cancelled"
    done = visit.done(visit.taken(backup=False), contacts=0, messages=0)
    with nothing_changes():
        assert cancel(visit, done) == done


def test_a_colleague_does_not(visit: Visit) -> None:
    asked = visit.ask()
    with refused("no_ticket", NotFound):
        handlings.cancel(visit.base, ticket_id=visit.ticket.id, handling_id=asked.id, actor=PAVEL)


def test_what_was_never_asked_on_this_visit_is_not_there(visit: Visit) -> None:
    asked = visit.ask()
    visit.finish()
    visit.ticket = visit.counter.serving()
    with refused("no_such_handling", NotFound):
        cancel(visit, asked)


def _finished(visit: Visit) -> None:
    visit.finish()


def _transferred(visit: Visit) -> None:
    calls.transfer(visit.base, ticket_id=visit.ticket.id, actor=OLGA, purpose="pay")


def _back_again(visit: Visit) -> None:
    """Sent on, called again by the same clerk, and identified again: another visit all the same."""
    _transferred(visit)
    visit.cast.time.advance(timedelta(seconds=1))
    ticket = calls.begin(visit.base, ticket_id=visit.counter.called().id, actor=OLGA)
    visit.counter.identify(ticket, visit.holder)


@pytest.mark.parametrize("over", [_finished, _transferred, _back_again])
def test_when_the_visit_is_over_nothing_that_was_only_asked_is_begun(
    visit: Visit, over: Callable[[Visit], None]
) -> None:
    asked = visit.ask()
    over(visit)
    with refused("no_such_handling", NotFound):
        reports.card(visit.base, token=visit.token, handling_id=asked.id, iccid=visit.iccid)
    with refused("no_such_handling", NotFound):
        visit.done(asked)
    assert reports.next_of(visit.base, token=visit.token) is None
    assert visit.now(asked).state == "cancelled"
    assert why(visit, "handling.cancel") == "visit_over"


@pytest.mark.parametrize("over", [_finished, _transferred])
def test_without_the_reader_asking_it_is_tidied_up(visit: Visit, over: Callable[[Visit], None]) -> None:
    asked = visit.ask()
    over(visit)
    forget(visit.base, policy=visit.cast.policy)
    assert visit.now(asked).state == "cancelled"


def test_after_its_minutes_it_lapses(visit: Visit) -> None:
    handling = visit.taken()
    visit.cast.time.advance(timedelta(minutes=30) - timedelta(seconds=1))
    assert reports.next_of(visit.base, token=visit.token) == handling
    visit.cast.time.advance(timedelta(seconds=1))
    seen = visit.base.transact(lambda rows: handlings.of_visit(rows, visit.ticket.id))
    assert seen is not None and (seen.state, visit.now(handling).state) == ("lapsed", "taken")
    with refused("no_such_handling", NotFound):
        visit.done(handling)
    forget(visit.base, policy=visit.cast.policy)
    assert visit.now(handling).state == "lapsed"


def test_it_ends_with_its_reader(visit: Visit) -> None:
    asked = visit.ask()
    readers.end(visit.base, reader_id=visit.reader.id, shop_id=visit.counter.shop.id, actor=OLGA)
    assert visit.now(asked).state == "cancelled"
    assert why(visit, "handling.cancel") == "reader_ended"


def test_it_ends_when_the_readers_hours_are_over(visit: Visit) -> None:
    visit.cast.time.advance(timedelta(hours=11, minutes=55))
    reports.next_of(visit.base, token=visit.token)
    visit.counter.identify(visit.ticket, visit.holder)
    asked = visit.ask()
    visit.cast.time.advance(timedelta(minutes=5))
    forget(visit.base, policy=visit.cast.policy)
    assert visit.now(asked).state == "cancelled"
