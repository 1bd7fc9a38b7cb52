"""Whatever happens to a line, in whatever order: the books balance, and nobody is paid what is not theirs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import BillLine, FinalBill
from lastcall.elements.billing import journal
from lastcall.elements.billing.ledger import LedgerBilling, trial_balance
from tests.elements.billing.bills import HOUR, NOON

Step = tuple[str, int, int]

AMOUNTS = st.integers(min_value=1, max_value=500)
HOURS = st.integers(min_value=-5, max_value=5)
SKEWS = st.one_of(st.just(0), st.integers(min_value=-100, max_value=100))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["top_up", "grant_bonus", "pay_debt"]), AMOUNTS, st.just(0)),
        st.tuples(st.just("charge"), AMOUNTS, HOURS),
        st.tuples(st.just("stop"), st.just(0), HOURS),
        st.tuples(st.just("settle"), AMOUNTS, SKEWS),
        st.tuples(st.just("refund"), st.just(0), SKEWS),
    ),
    max_size=12,
)
END: list[Step] = [("stop", 0, 5), ("settle", 50, 0), ("refund", 0, 0), ("refund", 0, 0)]

new_line = itertools.count(1_000_000)


@dataclass
class Story:
    """One line's life, and what the test counts of it by itself."""

    ledger: LedgerBilling
    line: int
    paid_in: int = 0
    bonuses: int = 0
    charges: list[tuple[int, int]] = field(default_factory=list)
    stopped: int | None = None
    final: FinalBill | None = None
    refunds: list[int] = field(default_factory=list)

    def take(self, step: Step, key: str) -> None:
        """Order the step twice under one key; count it once when the ledger took it."""
        act, amount, extra = step
        made = self.bill(amount, extra) if act == "settle" else None
        try:
            for _ in range(2):
                self.order(act, amount, extra, made, key)
        except ElementTrouble as trouble:
            if not trouble.permanent:
                raise
            return
        self.count(act, amount, extra, made)

    def order(self, act: str, amount: int, extra: int, made: FinalBill | None, key: str) -> None:
        at = NOON + extra * HOUR
        if act == "charge":
            self.ledger.charge(self.line, amount=amount, service_time=at, memo="", key=key)
        elif act == "stop":
            self.ledger.stop_charging(self.line, at=at, key=key)
        elif act == "settle":
            assert made is not None
            self.ledger.settle(made, key=key)
        elif act == "refund":
            due = max(1, (self.final.refund if self.final else 100) + extra)
            self.ledger.order_refund(self.line, amount=due, currency="RUB", target="card-7", key=key)
        else:
            getattr(self.ledger, act)(self.line, amount=amount, key=key)

    def count(self, act: str, amount: int, extra: int, made: FinalBill | None) -> None:
        if act in {"top_up", "pay_debt"}:
            self.paid_in += amount
        elif act == "grant_bonus":
            self.bonuses += amount
        elif act == "charge":
            self.charges.append((extra, amount))
        elif act == "stop":
            self.stopped = extra if self.stopped is None else min(self.stopped, extra)
        elif act == "settle":
            self.final = made
        else:
            assert self.final is not None
            self.refunds.append(max(1, self.final.refund + extra))

    def bill(self, fee: int, skew: int) -> FinalBill:
        """The right bill with this fee, its end moved by ``skew``."""
        account = self.ledger.account(self.line)
        end = (account.refundable or min(account.balance, 0)) - fee + skew
        lines = (BillLine("balance", account.balance), BillLine("early_termination_fee", -fee))
        return FinalBill(self.line, "RUB", lines, refund=max(0, end), owed=max(0, -end))

    def check(self) -> None:
        """The ledger tells the story as the test does."""
        spent = sum(amount for hour, amount in self.charges if self.stopped is None or hour <= self.stopped)
        account = self.ledger.account(self.line)
        assert trial_balance() == 0
        assert 0 <= account.refundable <= max(0, account.balance)
        assert account.refundable <= self.paid_in
        held = journal.holdings(journal.find(self.line))
        assert held.paid_in == self.paid_in - sum(self.refunds)
        assert len(self.refunds) <= 1
        if self.final is None:
            assert account.balance == self.paid_in + self.bonuses - spent
        else:
            assert (held.money, held.bonus) == (0, 0)
            assert held.payable == self.final.refund - sum(self.refunds)
            assert self.final.refund <= max(0, self.paid_in - spent + self.bonuses)
            assert self.final.refund <= self.paid_in


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_books_balance_and_no_more_than_the_money_is_refunded_once(
    ledger: LedgerBilling, steps: list[Step]
) -> None:
    story = Story(ledger, next(new_line))
    ledger.open_account(story.line, "RUB")
    for number, step in enumerate(steps + END):
        story.take(step, f"{story.line} {number}")
        story.check()
    assert story.final is not None
    assert sum(story.refunds) == story.final.refund
