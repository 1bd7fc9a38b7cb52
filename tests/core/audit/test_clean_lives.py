"""Lives that went as they should: the auditor has nothing to say, and says what it looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.audit.auditor import audit
from lastcall.core.closing import freeze
from lastcall.core.errors import ElementTrouble
from lastcall.core.numbers import port
from lastcall.core.subscribers import file
from tests.cast import ANNA_MSISDN, FREE_MSISDN, IRINA, LI_WEI_MSISDN, NIKOLAI, OLGA, ON_THE_WEB, Cast
from tests.core.audit import stories


def test_an_untouched_house_is_in_order(cast: Cast) -> None:
    assert stories.findings(cast).broken == ()


def test_a_closed_line_is_in_order(cast: Cast) -> None:
    cast.closed()
    found = stories.findings(cast)
    assert found.broken == ()
    assert found.ok
    assert {"numbers": 2, "cases": 1, "hlr_entries": 1, "accounts": 2}.items() <= found.checked.items()


def test_a_line_closed_from_afar_is_in_order(cast: Cast) -> None:
    stories.leave_from_afar(cast, cast.li_wei)
    assert stories.findings(cast).broken == ()


def test_a_number_given_back_is_in_order(cast: Cast) -> None:
    stories.have_back(cast, cast.closed(), cast.li_wei)
    assert stories.findings(cast).broken == ()


def test_a_number_closed_again_after_it_was_given_back_is_in_order(cast: Cast) -> None:
    stories.have_back(cast, cast.closed(), cast.li_wei)
    cast.time.advance(timedelta(days=60))
    cast.closed(cast.li_wei)
    assert stories.findings(cast).broken == ()


def test_a_number_released_and_held_by_somebody_else_is_in_order(cast: Cast) -> None:
    cast.closed()
    stories.rest_to_the_end(cast)
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    assert stories.findings(cast).broken == ()


def test_a_case_at_every_stage_is_in_order(cast: Cast) -> None:
    cast.ceasing(cast.anna)
    receipt = cast.declare(LI_WEI_MSISDN)
    assert stories.findings(cast).broken == ()
    cast.work()
    assert cast.case(receipt).state == "waiting"
    assert stories.findings(cast).broken == ()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "review"
    assert stories.findings(cast).broken == ()


def test_a_declaration_for_a_number_of_nobody_is_in_order(cast: Cast) -> None:
    cast.declare(FREE_MSISDN)
    cast.work()
    assert stories.findings(cast).checked["numbers"] == 3
    assert stories.findings(cast).broken == ()


def test_withdrawn_frozen_and_rejected_cases_are_in_order(cast: Cast) -> None:
    stories.take_back(cast, cast.anna)
    stories.not_me(cast, cast.li_wei)
    assert stories.findings(cast).broken == ()


def test_a_freeze_that_was_lifted_is_in_order(cast: Cast) -> None:
    receipt = cast.on_hold()
    freeze.freeze(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    freeze.unfreeze(cast.base, case_id=receipt.case_id, actor=IRINA)
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(receipt).state == "closed"
    assert stories.findings(cast).broken == ()


def test_a_number_ported_out_and_come_back_is_in_order(cast: Cast) -> None:
    assert cast.anna.line is not None
    port.order_port_out(cast.base, line_id=cast.anna.line.id, actor=NIKOLAI)
    port.port_out(cast.base, line_id=cast.anna.line.id, actor=NIKOLAI)
    assert stories.findings(cast).broken == ()
    port.give_back(cast.base, msisdn=ANNA_MSISDN, policy=cast.policy, actor=NIKOLAI)
    assert stories.findings(cast).broken == ()


def test_a_lock_that_was_taken_off_is_in_order(cast: Cast) -> None:
    assert cast.li_wei.line is not None
    file.set_line_lock(cast.base, line_id=cast.li_wei.line.id, locked=True, actor=OLGA)
    file.set_line_lock(cast.base, line_id=cast.li_wei.line.id, locked=False, actor=OLGA)
    cast.closed()
    assert stories.findings(cast).broken == ()


def test_a_cease_called_back_by_a_legal_hold_is_in_order(cast: Cast) -> None:
    receipt = cast.ceasing()
    assert cast.li_wei.line is not None
    file.set_legal_hold(cast.base, line_id=cast.li_wei.line.id, held=True, actor=OLGA)
    cast.work()
    assert cast.case(receipt).state != "closed"
    assert stories.findings(cast).broken == ()


def test_a_case_that_lapsed_is_in_order(cast: Cast) -> None:
    receipt = cast.declare()
    cast.work()
    cast.time.advance(timedelta(days=cast.policy.termination_lapse_days + 1))
    cast.work()
    assert cast.case(receipt).state == "lapsed"
    assert stories.findings(cast).broken == ()


def test_an_hlr_that_does_not_answer_is_counted_and_is_no_breach(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(imsi: str) -> None:
        raise ElementTrouble("the HLR does not answer", permanent=False)

    cast.closed()
    monkeypatch.setattr(cast.elements.hlr, "look", look)
    found = stories.findings(cast)
    assert found.checked["hlr_not_answered"] == 1
    assert found.ok


def test_it_tells_how_far_it_is(cast: Cast) -> None:
    cast.closed()
    stories.findings(cast)
    told: list[tuple[str, int]] = []
    audit(cast.base, progress=lambda what, count: told.append((what, count)))
    assert ("numbers", 2) in told
    assert ("events", audit(cast.base).checked["events"]) in told
