"""A final bill as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from lastcall.core.closing.charges import bill_parts
from lastcall.core.closing.texts import money
from lastcall.core.closing.words import BILL_LINES
from lastcall.core.rows import Json


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of a bill; ``is_sum``: whether it is a result and not a part."""

    label: str
    amount: str
    is_sum: bool


def amounts(bill: Json) -> tuple[Amount, ...]:
    """The bill as :func:`~lastcall.core.closing.charges.bill_json` gives it, in the language in force; nothing for none."""
    return tuple(
        Amount(str(BILL_LINES[part.code]), money(part.amount, bill["currency"]), part.result)
        for part in bill_parts(bill)
    )
