"""A card is asked for by the clerk whose window has the visit, with the file open, of a reader of the shop; one at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.clock import ManualClock
from lastcall.core.counter import calls
from lastcall.core.errors import BadInput, Conflict, NotFound, Refused
from lastcall.core.numbers.sim import Sim
from lastcall.core.plan import Insert, Plan
from lastcall.core.simcard import handlings, readers, reports
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.reader import Reader
from lastcall.core.staff.opening import Opening
from tests.cast import IRINA, TIMUR
from tests.core.counter.conftest import OLEG, OLGA, PAVEL
from tests.core.simcard.at_the_counter import Visit, paired
from tests.core.tools import change, only, refused, some


def test_what_is_asked_is_what_the_reader_gets(visit: Visit) -> None:
    asked = visit.ask(pin_off=False)
    assert (asked.state, asked.ticket_id, asked.case_id, asked.login) == (
        "asked",
        visit.ticket.id,
        visit.case_id,
        "olga",
    )
    assert (asked.wants_backup, asked.wants_pin_off, asked.language) == (True, False, "zh-hans")
    assert asked.until == clock.now() + timedelta(minutes=30)
    assert reports.next_of(visit.base, token=visit.token) == asked
    assert reports.next_of(visit.base, token=visit.token) == asked


def test_nothing_asked_is_nothing_to_do(visit: Visit) -> None:
    assert reports.next_of(visit.base, token=visit.token) is None


def test_another_reader_of_the_shop_hears_nothing_of_it(visit: Visit) -> None:
    other = paired(visit.counter, name="Window 4")
    visit.ask()
    assert reports.next_of(visit.base, token=other) is None


def test_a_second_one_while_one_is_open_is_refused(visit: Visit) -> None:
    visit.ask()
    with refused("handling_open"):
        visit.ask(backup=False)


def test_a_second_one_at_another_reader_is_refused_too(visit: Visit) -> None:
    visit.ask()
    visit.token = paired(visit.counter, name="Window 4")
    with refused("handling_open"):
        visit.ask()


def test_a_reader_that_is_at_work_is_busy_for_other_visits(visit: Visit) -> None:
    visit.ask()
    visit.counter.take()
    visit.counter.sit(PAVEL, "4")
    called = calls.begin(visit.base, ticket_id=visit.counter.called(PAVEL).id, actor=PAVEL)
    visit.counter.identify(called, visit.cast.anna, actor=PAVEL)
    with refused("reader_busy"):
        handlings.ask(
            visit.base,
            ticket_id=called.id,
            reader_id=visit.reader.id,
            backup=True,
            pin_off=True,
            actor=PAVEL,
            language="ru",
        )


def test_after_the_first_is_over_another_may_be_asked(visit: Visit) -> None:
    first = visit.taken(backup=False)
    visit.done(first, contacts=0, messages=0)
    second = visit.ask()
    assert reports.next_of(visit.base, token=visit.token) == second
    seen = visit.base.transact(lambda rows: handlings.of_visit(rows, visit.ticket.id))
    assert seen == second


def test_one_that_lapsed_gives_its_place_up(visit: Visit) -> None:
    first = visit.ask()
    visit.cast.time.advance(timedelta(minutes=30))
    visit.counter.identify(visit.ticket, visit.holder)
    change(visit.base, Reader, visit.reader.id, heard_at=clock.now())
    second = visit.ask()
    assert (visit.now(first).state, second.state) == ("lapsed", "asked")


class Running(ManualClock):
    """No two looks at it see the same moment."""

    def now(self) -> datetime:
        return self.advance(timedelta(microseconds=1))


def test_one_that_lapsed_on_this_visit_and_at_this_reader_ends_once(visit: Visit) -> None:
    first = visit.ask()
    with clock.use(Running(first.until + timedelta(seconds=1), seed=1)):
        visit.counter.identify(visit.ticket, visit.holder)
        change(visit.base, Reader, visit.reader.id, heard_at=clock.now())
        second = visit.ask()
    assert [event.subject_id for event in some(visit.base, Event, kind="handling.lapse")] == [first.id]
    assert (visit.now(first).state, second.state) == ("lapsed", "asked")


@pytest.mark.parametrize("actor", [PAVEL, OLEG, TIMUR, IRINA], ids=["colleague", "another shop", "agent", "reviewer"])
def test_only_the_clerk_at_the_window_may_ask(visit: Visit, actor: Actor) -> None:
    with refused("no_ticket", NotFound):
        visit.ask(actor=actor)


def test_not_before_the_file_is_open(visit: Visit) -> None:
    visit.finish()
    visit.ticket = visit.counter.serving()
    with refused("not_open", NotFound):
        visit.ask()


def test_not_after_the_look_into_the_file_has_ended(visit: Visit) -> None:
    opening = only(visit.base, Opening, closed_at=None)
    change(visit.base, Opening, opening.id, until=clock.now())
    with refused("not_open", NotFound):
        visit.ask()


def test_not_after_the_visit(visit: Visit) -> None:
    visit.finish()
    with refused("no_ticket", NotFound):
        visit.ask()


def test_a_reader_of_another_shop_is_not_there(visit: Visit) -> None:
    visit.token = paired(visit.counter, actor=OLEG, shop_id=visit.counter.north.id)
    with refused("no_such_reader", NotFound):
        visit.ask()


def test_neither_is_one_that_has_ended(visit: Visit) -> None:
    reader_id = visit.reader.id
    readers.leave(visit.base, token=visit.token)
    with refused("no_such_reader", NotFound):
        handlings.ask(
            visit.base,
            ticket_id=visit.ticket.id,
            reader_id=reader_id,
            backup=True,
            pin_off=True,
            actor=OLGA,
            language="ru",
        )


def test_an_esim_is_in_no_reader(visit: Visit) -> None:
    change(visit.base, Sim, visit.cast.sim_of(visit.holder).id, form="esim")
    with refused("no_card_to_read"):
        visit.ask()


def test_a_language_that_we_do_not_speak_is_refused(visit: Visit) -> None:
    with refused("bad_language", BadInput):
        handlings.ask(
            visit.base, ticket_id=visit.ticket.id, reader_id=visit.reader.id, backup=True, pin_off=True, actor=OLGA,
            language="tlh",
        )  # fmt: skip
    assert some(visit.base, Handling) == []


def test_a_visit_on_which_nothing_was_asked_shows_nothing(visit: Visit) -> None:
    assert visit.base.transact(lambda rows: handlings.of_visit(rows, visit.ticket.id)) is None
    assert visit.base.transact(lambda rows: handlings.of_visit(rows, 4711)) is None


def test_what_was_done_for_one_line_is_not_shown_with_another_of_the_same_visit(visit: Visit) -> None:
    visit.done(visit.taken(backup=False), contacts=0, messages=0)
    visit.cast.give_line(visit.holder, 79000001009)
    visit.counter.identify(visit.ticket, visit.holder)
    assert visit.base.transact(lambda rows: handlings.of_visit(rows, visit.ticket.id)) is None


def test_whoever_asks_at_the_same_moment_is_refused_by_the_rule(visit: Visit) -> None:
    """The database holds it too: the row of a second open one cannot be written."""
    first = visit.ask()
    with pytest.raises(Conflict):
        visit.base.transact(lambda rows: rows.apply(Plan((Insert(replace(first, id=clock.new_id())),))))
    with pytest.raises(Refused):
        visit.ask()
