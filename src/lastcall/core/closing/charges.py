"""What leaving costs and what comes back: the final bill, as a preview before anybody presses a button and at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lastcall.core.ports import Account, BillLine, FinalBill
from lastcall.core.rows import Json
from lastcall.core.subscribers.line import Line


def final_bill(line: Line, account: Account, *, on: date) -> FinalBill:
    """The settlement if the line ends on that day.

    The line ``balance`` is what billing holds, bonus included, or what rendered services cost and were not paid; fees are
    negative. The refund is what is left of the money (bonus and promotional credit are no money), never below 0; what is
    missing is owed.
    """
    fees = _fees(line, on)
    start = account.refundable if account.balance >= 0 else account.balance
    total = start + sum(fee.amount for fee in fees)
    lines = (BillLine("balance", account.balance), *fees)
    return FinalBill(line.id, account.currency, lines, refund=max(total, 0), owed=max(-total, 0))


def _fees(line: Line, on: date) -> tuple[BillLine, ...]:
    bound = line.commitment_until is not None and on < line.commitment_until
    fees = (
        ("early_termination_fee", line.early_termination_fee if bound else 0),
        ("device_instalments", line.instalments_left),
        ("premium_number_fee", line.premium_number_fee),
    )
    return tuple(BillLine(code, -amount) for code, amount in fees if amount)


def bill_json(bill: FinalBill) -> Json:
    """The bill as JSON, amounts in minor units."""
    return {
        "currency": bill.currency,
        "lines": [{"code": line.code, "amount": line.amount} for line in bill.lines],
        "not_refundable": sum(line.amount for line in bill.lines) - bill.refund + bill.owed,
        "refund": bill.refund,
        "owed": bill.owed,
    }


@dataclass(frozen=True, slots=True)
class BillPart:
    """One line of a bill as it is read, top to bottom; ``result``: what follows from the lines above it."""

    code: str
    amount: int
    result: bool = False


def bill_parts(bill: Json) -> tuple[BillPart, ...]:
    """The lines of a bill that :func:`bill_json` gave, in minor units, so that they add up to its results; nothing for none.

    What is no money (bonus) is one of them: without it the results would not follow from the rest.
    """
    if not bill:
        return ()
    parts = [BillPart(line["code"], line["amount"]) for line in bill["lines"]]
    if bill.get("not_refundable"):
        parts.append(BillPart("not_refundable", -bill["not_refundable"]))
    return (*parts, *(BillPart(code, bill[code], result=True) for code in ("refund", "owed")))


def bill_from_json(line_id: int, frozen: Json) -> FinalBill:
    """The bill that :func:`bill_json` froze."""
    lines = tuple(BillLine(entry["code"], entry["amount"]) for entry in frozen["lines"])
    return FinalBill(line_id, frozen["currency"], lines, frozen["refund"], frozen["owed"])
