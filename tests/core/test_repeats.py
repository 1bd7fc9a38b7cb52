"""Commands that come twice, late, in the wrong order or from two clerks at once: a clear error, and nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lastcall.core.actor import CLERK, Actor
from lastcall.core.closing import cease, evidence, identity, notices, review
from lastcall.core.closing.advance import advance
from lastcall.core.closing.case import Case
from lastcall.core.closing.freeze import freeze, unfreeze
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.reactivate import provision, remove_from_hlr
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.stuck import cease_got_stuck, review_is_overdue
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import Conflict, LastcallError
from lastcall.core.plan import Change, Plan
from lastcall.core.store import Store
from tests.cast import IRINA, OLGA, ON_THE_WEB, PASSPORT, SOMEBODY, Cast
from tests.core.tools import nothing_changes, refused, some


def everything_late(cast: Cast, receipt: Receipt) -> None:
    """Every command there is, aimed at a case that has ended."""
    case_id, base = receipt.case_id, cast.base
    commands: list[Callable[[], object]] = [
        lambda: identity.verify_document(
            base, case_id=case_id, kind=PASSPORT[0], issuer=PASSPORT[1], number=PASSPORT[2], actor=OLGA, in_person=True
        ),
        lambda: identity.new_code(base, case_id=case_id, contact_id=cast.li_wei.mail.id, actor=ON_THE_WEB),
        lambda: evidence.declare_sim(base, case_id=case_id, custody="subscriber", actor=ON_THE_WEB),
        lambda: evidence.sign(base, case_id=case_id, actor=OLGA),
        lambda: evidence.choose_refund(base, case_id=case_id, method="bank_account", actor=ON_THE_WEB),
        lambda: review.approve(base, case_id=case_id, actor=IRINA),
        lambda: review.reject(base, case_id=case_id, actor=IRINA, reason="suspected_fraud"),
        lambda: freeze(base, case_id=case_id, actor=SOMEBODY),
        lambda: unfreeze(base, case_id=case_id, actor=IRINA),
        lambda: withdraw(base, case_id=case_id, actor=ON_THE_WEB),
    ]
    for command in commands:
        with nothing_changes(), pytest.raises(LastcallError) as trouble:
            command()
        assert trouble.value.code in {"not_allowed", "too_late", "not_frozen"} and trouble.value.remedy


def withdrawn(cast: Cast) -> Receipt:
    receipt = cast.on_hold()
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    return receipt


def lapsed(cast: Cast) -> Receipt:
    receipt = cast.declare()
    cast.time.advance(timedelta(days=30))
    cast.work()
    return receipt


@pytest.mark.parametrize(
    "story", [lambda cast: cast.closed(), withdrawn, lapsed], ids=["closed", "withdrawn", "lapsed"]
)
def test_after_the_end_every_command_is_refused_and_changes_nothing(
    cast: Cast, story: Callable[[Cast], Receipt]
) -> None:
    everything_late(cast, story(cast))


def test_whatever_the_worker_repeats_after_the_end_changes_nothing(cast: Cast) -> None:
    receipt = cast.closed()
    case_id, base = receipt.case_id, cast.base
    with nothing_changes():
        advance(base, case_id=case_id, billing=cast.elements.billing)
        cease.cease_if_due(base, case_id=case_id, outside=cast.elements.outside)
        cease_got_stuck(base, case_id=case_id)
        review_is_overdue(base, case_id=case_id, now=cast.time.now())
        assert cast.li_wei.line is not None
        provision(base, line_id=cast.li_wei.line.id, hlr=cast.elements.hlr)
        for notice in some(base, Notice, case_id=case_id):
            notices.send(base, notice_id=notice.id, messengers=cast.elements.messengers)
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and not entry.in_service


def test_a_living_sim_is_never_removed_by_a_misdirected_job(cast: Cast) -> None:
    sim = cast.sim_of(cast.li_wei)
    remove_from_hlr(cast.base, sim_id=sim.id, hlr=cast.elements.hlr)
    entry = cast.elements.hlr.look(sim.imsi)
    assert entry is not None and entry.in_service


def test_the_parts_of_a_closing_may_come_in_any_order(cast: Cast) -> None:
    receipt = cast.declare()
    evidence.choose_refund(cast.base, case_id=receipt.case_id, method="bank_account", actor=ON_THE_WEB)
    cast.work()
    cast.keep_sim(receipt)
    cast.work()
    sent = identity.new_code(cast.base, case_id=receipt.case_id, contact_id=cast.li_wei.mail.id, actor=ON_THE_WEB)
    identity.verify_code(cast.base, case_id=receipt.case_id, code=sent.code, actor=ON_THE_WEB)
    cast.work()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_two_clerks_at_one_case_both_succeed_or_one_is_told(cast: Cast) -> None:
    receipt = cast.declare()
    vera = Actor(CLERK, "vera", "store")

    def vera_in_between(rows: Store) -> None:
        seen = rows.one(Case, {"id": receipt.case_id})
        assert seen is not None
        cast.base.transact(
            lambda inner: inner.apply(
                Plan((Change(Case, {"id": seen.id, "revision": seen.revision}, {"revision": seen.revision + 1}),))
            )
        )
        rows.apply(Plan((Change(Case, {"id": seen.id, "revision": seen.revision}, {"sim_custody": "subscriber"}),)))

    with nothing_changes(), pytest.raises(Conflict):
        cast.base.transact(vera_in_between)
    cast.prove_in_person(receipt, cast.li_wei)
    evidence.declare_sim(cast.base, case_id=receipt.case_id, custody="subscriber", actor=vera)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_a_decision_taken_on_what_has_changed_meanwhile_is_a_conflict(cast: Cast) -> None:
    receipt = cast.declare()
    stale = cast.case(receipt)
    cast.keep_sim(receipt)
    decided = Change(
        Case, {"id": stale.id, "revision": stale.revision, "state": stale.state}, {"sim_pin_removed": True}
    )
    with refused("conflict", Conflict):
        cast.base.transact(lambda rows: rows.apply(Plan((decided,))))
