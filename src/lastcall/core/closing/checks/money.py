"""Are the rendered services paid, and what does the agreement say about leaving?"""

from __future__ import annotations

from lastcall.core.closing.charges import final_bill
from lastcall.core.closing.checks.result import FAILED, PASSED, Result
from lastcall.core.closing.facts import Bound, Facts


def services_paid(facts: Facts, bound: Bound) -> Result:
    """Rendered services are paid (policy ``debt.blocks_cease``; Decree 59 of 24.01.2024: termination on that condition)."""
    account = facts.account
    if account is None:
        return Result("services_paid", FAILED, "balance_unknown")
    if account.balance < 0 and facts.policy.debt_blocks_cease:
        return Result("services_paid", FAILED, "arrears", {"amount": -account.balance, "currency": account.currency})
    return Result("services_paid", PASSED)


def terms(facts: Facts, bound: Bound) -> Result:
    """The agreement's terms cost something or nothing; they never forbid leaving."""
    if facts.account is None:
        return Result("terms", PASSED)
    bill = final_bill(bound.line, facts.account, on=facts.now.date())
    fees = [line for line in bill.lines if line.code != "balance"]
    if not fees:
        return Result("terms", PASSED)
    details = {line.code: -line.amount for line in fees} | {"currency": bill.currency, "owed": bill.owed}
    return Result("terms", PASSED, "fees_apply", details)
