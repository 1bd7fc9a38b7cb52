"""Two who act at the same moment: one comes through, the other hears why, and the database holds it besides."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.errors import Conflict
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.simcard import backups, handlings, readers
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.reader import Reader
from lastcall.core.staff.member import Member
from lastcall.core.store import Store
from tests.core.counter.conftest import OLGA
from tests.core.simcard.at_the_counter import PACKED, Visit, paired
from tests.core.tools import change, nothing_changes, only, race, some, winners


def apply(rows: Store, row: Reader) -> None:
    rows.apply(Plan((Insert(row),)))


def test_two_clicks_ask_once(visit: Visit) -> None:
    outcomes = race(visit.ask, visit.ask)
    [asked] = winners(outcomes)
    assert [getattr(lost, "code", "") for lost in outcomes if lost != asked] == ["handling_open"]
    assert only(visit.base, Handling) == asked


def test_done_and_called_off_at_once_is_one_of_them(visit: Visit) -> None:
    handling = visit.taken(backup=False)
    race(
        lambda: visit.done(handling, contacts=0, messages=0),
        lambda: handlings.cancel(visit.base, ticket_id=visit.ticket.id, handling_id=handling.id, actor=OLGA),
    )
    ends = some(visit.base, Event, kind="handling.finish") + some(visit.base, Event, kind="handling.cancel")
    assert len(ends) == 1
    assert visit.now(handling).state == ends[0].target


def test_a_code_pairs_one_of_two_programs(visit: Visit) -> None:
    code = readers.offer(visit.base, actor=OLGA, shop_id=visit.counter.shop.id, policy=visit.cast.policy)
    outcomes = race(*(lambda: readers.pair(visit.base, code=code, name="Window 4") for _ in range(2)))
    assert len(winners(outcomes)) == 1
    assert len(some(visit.base, Reader, name="Window 4")) == 1


def test_whoever_fetches_at_once_gets_it_and_each_time_counts(visit: Visit) -> None:
    secret, backup = visit.save(visit.taken())
    outcomes = race(*(lambda: backups.fetch(visit.base, backup_id=backup.id, secret=secret) for _ in range(3)))
    assert outcomes == [PACKED] * 3
    assert len(some(visit.base, Event, kind="backup.fetched")) == 3


def test_a_reader_whose_clerk_has_left_gives_its_place_up(visit: Visit) -> None:
    first = visit.ask()
    change(visit.base, Member, only(visit.base, Member, login="olga").id, roles="reviewer")
    assert some(visit.base, Handling, id=first.id, state="asked")
    change(visit.base, Member, only(visit.base, Member, login="olga").id, roles="clerk")
    change(visit.base, Reader, visit.reader.id, until=clock.now())
    visit.token = paired(visit.counter, name="Window 4")
    second = visit.ask()
    assert (visit.now(first).state, second.state) == ("cancelled", "asked")


@pytest.mark.parametrize(
    "values",
    [
        {"state": "taken"}, {"state": "done"}, {"state": "failed"}, {"problem": "no_card"}, {"pin": "1234"},
        {"partial": "most"},
        {"state": "somewhere"},
    ],
    ids=["taken unread", "done unread", "failed for nothing", "a problem before its end", "a pin", "no kind", "no state"],
)  # fmt: skip
def test_the_database_keeps_no_handling_that_cannot_be(visit: Visit, values: dict[str, Any]) -> None:
    asked = visit.ask()
    with nothing_changes(), pytest.raises(Conflict):
        visit.base.transact(lambda rows: rows.apply(Plan((Change(Handling, {"id": asked.id}, values),))))


def test_the_database_keeps_no_reader_without_a_token_and_no_token_twice(visit: Visit) -> None:
    reader = visit.reader
    twin = replace(reader, id=clock.new_id(), code_key="another")
    for row in (twin, replace(twin, token_key=""), replace(twin, token_key="third", state="offered")):
        with nothing_changes(), pytest.raises(Conflict):
            visit.base.transact(partial(apply, row=row))
