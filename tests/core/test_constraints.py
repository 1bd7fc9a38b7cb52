"""What may never break is held by the database itself: whoever writes past the services is refused, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections

from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.notice import Notice
from lastcall.core.errors import Conflict
from lastcall.core.job import Job
from lastcall.core.numbers.number import Absent, PendingRelease, Quarantine
from lastcall.core.numbers.range import Range
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.rows import Row
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Document, Representative
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.core.tools import change, nothing_changes, only, some

DAY = timedelta(days=1)


def refuses(cast: Cast, *writes: Insert | Change) -> None:
    with nothing_changes(), pytest.raises(Conflict):
        cast.base.transact(lambda rows: rows.apply(Plan(writes)))


def execute(sql: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def li_weis(cast: Cast) -> Tenure:
    """Li Wei's open tenure."""
    return only(cast.base, Tenure, msisdn=LI_WEI_MSISDN)


def test_a_number_has_one_open_tenure(cast: Cast, li_weis: Tenure) -> None:
    refuses(cast, Insert(replace(li_weis, id=1, ordinal=2)))
    refuses(cast, Insert(replace(li_weis, id=1, ordinal=7)))
    refuses(cast, Insert(replace(li_weis, id=1, until=cast.time.now(), ending="ceased")))


def ended(cast: Cast) -> Tenure:
    """Li Wei's tenure after the cease, with a day of the rest still to go."""
    cast.closed()
    cast.time.advance(timedelta(days=cast.policy.quarantine_days) - DAY)
    sweep(cast.base)
    return only(cast.base, Tenure, msisdn=LI_WEI_MSISDN)


def following(cast: Cast, former: Tenure, **given: Any) -> Tenure:
    values: dict[str, Any] = {
        "id": 1, "msisdn": former.msisdn, "ordinal": former.ordinal + 1, "subscriber_id": cast.sergei.subscriber.id,
        "since": cast.time.now(),
    }  # fmt: skip
    return Tenure(**(values | given))


def test_no_tenure_begins_before_the_rest_of_the_one_before_is_over(cast: Cast) -> None:
    former = ended(cast)
    assert former.quarantine_until is not None
    last = former.quarantine_until - timedelta(microseconds=1)
    refuses(cast, Insert(following(cast, former)))
    refuses(cast, Insert(following(cast, former, since=last)))
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(following(cast, former, since=former.quarantine_until)),))))
    assert len(some(cast.base, Tenure, msisdn=LI_WEI_MSISDN)) == 2


def test_only_the_same_former_holder_follows_in_the_window(cast: Cast) -> None:
    cast.closed()
    former = only(cast.base, Tenure, msisdn=LI_WEI_MSISDN)
    own: dict[str, Any] = {"subscriber_id": former.subscriber_id, "follows_id": former.id}
    refuses(cast, Insert(following(cast, former, follows_id=former.id)))
    refuses(cast, Insert(following(cast, former, subscriber_id=former.subscriber_id)))
    refuses(cast, Insert(following(cast, former, since=former.reclaim_until, **own)))
    other = only(cast.base, Tenure, msisdn=ANNA_MSISDN)
    refuses(cast, Insert(following(cast, former, **(own | {"follows_id": other.id}))))
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(following(cast, former, **own)),))))


def test_a_number_that_came_back_from_another_operator_rests_too(cast: Cast, li_weis: Tenure) -> None:
    now = cast.time.now()
    change(
        cast.base,
        Tenure,
        li_weis.id,
        until=now,
        ending="ported_out",
        reclaim_until=now,
        quarantine_until=now + 180 * DAY,
    )
    refuses(cast, Insert(following(cast, li_weis)))


TENURES: list[dict[str, Any]] = [
    {"until": "an hour before it began", "ending": "ceased"},
    {"until": "now"},
    {"ending": "ceased"},
    {"until": "now", "ending": "eaten"},
    {"until": "now", "ending": "ceased", "reclaim_until": "an hour before it began", "quarantine_until": "now"},
    {"until": "now", "ending": "ceased", "reclaim_until": "now", "quarantine_until": "an hour before it began"},
    {"subscriber_id": 1},
]


def test_a_tenure_is_whole(cast: Cast, li_weis: Tenure) -> None:
    moments = {"an hour before it began": li_weis.since - timedelta(hours=1), "now": cast.time.now()}
    for given in TENURES:
        values = {name: moments.get(value, value) for name, value in given.items()}
        refuses(cast, Change(Tenure, {"id": li_weis.id}, values))


def test_a_sim_is_known_once_is_in_one_line_and_stays_dead(cast: Cast) -> None:
    annas = cast.sim_of(cast.anna)
    stock = cast.new_sim()
    refuses(cast, Insert(replace(stock, id=1, imsi="250990000009999")))
    refuses(cast, Insert(replace(stock, id=1, iccid="8970199000000099999")))
    assert cast.li_wei.line is not None
    refuses(cast, Change(Line, {"id": cast.li_wei.line.id}, {"sim_id": annas.id}))
    cast.closed()
    dead = cast.sim_of(cast.li_wei)
    for state in ("active", "barred", "in_stock"):
        refuses(cast, Change(Sim, {"id": dead.id}, {"state": state}))
    change(cast.base, Sim, dead.id, custody="destroyed")
    for wrong in ({"state": "lost"}, {"custody": "pawned"}, {"form": "chip"}):
        refuses(cast, Change(Sim, {"id": stock.id}, wrong))


def test_a_line_has_one_open_case(cast: Cast) -> None:
    first = cast.case(cast.declare())
    refuses(cast, Insert(replace(first, id=1, reference_key="another")))
    refuses(cast, Insert(replace(first, id=1, line_id=None, tenure_id=None)))


def frozen_ceasing(case: Case) -> dict[str, Any]:
    return {"state": "ceasing", "frozen_at": case.declared_at}


CASES: dict[str, Callable[[Case], dict[str, Any]]] = {
    "an end without its moment": lambda case: {"state": "closed"},
    "a moment without its end": lambda case: {"ended_at": case.declared_at},
    "an unknown state": lambda case: {"state": "asleep"},
    "half a binding": lambda case: {"tenure_id": None},
    "ceasing while frozen": frozen_ceasing,
    "closed while frozen": lambda case: frozen_ceasing(case) | {"state": "closed", "ended_at": case.declared_at},
    "another moment of the declaration": lambda case: {"declared_at": case.declared_at + DAY},
    "another legal end": lambda case: {"legal_end": case.legal_end - DAY},
    "another number": lambda case: {"claimed_msisdn": FREE_MSISDN},
    "a line that is none": lambda case: {"line_id": 1, "tenure_id": 1},
    "papers that are none": lambda case: {"representative_id": 1},
}


def test_a_case_is_whole(cast: Cast) -> None:
    case = cast.case(cast.declare())
    for changed in CASES.values():
        refuses(cast, Change(Case, {"id": case.id}, changed(case)))


def test_what_was_said_is_neither_changed_nor_deleted(cast: Cast) -> None:
    cast.declare()
    with nothing_changes():
        for table, column in ((Event.table, "reason"), (Declaration.table, "door")):
            for sql in (f"UPDATE {table} SET {column} = 'another'", f"DELETE FROM {table}"):
                with pytest.raises(DatabaseError):
                    execute(sql)


def test_effects_and_notices_are_once_for_each_step_and_contact(cast: Cast) -> None:
    receipt = cast.closed()
    effect = some(cast.base, Effect, case_id=receipt.case_id)[0]
    refuses(cast, Insert(replace(effect, key="another key")))
    refuses(cast, Change(Effect, {"key": effect.key}, {"state": "perhaps"}))
    notice = some(cast.base, Notice, case_id=receipt.case_id)[0]
    refuses(cast, Insert(replace(notice, id=1)))


def test_the_rest_of_the_rules_hold_too(cast: Cast, li_weis: Tenure) -> None:
    receipt, now = cast.declare(), cast.time.now()
    subscriber = cast.anna.subscriber
    document = only(cast.base, Document, subscriber_id=subscriber.id)
    code = Code(
        id=1, case_id=receipt.case_id, action="close", contact_id=cast.li_wei.mail.id, sent_at=now,
        expires_at=now, tries=-1,
    )  # fmt: skip
    papers = Representative(
        id=1, subscriber_id=subscriber.id, kind="neighbour", name="", document_key="", powers="", notarised=False,
        on_file_since=now,
    )  # fmt: skip
    wrong: list[Row] = [
        code, papers,
        replace(subscriber, id=1, kind="robot"),
        replace(document, id=1),
        replace(cast.anna.mail, id=1, kind="fax"),
        replace(cast.anna.mail, id=1, subscriber_id=1),
        Range(id=2, first=5, last=4, operator_id=None, region="", territory=""),
        Range(id=2, first=79000000000, last=79000000001, operator_id=None, region="", territory=""),
        Absent(msisdn=FREE_MSISDN, state="lost", since=now, tenure_id=None),
        PendingRelease(reclaim_until=now, msisdn=FREE_MSISDN, tenure_id=1, quarantine_until=now),
        Quarantine(quarantine_until=now, msisdn=FREE_MSISDN, tenure_id=1),
        Job(id=1, kind="k", subject_id=1, about="", state="asleep", due_at=now),
    ]  # fmt: skip
    for row in wrong:
        refuses(cast, Insert(row))
    assert cast.li_wei.line is not None
    line = {"id": cast.li_wei.line.id}
    for values in ({"plan": "barter"}, {"early_termination_fee": -1}, {"instalments_left": -1}, {"premium_number_fee": -1},
                   {"tenure_id": only(cast.base, Tenure, msisdn=ANNA_MSISDN).id}):  # fmt: skip
        refuses(cast, Change(Line, line, values))


def test_what_others_point_to_is_not_deleted(cast: Cast, li_weis: Tenure) -> None:
    cast.declare()
    for sql in (
        f"DELETE FROM numbers_tenure WHERE id = {li_weis.id}",
        f"DELETE FROM subscribers_subscriber WHERE id = {li_weis.subscriber_id}",
        "DELETE FROM closing_case",
        "DELETE FROM subscribers_line",
    ):
        with nothing_changes(), pytest.raises(DatabaseError):
            execute(sql)
