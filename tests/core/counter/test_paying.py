"""Money at the counter: once per form, once per debt, booked also when billing was away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from lastcall.core.counter import calls, payments, visits
from lastcall.core.counter.payment import Payment
from lastcall.core.counter.ticket import Ticket
from lastcall.core.errors import BadInput, Conflict, ElementTrouble, LastcallError, NotFound, Refused
from lastcall.core.numbers.assign import Terms
from lastcall.core.ports import Billing
from tests.core.counter.conftest import OLGA, PAVEL, Counter
from tests.core.tools import race, winners

OWED = 14_950


@dataclass
class Away:
    """A billing that knows the account and takes no payment."""

    billing: Any
    name: str = "away"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.billing, name)

    def take_payment(self, line_id: int, *, amount: int, currency: str, key: str) -> None:
        raise ElementTrouble("billing is away", permanent=False, code="unreachable")


@pytest.fixture
def ticket(counter: Counter) -> Ticket:
    """Li Wei, who owes for calls, stands at Olga's window and was identified."""
    _owe(counter, 50_000)
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei)
    return ticket


def _line(counter: Counter) -> int:
    line = counter.cast.li_wei.line
    assert line is not None
    return line.id


def _owe(counter: Counter, amount: int) -> None:
    counter.cast.elements.billing.charge(
        _line(counter), amount=amount, service_time=counter.cast.time.now(), memo="calls", key=f"calls {amount}"
    )


def _pay(
    counter: Counter, ticket: Ticket, *, amount: int = OWED, key: str = "form 1", billing: Billing | None = None,
    means: str = "cash",
) -> Payment:  # fmt: skip
    return payments.pay(
        counter.base, ticket_id=ticket.id, amount=amount, means=means, key=key, actor=OLGA,
        billing=billing or counter.cast.elements.billing,
    )  # fmt: skip


def _balance(counter: Counter) -> int:
    return counter.cast.elements.billing.account(_line(counter)).balance


def test_what_is_owed_is_paid_and_the_checks_run_on(counter: Counter, ticket: Ticket) -> None:
    payment = _pay(counter, ticket)
    assert (payment.amount, payment.means, payment.booked_at is not None) == (OWED, "cash", True)
    assert _balance(counter) == 0
    case = visits.opened(counter.base, ticket_id=ticket.id, actor=OLGA).case
    assert case is not None
    visits.go_on(counter.base, case_id=case.id, billing=counter.cast.elements.billing)
    again = visits.opened(counter.base, ticket_id=ticket.id, actor=OLGA).case
    assert again is not None and not again.awaiting_payment


def test_the_same_form_is_one_payment(counter: Counter, ticket: Ticket) -> None:
    assert _pay(counter, ticket).id == _pay(counter, ticket).id
    assert _balance(counter) == 0


def test_the_same_form_never_stands_for_another_payment(counter: Counter, ticket: Ticket) -> None:
    _pay(counter, ticket)
    with pytest.raises(Conflict) as refusal:
        _pay(counter, ticket, means="card")
    assert refusal.value.code == "key_reused"


def test_a_fee_for_leaving_early_is_paid_with_the_debt(counter: Counter) -> None:
    anna = counter.cast.anna
    holder = counter.cast.sergei
    assert anna.line is not None
    line = counter.cast.give_line(holder, 79000001009, terms=Terms(premium_number_fee=30_000), balance=10_000)
    ticket = counter.serving()
    assert counter.identify(ticket, holder).accepted
    _pay(counter, ticket, amount=20_000)
    assert counter.cast.elements.billing.account(line.id).balance == 30_000


@pytest.mark.parametrize("amount", [1, OWED - 1, OWED + 1])
def test_only_what_is_owed_is_taken(counter: Counter, ticket: Ticket, amount: int) -> None:
    with pytest.raises(Refused) as refusal:
        _pay(counter, ticket, amount=amount)
    assert refusal.value.code == "amount_changed"
    assert _balance(counter) == -OWED


def test_who_owes_nothing_pays_nothing(counter: Counter) -> None:
    ticket = counter.serving()
    counter.identify(ticket, counter.cast.li_wei)
    with pytest.raises(Refused) as refusal:
        _pay(counter, ticket, amount=1)
    assert refusal.value.code == "nothing_owed"


def test_other_means_than_cash_and_card_are_not_taken(counter: Counter, ticket: Ticket) -> None:
    with pytest.raises(BadInput) as refusal:
        _pay(counter, ticket, means="promise")
    assert refusal.value.code == "bad_means"


def test_without_an_open_file_nothing_is_paid(counter: Counter, ticket: Ticket) -> None:
    with pytest.raises(NotFound):
        payments.pay(
            counter.base, ticket_id=ticket.id, amount=OWED, means="cash", key="form", actor=PAVEL,
            billing=counter.cast.elements.billing,
        )  # fmt: skip
    calls.finish(counter.base, ticket_id=ticket.id, actor=OLGA)
    with pytest.raises(NotFound):
        _pay(counter, ticket)


def test_a_payment_is_booked_later_when_billing_was_away(counter: Counter, ticket: Ticket) -> None:
    away = Away(counter.cast.elements.billing)
    assert _pay(counter, ticket, billing=away).booked_at is None
    assert _balance(counter) == -OWED
    with pytest.raises(Refused) as refusal:
        _pay(counter, ticket, key="form 2")
    assert refusal.value.code == "payment_open"
    counter.cast.work()
    assert _balance(counter) == 0
    case_id = counter.read(ticket).case_id
    assert case_id is not None
    assert [each.booked_at is not None for each in payments.payments(counter.base, case_id=case_id)] == [True]


def test_two_clicks_at_once_are_one_payment(counter: Counter, ticket: Ticket) -> None:
    clicks = [partial(_pay, counter, ticket, key=key) for key in ("form 1", "form 1", "form 2")]
    outcomes = race(*clicks)
    counter.cast.work()
    assert _balance(counter) == 0
    assert {each.code for each in outcomes if isinstance(each, LastcallError)} <= {"payment_open", "nothing_owed"}
    assert winners(outcomes)
