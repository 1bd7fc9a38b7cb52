"""The time before anything irreversible: how long it is, who is told of it, and that it is never cut short."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lastcall.core.closing import declare, evidence, hold
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.facts import Facts
from lastcall.core.closing.verdict import judge
from lastcall.core.subscribers.subscriber import Contact
from tests.cast import LI_WEI_MSISDN, OLGA, ON_THE_WEB, Cast
from tests.core.closing.facts import DECLARED, NOW, POLICY, facts
from tests.core.tools import notices, only, some

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HANDED_IN: dict[str, Any] = {"sim_custody": "collected", "sim_pin_removed": True}
ENDS: list[tuple[str, Facts, Any]] = [
    ("in person", facts(), NOW + 24 * HOUR),
    ("from afar", facts(about={"in_person_at": None, "code_ok_at": NOW}), NOW + 72 * HOUR),
    ("in person with the card", facts(about=HANDED_IN), NOW),
    ("not waived", facts(about=HANDED_IN, policy={"hold_waived_in_person": False}), NOW + 24 * HOUR),
    ("the card alone", facts(about=HANDED_IN | {"in_person_at": None}), NOW + 72 * HOUR),
    ("a later legal end", facts(about={"legal_end": DECLARED + 9 * DAY}), DECLARED + 9 * DAY),
    ("a later wish", facts(about={"requested_end": DECLARED + 20 * DAY}), DECLARED + 20 * DAY),
    ("an earlier wish", facts(about={"requested_end": DECLARED}), NOW + 24 * HOUR),
    ("a new SIM", facts(line={"sim_since": DECLARED - 2 * DAY}), DECLARED + 5 * DAY),
    ("a new contact", facts(subscriber={"contact_changed_at": DECLARED - DAY}), DECLARED + 6 * DAY),
    ("a new SIM and the card", facts(about=HANDED_IN, line={"sim_since": DECLARED}), DECLARED + 7 * DAY),
    ("late usage", facts(line={"last_roamed_at": DECLARED, "late_usage_hold_days": 45}), DECLARED + 45 * DAY),
    ("late usage above the cap", facts(line={"last_roamed_at": DECLARED, "late_usage_hold_days": 99}),
     DECLARED + POLICY.late_usage_hold_days_max * DAY),
    ("a promised hold", facts(about={"hold_until": NOW + DAY}), NOW + DAY),
    ("a promised hold that is over", facts(about={"hold_until": NOW - DAY}), DECLARED),
]  # fmt: skip


@pytest.mark.parametrize(("given", "end"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_the_hold_ends_at_the_latest_of_its_reasons(given: Facts, end: Any) -> None:
    bound = given.bound
    assert bound is not None
    assert hold.hold_until(given, bound) == end


def test_only_a_hold_that_was_promised_and_is_over_leads_to_the_cease() -> None:
    assert judge(facts(about=HANDED_IN), ()).action == "hold"
    assert judge(facts(about={"hold_until": NOW}), ()).action == "cease"
    assert judge(facts(about={"hold_until": NOW + HOUR}), ()).action == "hold"


def test_the_acceptance_queues_its_notices_in_the_same_transaction(cast: Cast) -> None:
    receipt = cast.on_hold()
    contacts = some(cast.base, Contact, subscriber_id=cast.li_wei.subscriber.id)
    assert len(contacts) == 2
    assert notices(cast, receipt.case_id) == sorted(("accepted", contact.id) for contact in contacts)
    case = cast.case(receipt)
    assert case.hold_until == cast.time.now() + timedelta(hours=cast.policy.hold_hours_default)


def test_the_day_before_the_end_is_told_of_when_there_is_one(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    cast.approve(receipt)
    cast.work()
    assert [template for template, _ in notices(cast, receipt.case_id)] == ["accepted"] * 2 + ["cease_tomorrow"] * 2


def test_nothing_outside_is_touched_before_the_hold_ends(cast: Cast) -> None:
    receipt = cast.on_hold()
    until = cast.case(receipt).hold_until
    assert until is not None
    cast.time.advance(until - cast.time.now() - timedelta(microseconds=1))
    cast.work()
    assert cast.case(receipt).state == "on_hold"
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service
    cast.time.advance(timedelta(microseconds=1))
    cast.work()
    assert cast.case(receipt).state == "closed"


def test_in_the_shop_with_the_card_there_is_no_wait(cast: Cast) -> None:
    receipt = cast.declare(door="store")
    cast.prove_in_person(receipt, cast.li_wei)
    cast.hand_in_sim(receipt, cast.li_wei)
    cast.work()
    assert cast.case(receipt).state == "closed"
    assert "case.hold" in cast.events(receipt)


def test_a_wish_for_a_later_end_is_kept(cast: Cast) -> None:
    wish = cast.time.now() + 40 * DAY
    declaring = Declaring(msisdn=LI_WEI_MSISDN, door="store", language="ru", requested_end=wish)
    receipt = declare.declare(cast.base, declaring=declaring, key="in forty days", policy=cast.policy, actor=OLGA)
    cast.prove_in_person(receipt, cast.li_wei)
    cast.hand_in_sim(receipt, cast.li_wei)
    cast.work()
    assert cast.case(receipt).hold_until == wish


def test_what_is_given_during_the_hold_neither_shortens_nor_restarts_it(cast: Cast) -> None:
    receipt = cast.on_hold()
    before = cast.case(receipt).hold_until
    told = notices(cast, receipt.case_id)
    cast.time.advance(HOUR)
    cast.hand_in_sim(receipt, cast.li_wei)
    evidence.choose_refund(cast.base, case_id=receipt.case_id, method="bank_account", actor=ON_THE_WEB)
    cast.work()
    assert (cast.case(receipt).state, cast.case(receipt).hold_until) == ("on_hold", before)
    assert notices(cast, receipt.case_id) == told


def test_a_policy_changed_meanwhile_moves_no_running_hold(cast: Cast) -> None:
    receipt = cast.on_hold()
    frozen = cast.case(receipt).policy
    assert frozen == cast.policy.as_json()
    assert only(cast.base, type(cast.case(receipt)), id=receipt.case_id).policy["hold_hours_default"] == 24
