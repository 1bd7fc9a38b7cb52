"""The cease as a sequence of steps, and each step's outside act: do it if it is not done, then read back.

An act may be repeated after any interruption: it looks first, and what is already so is not ordered again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lastcall.core import clock
from lastcall.core.closing.charges import bill_from_json, bill_json, final_bill
from lastcall.core.closing.facts import Bound, Facts
from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import Billing, Hlr, HlrEntry
from lastcall.core.rows import Json

STEPS: Final = ("bar", "take_number_off", "kill_sim", "stop_charging", "final_bill", "refund", "release_number")
"""In this order, each done and confirmed before the next begins."""

OUTSIDE: Final = frozenset({"bar", "take_number_off", "stop_charging", "final_bill", "refund"})


@dataclass(frozen=True, slots=True)
class Outside:
    """The elements that a cease orders about."""

    hlr: Hlr
    billing: Billing


Act = Callable[[Facts, Bound, Outside, str], Json]
"""Facts, line, elements, idempotency key -> the evidence of what was read back. Raises ``ElementTrouble``."""


def entry_json(entry: HlrEntry | None) -> Json:
    """What the HLR said, without IMSI or number."""
    if entry is None:
        return {"known": False}
    return {"known": True, "in_service": entry.in_service, "has_number": entry.msisdn is not None}


def _look(outside: Outside, bound: Bound) -> HlrEntry:
    entry = outside.hlr.look(bound.sim.imsi)
    if entry is None:
        raise ElementTrouble(
            "the HLR does not know the line's IMSI", permanent=True, code="hlr_unknown_imsi",
            remedy="Find out which HLR serves this SIM before anything is freed.",
        )  # fmt: skip
    return entry


def _bar(facts: Facts, bound: Bound, outside: Outside, key: str) -> Json:
    before = _look(outside, bound)
    if before.in_service:
        outside.hlr.bar(bound.sim.imsi)
    read_back = _look(outside, bound)
    if read_back.in_service:
        raise ElementTrouble(
            "the HLR said yes, but the line is still in service", permanent=False, code="still_in_service"
        )
    return {"before": entry_json(before), "after": entry_json(read_back), "confirmed_at": clock.now().isoformat()}


def _take_number_off(facts: Facts, bound: Bound, outside: Outside, key: str) -> Json:
    if _look(outside, bound).msisdn is not None:
        outside.hlr.take_number_off(bound.sim.imsi)
    read_back = _look(outside, bound)
    if read_back.msisdn is not None or read_back.in_service:
        raise ElementTrouble("the HLR said yes, but the number is still there", permanent=False, code="number_still_on")
    return {"after": entry_json(read_back)}


def _stop_charging(facts: Facts, bound: Bound, outside: Outside, key: str) -> Json:
    assert facts.case.network_confirmed_at is not None
    outside.billing.stop_charging(bound.line.id, at=facts.case.network_confirmed_at, key=key)
    if outside.billing.account(bound.line.id).charging:
        raise ElementTrouble("billing said yes, but is still charging", permanent=False, code="still_charging")
    return {"charging": False}


def _final_bill(facts: Facts, bound: Bound, outside: Outside, key: str) -> Json:
    # Frozen at the first attempt: a repeat after an interruption settles the very same bill.
    if not facts.case.final_bill:
        raise ElementTrouble("the final bill was not drawn up", permanent=True, code="no_final_bill")
    outside.billing.settle(bill_from_json(bound.line.id, facts.case.final_bill), key=key)
    return dict(facts.case.final_bill)


def draw_up(facts: Facts, bound: Bound, billing: Billing) -> Json:
    """The final bill from what billing holds after charging has stopped."""
    return bill_json(final_bill(bound.line, billing.account(bound.line.id), on=facts.now.date()))


def _refund(facts: Facts, bound: Bound, outside: Outside, key: str) -> Json:
    amount = int(facts.case.final_bill["refund"])
    target = facts.case.refund_target or facts.policy.refund_methods[0]
    if amount > 0:
        outside.billing.order_refund(
            bound.line.id, amount=amount, currency=facts.case.final_bill["currency"], target=target, key=key
        )
    return {"amount": amount, "target": target if amount else ""}


ACTS: Final[dict[str, Act]] = {
    "bar": _bar,
    "take_number_off": _take_number_off,
    "stop_charging": _stop_charging,
    "final_bill": _final_bill,
    "refund": _refund,
}
