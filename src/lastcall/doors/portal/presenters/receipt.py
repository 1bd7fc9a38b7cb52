"""The receipt on the screen: everything that was declared, what comes next and when, and how to take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from lastcall.core.closing.declaration import agreement_end
from lastcall.core.closing.receipts import Receipted, grouped
from lastcall.core.closing.texts import moment
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.policies.pack import Pack
from lastcall.core.policies.policy import Policy
from lastcall.doors.portal.presenters.close import hold_words, papers, who
from lastcall.doors.screens.wording import Told, advice, day, days, exact, sure


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the receipt; ``machine``: its moment in ISO 8601, where it is one; ``sure``: whether the pack confirms it."""

    label: str
    value: str
    machine: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """All that the receipt shows. ``complete``: whether nothing is left to sign; ``shop``: how to complete it otherwise."""

    number: str
    received: Fact
    reference: str
    secret: str
    facts: tuple[Fact, ...]
    contact: str
    complete: bool
    standing: Told
    next_steps: tuple[Told, ...]
    number_after: Told
    warnings: tuple[Told, ...]


def receipt_page(receipted: Receipted, *, pack: Pack, language: str) -> ReceiptPage:
    """The receipt, in ``language``, which must be the one in force. Its figures are those frozen into the case."""
    receipt, case = receipted.receipt, receipted.case
    policy = Policy.from_json(case.policy)
    return ReceiptPage(
        number=format_msisdn(case.claimed_msisdn),
        received=Fact(_("Received on"), exact(receipt.received_at), _machine(receipt.received_at)),
        reference=grouped(receipt.reference),
        secret=grouped(receipt.secret),
        facts=_facts(receipted, pack),
        contact=receipted.contact,
        complete=receipt.complete,
        standing=_standing(receipt.complete, case.lapse_at, pack),
        next_steps=_next_steps(receipt.declared_by, policy, pack, case.lapse_at),
        number_after=_number_after(policy, pack),
        warnings=_warnings(pack, language),
    )


def _facts(receipted: Receipted, pack: Pack) -> tuple[Fact, ...]:
    receipt, case = receipted.receipt, receipted.case
    wished = case.requested_end
    ends = agreement_end(receipt.legal_end, wished)
    return (
        Fact(_("Number"), format_msisdn(case.claimed_msisdn)),
        Fact(_("Who declares"), who(receipt.declared_by)),
        Fact(_("The line is to end"), day(timezone.localdate(wished)) if wished else _("As soon as possible")),
        Fact(_("The agreement ends"), moment(ends), _machine(ends), sure(pack, "termination.notice_days")),
    )


def _machine(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


def _standing(complete: bool, lapse_at: datetime, pack: Pack) -> Told:
    if complete:
        words = _(
            "The declaration is complete. It counts from the moment it was received; no later check moves that moment."
        )
    else:
        words = _(
            "The declaration is registered from the moment it was received. For the agreement to end you must still complete it "
            "by %(when)s: sign the statement, or come to a shop with your document."
        ) % {"when": moment(lapse_at)}
    return Told(words, sure(pack, "termination.act_doors"))


def _next_steps(identity: str, policy: Policy, pack: Pack, lapse_at: datetime) -> tuple[Told, ...]:
    show = _(
        "Show who you are, on the page of your closing or in a shop, by %(when)s. After that day the declaration lapses and "
        "nothing is closed."
    ) % {"when": moment(lapse_at)}
    refund = _("What is left of your money is paid out within %(days)s after the end.")
    waived = _("No hold when you stand in a shop with your original document and the SIM.")
    hold = f"{hold_words(policy)} {waived}" if policy.hold_waived_in_person else hold_words(policy)
    return (
        Told(show),
        *papers(identity),
        Told(_("Pay for services already rendered, if anything is owed. You see it once you have shown who you are.")),
        Told(_("Say what becomes of the SIM. If you hand it in, take its PIN off first.")),
        Told(hold),
        Told(_("Then the line is switched off, and we write to you what the final bill is.")),
        Told(refund % {"days": days(policy.refund_deadline_days)}, sure(pack, "refund.deadline_days")),
    )


def _number_after(policy: Policy, pack: Pack) -> Told:
    words = _(
        "For %(window)s from the moment the network confirms the end, only you can have the number back. "
        "Until %(quarantine)s are over, nobody else can have it. After that somebody else may get it."
    ) % {"window": days(policy.reactivation_window_days), "quarantine": days(policy.quarantine_days)}
    return Told(words, sure(pack, "reactivation.window_days", "quarantine.days"))


def _warnings(pack: Pack, language: str) -> tuple[Told, ...]:
    return (
        Told(_("Tell the secret and one-time codes to nobody, not even to us.")),
        *advice(pack, "advice.codes_are_secret", language),
        *advice(pack, "contract.sim_has_no_term", language),
    )
