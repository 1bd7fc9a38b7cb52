"""The simulator's billing and messengers: in memory, once per key, and able to be down.

They take what they are ordered without second thoughts, and remember it: whether it was right is for the invariants to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import Account, FinalBill, Message

CASH: Final = "cash"
REVENUE: Final = "revenue"
BONUSES: Final = "bonuses"


@dataclass(slots=True)
class Charge:
    """A service rendered at ``service_time``; ``reversed`` when billing took it back."""

    service_time: datetime
    amount: int
    from_bonus: int = 0
    reversed: bool = False


@dataclass(slots=True)
class Books:
    """What billing holds of one line, in minor units. ``orders``: keys of orders that were carried out."""

    line_id: int
    currency: str = "RUB"
    money: int = 0
    bonus: int = 0
    debt: int = 0
    payable: int = 0
    paid_in: int = 0
    """All money that ever came in: no more than that may be refunded, for a bonus is no money."""
    outside: int = 0
    """The other side of the double entry: cash, revenue and bonuses, as one sum."""
    stopped_at: datetime | None = None
    charges: list[Charge] = field(default_factory=list)
    bill: FinalBill | None = None
    refunds: list[tuple[int, str]] = field(default_factory=list)
    orders: set[str] = field(default_factory=set)

    def copy(self) -> Books:
        """The same books for another world."""
        return replace(self, charges=[replace(charge) for charge in self.charges], refunds=list(self.refunds),
                       orders=set(self.orders))  # fmt: skip

    @property
    def balance(self) -> int:
        return self.money + self.bonus - self.debt

    @property
    def out_of_balance(self) -> int:
        """What the double entry does not sum to zero by."""
        return self.money + self.bonus - self.debt + self.payable + self.outside


@dataclass(slots=True)
class SimBilling:
    """The port :class:`~lastcall.core.ports.Billing`, and what fills accounts in daily life."""

    held: dict[int, Books] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    """Lines whose books were opened for an order; whoever reads it clears it."""
    down: bool = False
    late: int = 0
    """How many of the next orders are carried out and yet answered with trouble."""
    name: str = "simulator"

    def account(self, line_id: int) -> Account:
        """The account as it stands. Raises ``ElementTrouble`` while down."""
        held = self._known(line_id)
        return Account(
            line_id, held.currency, held.balance, max(0, held.money - held.debt), held.stopped_at is None, clock.now()
        )

    def stop_charging(self, line_id: int, *, at: datetime, key: str) -> None:
        """Refuse what was rendered after ``at``, and reverse what was booked of it."""
        held = self._held(line_id)
        if self._first(held, key):
            held.stopped_at = at if held.stopped_at is None else min(held.stopped_at, at)
            for charge in held.charges:
                if charge.service_time > held.stopped_at and not charge.reversed:
                    self._reverse(held, charge)
        self._answer()

    def settle(self, bill: FinalBill, *, key: str) -> None:
        """Book the final bill."""
        held = self._held(bill.line_id)
        if self._first(held, key):
            if held.stopped_at is None or held.bill is not None:
                raise _trouble("already_settled" if held.bill else "still_charging", permanent=True)
            held.bill = bill
            held.outside += held.balance - bill.refund + bill.owed
            held.money = held.bonus = 0
            held.debt, held.payable = bill.owed, bill.refund
        self._answer()

    def order_refund(self, line_id: int, *, amount: int, currency: str, target: str, key: str) -> None:
        """Pay."""
        held = self._held(line_id)
        if self._first(held, key):
            held.refunds.append((amount, target))
            held.payable -= amount
            held.outside += amount
        self._answer()

    def open_account(self, line_id: int, currency: str) -> None:
        """Open an account. The same again does nothing. Raises ``ElementTrouble`` while down."""
        if self.down:
            raise _trouble("unreachable", permanent=False)
        self.touched.add(line_id)
        self.held.setdefault(line_id, Books(line_id, currency))

    def take_payment(self, line_id: int, *, amount: int, currency: str, key: str) -> None:
        """What the holder paid comes in, for debts first; after the final bill no more than is owed."""
        held = self._held(line_id)
        if key not in held.orders and held.bill is not None and amount > held.debt:
            raise _trouble("more_than_owed", permanent=True)
        if self._first(held, key):
            held.outside -= amount
            held.paid_in += amount
            self._add(held, amount)
        self._answer()

    def top_up(self, line_id: int, amount: int) -> None:
        """Money comes in, for debts first. Raises ``ElementTrouble`` after the final bill."""
        held = self._unsettled(line_id)
        held.outside -= amount
        held.paid_in += amount
        self._add(held, amount)

    def pay_debt(self, line_id: int) -> None:
        """All that is owed is paid, before or after the final bill."""
        held = self._held(line_id)
        held.outside -= held.debt
        held.paid_in += held.debt
        held.debt = 0

    def grant_bonus(self, line_id: int, amount: int) -> None:
        """Promotional credit."""
        held = self._unsettled(line_id)
        held.outside -= amount
        held.bonus += amount

    def charge(self, line_id: int, amount: int, *, service_time: datetime) -> None:
        """A service rendered. Raises ``ElementTrouble`` after the final bill, and for services after the stop."""
        held = self._unsettled(line_id)
        if held.stopped_at is not None and service_time > held.stopped_at:
            raise _trouble("charging_stopped", permanent=True)
        from_bonus = min(held.bonus, amount)
        held.charges.append(Charge(service_time, amount, from_bonus))
        held.outside += amount
        from_money = min(held.money, amount - from_bonus)
        held.bonus -= from_bonus
        held.money -= from_money
        held.debt += amount - from_bonus - from_money

    def _reverse(self, held: Books, charge: Charge) -> None:
        charge.reversed = True
        held.outside -= charge.amount
        held.bonus += charge.from_bonus
        self._add(held, charge.amount - charge.from_bonus)

    def _add(self, held: Books, amount: int) -> None:
        to_debt = min(held.debt, amount)
        held.debt -= to_debt
        held.money += amount - to_debt

    def _held(self, line_id: int) -> Books:
        self.touched.add(line_id)
        return self._known(line_id)

    def _known(self, line_id: int) -> Books:
        if self.down:
            raise _trouble("unreachable", permanent=False)
        held = self.held.get(line_id)
        if held is None:
            raise _trouble("unknown_line", permanent=True)
        return held

    def _unsettled(self, line_id: int) -> Books:
        held = self._held(line_id)
        if held.bill is not None:
            raise _trouble("account_settled", permanent=True)
        return held

    @staticmethod
    def _first(held: Books, key: str) -> bool:
        if key in held.orders:
            return False
        held.orders.add(key)
        return True

    def _answer(self) -> None:
        if self.late:
            self.late -= 1
            raise _trouble("timeout", permanent=False)


@dataclass(slots=True)
class SimMessenger:
    """The port :class:`~lastcall.core.ports.Messenger`. ``sent``: the keys of all messages; one is sent once."""

    name: str
    sent: set[str] = field(default_factory=set)
    down: bool = False

    def send(self, message: Message) -> None:
        """Take the message. Raises ``ElementTrouble`` while down."""
        if self.down:
            raise _trouble("unreachable", permanent=False)
        self.sent.add(message.key)


def _trouble(code: str, *, permanent: bool) -> ElementTrouble:
    return ElementTrouble(f"the simulator's element: {code}", permanent=permanent, code=code)
