"""Final bills and refusals as the ledger's tests need them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import BillLine, FinalBill

LINE = 7001
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def bill(balance: int, *fees: int, refund: int = 0, owed: int = 0, line_id: int = LINE) -> FinalBill:
    """A final bill in roubles that starts from ``balance``."""
    lines = (BillLine("balance", balance), *(BillLine("early_termination_fee", fee) for fee in fees))
    return FinalBill(line_id=line_id, currency="RUB", lines=lines, refund=refund, owed=owed)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The block must raise permanent trouble with this code."""
    with pytest.raises(ElementTrouble) as caught:
        yield
    assert (caught.value.code, caught.value.permanent) == (code, True)
