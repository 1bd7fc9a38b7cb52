"""What somebody with the database's password does behind the services' back, the auditor finds and names."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from lastcall.core.audit.auditor import Findings, audit
from lastcall.core.audit.event import Event
from lastcall.core.audit.link import Link
from lastcall.core.audit.privacy import personal
from lastcall.core.closing.case import Case
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.site.commands.audit import LedgerBooks
from tests.cast import LI_WEI_MSISDN, Cast
from tests.core.audit import stories
from tests.core.audit.past_the_guards import drop_trigger, write

_MINUTE = timedelta(minutes=1)
_SOON = datetime(2026, 6, 1, tzinfo=UTC)
_NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)


@pytest.fixture
def closed(cast: Cast) -> Cast:
    """Li Wei's line is closed, every event has its place, and all is in order."""
    cast.closed()
    assert stories.findings(cast).ok
    return cast


def _event(cast: Cast, kind: str) -> Event:
    found = cast.base.transact(lambda rows: rows.one(Event, {"kind": kind}))
    assert found is not None
    return found


def _tenure(cast: Cast) -> Tenure:
    found = cast.base.transact(lambda rows: rows.one(Tenure, {"msisdn": LI_WEI_MSISDN}))
    assert found is not None
    return found


def _codes(found: Findings) -> set[tuple[str, str]]:
    return {(breach.invariant, breach.subject) for breach in found.broken}


def test_an_altered_event_is_found_and_is_one_breach(closed: Cast, database_url: str) -> None:
    event = _event(closed, "case.hold")
    write(database_url, "UPDATE audit_event SET actor = %s WHERE id = %s", ["system:nobody", event.id])
    breach = stories.only_breach(closed)
    assert (breach.invariant, breach.item, breach.subject) == ("chain_holds", 13, f"event {event.id}")


def test_an_event_dated_a_microsecond_later_is_found(closed: Cast, database_url: str) -> None:
    event = _event(closed, "case.hold")
    later = event.at.replace(microsecond=1)
    write(database_url, "UPDATE audit_event SET at = %s WHERE id = %s", [later, event.id])
    assert ("chain_holds", f"event {event.id}") in _codes(stories.findings(closed))


def test_a_deleted_event_leaves_a_hole_that_is_found(closed: Cast, database_url: str) -> None:
    event = _event(closed, "case.hold")
    write(database_url, "DELETE FROM audit_event WHERE id = %s", [event.id])
    assert ("chain_holds", f"event {event.id}") in _codes(stories.findings(closed))


def test_an_event_deleted_with_its_link_leaves_an_empty_place(closed: Cast, database_url: str) -> None:
    event = _event(closed, "case.hold")
    write(database_url, "DELETE FROM audit_link WHERE event_id = %s", [event.id])
    write(database_url, "DELETE FROM audit_event WHERE id = %s", [event.id])
    details = [breach.detail for breach in stories.findings(closed).broken if breach.invariant == "chain_holds"]
    assert any("are empty" in detail for detail in details)
    assert any("was altered" in detail for detail in details)


def test_two_events_that_changed_places_are_found(closed: Cast, database_url: str) -> None:
    first, second = closed.base.transact(lambda rows: rows.some(Link, {}, order="place", limit=2))
    write(database_url, "DELETE FROM audit_link WHERE place = %s", [second.place])
    write(database_url, "UPDATE audit_link SET event_id = %s WHERE place = %s", [second.event_id, first.place])
    write(database_url, "INSERT INTO audit_link (place, event_id, digest) VALUES (%s, %s, %s)",
          [second.place, first.event_id, second.digest])  # fmt: skip
    assert _codes(stories.findings(closed)) == {
        ("chain_holds", f"event {first.event_id}"), ("chain_holds", f"event {second.event_id}")
    }  # fmt: skip


def test_an_event_without_a_place_is_found_once_it_has_settled(closed: Cast) -> None:
    event = Event(
        at=closed.time.now(), kind="subscriber.viewed", subject="subscriber", subject_id=closed.anna.subscriber.id,
        actor="clerk:olga", door="store",
    )  # fmt: skip
    closed.base.transact(lambda rows: rows.apply(Plan(events=(event,))))
    assert audit(closed.base).ok
    closed.time.advance(2 * _MINUTE)
    (breach,) = audit(closed.base).broken
    assert (breach.invariant, breach.item) == ("every_event_linked", 13)


_TRIGGERS = (
    ("audit_event_no_update", "audit_event"), ("audit_event_no_delete", "audit_event"), ("audit_link_no_update", "audit_link"),
    ("audit_link_no_delete", "audit_link"), ("closing_declaration_no_update", "closing_declaration"),
    ("closing_declaration_no_delete", "closing_declaration"), ("closing_case_declared", "closing_case"),
    ("numbers_sim_stays_dead", "numbers_sim"), ("numbers_tenure_rests", "numbers_tenure"),
    ("numbers_quarantine_stays", "numbers_tenure"), ("numbers_correction_stays", "numbers_correction"),
    ("numbers_correction_no_delete", "numbers_correction"),
)  # fmt: skip


def test_a_trigger_that_was_taken_away_is_named(closed: Cast, database_url: str) -> None:
    for trigger, table in _TRIGGERS:
        drop_trigger(database_url, trigger, table)
    assert _codes(stories.findings(closed)) == {("append_only", trigger) for trigger, _ in _TRIGGERS}


@pytest.mark.parametrize(
    "data",
    [{"number": LI_WEI_MSISDN}, {"note": f"call +{LI_WEI_MSISDN}"}, {"to": ["8 (900) 000-10-01"]}, {"passport": "E12345678"},
     {"nested": {"paper": "45 10 123456"}}, {"code": "482916"}],
    ids=["number", "number in a text", "number as people write it", "passport", "inner passport", "code"],
)  # fmt: skip
def test_an_event_that_tells_something_personal_is_found(data: dict[str, object]) -> None:
    event = Event(at=_NOON, kind="k", subject="case", subject_id=1, actor="clerk:olga", door="store", data=data)
    assert personal(event)


@pytest.mark.parametrize(
    "data",
    [{"tenure": 205054908826166628}, {"confirmed_at": "2026-01-20T09:00:00.123456+00:00"}, {"amount": 482916},
     {"key": "case:205054908826166628:bar"}, {"detail": "billing: 35050 ordered, 350500 payable (minor units)"}],
    ids=["id", "moment", "amount", "key", "trouble"],
)  # fmt: skip
def test_ids_moments_and_amounts_are_nothing_personal(data: dict[str, object]) -> None:
    event = Event(at=_NOON, kind="k", subject="case", subject_id=1, actor="clerk:olga", door="store", data=data)
    assert personal(event) == ""


def test_a_full_number_in_an_event_is_reported_without_the_number(closed: Cast) -> None:
    event = Event(
        at=closed.time.now(), kind="subscriber.called", subject="subscriber", subject_id=closed.anna.subscriber.id,
        actor="clerk:olga", door="store", reason=f"call {LI_WEI_MSISDN}",
    )  # fmt: skip
    closed.base.transact(lambda rows: rows.apply(Plan(events=(event,))))
    breach = stories.only_breach(closed)
    assert (breach.invariant, breach.item) == ("events_tell_nothing_personal", 12)
    assert str(LI_WEI_MSISDN) not in breach.detail + breach.subject


def test_a_case_reopened_behind_the_services_back_is_found(closed: Cast, database_url: str) -> None:
    write(database_url, "UPDATE closing_case SET state = %s, ended_at = NULL", ["ceasing"])
    assert {"case_is_its_events", "closed_as_a_whole", "in_somebodys_hands"} <= stories.broken(closed)


def test_a_quarantine_cut_short_in_the_membership_is_found(closed: Cast, database_url: str) -> None:
    write(database_url, "UPDATE numbers_pendingrelease SET quarantine_until = %s", [_SOON])
    found = stories.findings(closed)
    assert {breach.invariant for breach in found.broken} == {"number_not_freed_early"}


def test_a_membership_moved_to_an_earlier_date_is_found(closed: Cast, database_url: str) -> None:
    write(database_url, "UPDATE numbers_pendingrelease SET reclaim_until = %s", [_SOON])
    found = stories.broken(closed)
    assert found == {"number_not_freed_early", "number_is_its_events"}


def test_a_membership_that_was_deleted_is_found(closed: Cast, database_url: str) -> None:
    write(database_url, "DELETE FROM numbers_pendingrelease")
    assert stories.only_breach(closed).invariant == "number_is_its_events"


def test_a_quarantine_cut_short_in_the_tenure_is_found(closed: Cast, database_url: str) -> None:
    tenure = _tenure(closed)
    for table in ("numbers_pendingrelease", "numbers_tenure"):
        column = "tenure_id" if table == "numbers_pendingrelease" else "id"
        write(
            database_url,
            f"UPDATE {table} SET quarantine_until = %s WHERE {column} = %s",
            [_SOON, tenure.id],
        )
    assert stories.only_breach(closed).invariant == "rest_counts_from_confirmed_cease"


def test_a_declaration_that_was_deleted_is_found(closed: Cast, database_url: str) -> None:
    write(database_url, "DELETE FROM closing_declaration")
    assert stories.only_breach(closed).invariant == "declaration_stays"


def test_a_declaration_whose_case_was_deleted_is_found(closed: Cast, database_url: str) -> None:
    receipt = closed.declare(closed.anna.msisdn)
    write(database_url, "DELETE FROM closing_case WHERE id = %s", [receipt.case_id])
    breach = stories.only_breach(closed)
    assert (breach.invariant, breach.subject) == ("declaration_stays", f"a declaration of case {receipt.case_id}")


def test_a_line_whose_tenure_was_deleted_is_found(closed: Cast, database_url: str) -> None:
    assert closed.anna.line is not None
    write(database_url, "DELETE FROM numbers_tenure WHERE id = %s", [closed.anna.line.tenure_id])
    assert _codes(stories.findings(closed)) == {("closed_as_a_whole", f"line {closed.anna.line.id}")}


def test_a_dead_sim_brought_back_to_life_is_found(closed: Cast, database_url: str) -> None:
    write(database_url, "UPDATE numbers_sim SET state = %s WHERE state = %s", ["active", "dead"])
    assert stories.broken(closed) == {"closed_on_network", "sim_is_its_events"}


def test_service_granted_again_in_the_hlr_is_found(closed: Cast) -> None:
    closed.elements.hlr.grant(closed.sim_of(closed.li_wei).imsi)
    assert stories.only_breach(closed).invariant == "closed_on_network"
    assert audit(closed.base, billing=LedgerBooks()).ok


def test_a_refund_paid_twice_is_found(closed: Cast, database_url: str) -> None:
    write(database_url, "UPDATE billing_posting SET amount = amount * 2 "
          "WHERE entry_id IN (SELECT id FROM billing_entry WHERE kind = 'refund')")  # fmt: skip
    assert "refund_is_right" in stories.broken(closed)


def test_a_charge_for_a_service_after_the_cease_is_found(closed: Cast, database_url: str) -> None:
    assert closed.li_wei.line is not None
    later = closed.time.now() + 60 * _MINUTE
    write(
        database_url,
        "INSERT INTO billing_entry (key, account_id, kind, at, service_time, memo, body) "
        "SELECT 'late', id, 'charge', %s, %s, '', '' FROM billing_billingaccount WHERE line_id = %s",
        [later, later, closed.li_wei.line.id],
    )
    breach = stories.only_breach(closed)
    assert (breach.invariant, breach.detail.endswith("1 charges for services after the cease")) == (
        "closed_in_billing",
        True,
    )


def test_a_ledger_that_does_not_sum_to_zero_is_found(closed: Cast, database_url: str) -> None:
    write(database_url, "UPDATE billing_posting SET amount = amount + 7 WHERE ledger_account = 'revenue' "
          "OR ledger_account = 'cash' AND amount < 0 AND id = (SELECT MIN(id) FROM billing_posting)")  # fmt: skip
    (breach,) = stories.findings(closed).broken
    assert (breach.invariant, breach.item) == ("ledger_sums_to_zero", 9)
    assert breach.detail == "out of balance by 7 minor units"


def test_a_final_bill_rewritten_is_found(closed: Cast, database_url: str) -> None:
    case = closed.base.transact(lambda rows: rows.one(Case, {"state": "closed"}))
    assert case is not None
    better = json.dumps(case.final_bill | {"refund": 1_000_000}, sort_keys=True)
    write(database_url, "UPDATE closing_case SET final_bill = %s WHERE id = %s", [better, case.id])
    assert stories.broken(closed) == {"refund_is_right"}


def test_a_tenure_begun_while_the_number_rests_is_found(closed: Cast, database_url: str) -> None:
    write(
        database_url,
        "INSERT INTO numbers_tenure (id, msisdn, ordinal, subscriber_id, since, ending) VALUES (%s, %s, 2, %s, %s, '')",
        [42, LI_WEI_MSISDN, closed.sergei.subscriber.id, closed.time.now()],
    )
    assert {"number_rests", "one_open_tenure", "number_is_its_events"} == stories.broken(closed)


def test_more_breaches_than_are_kept_are_counted(
    closed: Cast, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lastcall.core.audit.auditor.MOST_BROKEN", 3)
    write(database_url, "UPDATE audit_event SET actor = 'system:nobody'")
    found = stories.findings(closed)
    assert len(found.broken) == 3
    assert found.checked["broken"] > 3


def test_a_plan_with_a_link_that_skips_a_place_is_found(closed: Cast) -> None:
    link = closed.base.transact(lambda rows: rows.some(Link, {}, order="-place", limit=1))[0]
    event = Event(
        at=closed.time.now(), kind="subscriber.viewed", subject="subscriber", subject_id=closed.anna.subscriber.id,
        actor="clerk:olga", door="store",
    )  # fmt: skip
    closed.base.transact(lambda rows: rows.apply(Plan(events=(event,))))
    skipping = Link(place=link.place + 2, event_id=_event(closed, "subscriber.viewed").id, digest="0" * 64)
    closed.base.transact(lambda rows: rows.apply(Plan((Insert(skipping),))))
    details = [breach.detail for breach in stories.findings(closed).broken]
    assert f"places {link.place + 1} to {link.place + 1} are empty" in details
