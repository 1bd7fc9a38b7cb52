"""Elements that agree to everything at once and cost nothing, so that a measurement is of our own work and the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lastcall.core import clock
from lastcall.core.closing.steps import Outside
from lastcall.core.ports import Account, FinalBill, HlrEntry


class NullHlr:
    """Every IMSI is known and in service until it is barred."""

    name = "null"

    def __init__(self) -> None:
        self._entries: dict[str, HlrEntry] = {}

    def look(self, imsi: str) -> HlrEntry | None:
        return self._entries.get(imsi) or HlrEntry(imsi, "79000000000", True, True)

    def bar(self, imsi: str) -> None:
        self._entries[imsi] = HlrEntry(imsi, "79000000000", False, False)

    def take_number_off(self, imsi: str) -> None:
        self._entries[imsi] = HlrEntry(imsi, None, False, False)

    def grant(self, imsi: str) -> None:
        self._entries[imsi] = HlrEntry(imsi, None, True, True)

    def provision(self, imsi: str, msisdn: str) -> None:
        self._entries[imsi] = HlrEntry(imsi, msisdn, True, True)

    def remove(self, imsi: str) -> None:
        self._entries.pop(imsi, None)


class NullBilling:
    """Every account holds 350.50 RUB, to be refunded."""

    name = "null"

    def __init__(self) -> None:
        self._stopped: set[int] = set()

    def open_account(self, line_id: int, currency: str) -> None:
        return None

    def account(self, line_id: int) -> Account:
        account = Account(line_id, "RUB", 35_050, 35_050, charging=True, as_of=clock.now())
        return replace(account, charging=False) if line_id in self._stopped else account

    def stop_charging(self, line_id: int, *, at: datetime, key: str) -> None:
        self._stopped.add(line_id)

    def settle(self, bill: FinalBill, *, key: str) -> None:
        return None

    def take_payment(self, line_id: int, *, amount: int, currency: str, key: str) -> None:
        return None

    def order_refund(self, line_id: int, *, amount: int, currency: str, target: str, key: str) -> None:
        return None


def null_outside() -> Outside:
    """HLR and billing that cost nothing."""
    return Outside(hlr=NullHlr(), billing=NullBilling())
