"""How money moves: pure functions from what a line holds to the postings of one entry.

A posting is (ledger account, minor units); + is a credit (the operator owes it to that account), - a debit. The
postings that each function gives sum to zero. Two things always hold: a line has debts only when it has neither money
nor bonus, and its money is never more than was paid in, so that no bonus can leave as a refund.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import FinalBill

Postings = tuple[tuple[str, int], ...]

CASH = "cash"
REVENUE = "revenue"
BONUSES_GRANTED = "bonuses_granted"
REFUNDS_PAYABLE = "refunds_payable"


def subscriber(line_id: int) -> str:
    """The ledger account of a line's money."""
    return f"subscriber:{line_id}"


def bonus(line_id: int) -> str:
    """The ledger account of a line's promotional credit."""
    return f"bonus:{line_id}"


def receivable(line_id: int) -> str:
    """The ledger account of what a line's holder owes."""
    return f"receivable:{line_id}"


@dataclass(frozen=True, slots=True)
class Holdings:
    """What one line holds, minor units, none negative.

    ``money``, ``bonus`` and ``debt`` make the balance; ``paid_in`` is cash received less cash paid out; ``payable`` is
    the refund that was settled and not yet paid.
    """

    line_id: int
    money: int = 0
    bonus: int = 0
    debt: int = 0
    paid_in: int = 0
    payable: int = 0

    @property
    def balance(self) -> int:
        return self.money + self.bonus - self.debt

    @classmethod
    def read(cls, line_id: int, sums: Mapping[str, int]) -> Holdings:
        """From the sums of the line's own entries by ledger account."""
        return cls(
            line_id,
            money=sums.get(subscriber(line_id), 0),
            bonus=sums.get(bonus(line_id), 0),
            debt=-sums.get(receivable(line_id), 0),
            paid_in=-sums.get(CASH, 0),
            payable=sums.get(REFUNDS_PAYABLE, 0),
        )


def _postings(*sides: tuple[str, int]) -> Postings:
    return tuple(side for side in sides if side[1])


def top_up(held: Holdings, amount: int) -> Postings:
    """Cash comes in: debts first, the rest is the subscriber's money."""
    to_debt = min(held.debt, amount)
    line = held.line_id
    return _postings((CASH, -amount), (receivable(line), to_debt), (subscriber(line), amount - to_debt))


def grant_bonus(held: Holdings, amount: int) -> Postings:
    """Promotional credit: debts first, the rest is the line's bonus. Never paid out."""
    to_debt = min(held.debt, amount)
    line = held.line_id
    return _postings((BONUSES_GRANTED, -amount), (receivable(line), to_debt), (bonus(line), amount - to_debt))


def charge(held: Holdings, amount: int) -> Postings:
    """A service rendered: paid from the bonus, then from money; what is missing becomes a debt."""
    from_bonus = min(held.bonus, amount)
    from_money = min(held.money, amount - from_bonus)
    line = held.line_id
    return _postings(
        (REVENUE, amount),
        (bonus(line), -from_bonus),
        (subscriber(line), -from_money),
        (receivable(line), from_bonus + from_money - amount),
    )


def reverse(held: Holdings, charged: Postings) -> Postings:
    """A charge taken back: what came from the bonus goes back there, the rest to money; debts are paid first.

    A debt that a later bonus had paid comes back as bonus: money never exceeds what was paid in.
    """
    line, sums = held.line_id, dict(charged)
    amount, was_bonus = sums[REVENUE], -sums.get(bonus(held.line_id), 0)
    debt_from_bonus = min(held.debt, was_bonus)
    debt_from_rest = min(held.debt - debt_from_bonus, amount - was_bonus)
    to_money = min(amount - was_bonus - debt_from_rest, held.paid_in - held.money)
    to_debt = debt_from_bonus + debt_from_rest
    return _postings(
        (REVENUE, -amount),
        (receivable(line), to_debt),
        (subscriber(line), to_money),
        (bonus(line), amount - to_debt - to_money),
    )


def settle(held: Holdings, bill: FinalBill) -> Postings:
    """The final bill: fees to revenue, bonuses written off, exactly ``refund`` payable or ``owed`` receivable.

    Bonuses may pay fees as far as the bill says so; they are never paid out. Raises :class:`ElementTrouble` (permanent,
    ``bill_mismatch``) when the bill starts from another balance, or ends elsewhere than the ledger.
    """
    fees = sum(line.amount for line in bill.lines if line.code != "balance")
    by_bonus = _fees_paid_by_bonus(held, bill, fees)
    line = held.line_id
    return _postings(
        (subscriber(line), -held.money),
        (bonus(line), -held.bonus),
        (receivable(line), held.debt - bill.owed),
        (REVENUE, -fees),
        (BONUSES_GRANTED, held.bonus - by_bonus),
        (REFUNDS_PAYABLE, bill.refund),
    )


def _fees_paid_by_bonus(held: Holdings, bill: FinalBill, fees: int) -> int:
    opening = sum(line.amount for line in bill.lines if line.code == "balance")
    if opening != held.balance:
        raise _mismatch(held, f"the bill starts from a balance of {opening}, the ledger holds {held.balance}")
    if bill.refund < 0 or bill.owed < 0 or (bill.refund and bill.owed):
        raise _mismatch(held, f"refund {bill.refund} and owed {bill.owed} cannot both stand")
    without_bonus = held.money - held.debt + fees
    most = min(held.bonus, -sum(line.amount for line in bill.lines if line.code != "balance" and line.amount < 0))
    by_bonus = bill.refund - bill.owed - without_bonus
    if not 0 <= by_bonus <= most:
        expected = f"{without_bonus}" if not most else f"between {without_bonus} and {without_bonus + most}"
        raise _mismatch(held, f"the bill ends at {bill.refund - bill.owed}, the ledger at {expected}")
    return by_bonus


def _mismatch(held: Holdings, what: str) -> ElementTrouble:
    return ElementTrouble(
        f"Final bill of line {held.line_id}: {what} (minor units).",
        permanent=True,
        code="bill_mismatch",
        remedy="Read the account again and make the bill anew.",
    )
