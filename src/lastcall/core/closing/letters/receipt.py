"""The receipt of a declaration: what was received and when, and everything that follows from it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.case import Case
from lastcall.core.closing.declaration import agreement_end
from lastcall.core.closing.letters.letter import (
    Block,
    Day,
    Heading,
    Item,
    Items,
    Letter,
    Moment,
    Msisdn,
    Paragraph,
    Row,
    Rows,
    Text,
    Value,
    say,
)
from lastcall.core.closing.letters.wording import (
    AS_SOON_AS_POSSIBLE,
    DECLARANTS,
    days,
    hours,
    letter,
    unsure,
    warnings,
)
from lastcall.core.closing.receipts import Receipt, grouped
from lastcall.core.policies.pack import Pack
from lastcall.core.policies.policy import Policy


def receipt(*, receipt: Receipt, case: Case, pack: Pack, language: str, contact: str = "") -> Letter:
    """The receipt as a letter: what was declared, and what the policy frozen into ``case`` makes of it.

    ``contact``: where its copy goes, masked. It tells nothing that the declarant did not say, so it is the same whether the number
    is a line of ours. Its secret is the one in ``receipt``; it is kept nowhere else. Raises ``BadInput`` (``bad_language``).
    """
    policy = Policy.from_json(case.policy)
    return letter(
        "receipt",
        language=language,
        pack=pack,
        made_at=receipt.received_at,
        title=_("Receipt of your declaration"),
        blocks=(
            Paragraph(say(_("We have received your declaration that the line shall end.")), tone="strong"),
            _facts(receipt, case, contact),
            _standing(receipt, policy),
            Heading(say(_("What comes next"))),
            _next(policy, pack),
            Heading(say(_("The number afterwards"))),
            *_number(policy, pack),
            Heading(say(_("How to take it back"))),
            *_take_back(),
            Heading(say(_("Be careful"))),
            warnings(pack),
        ),
    )


def _facts(receipt: Receipt, case: Case, contact: str) -> Rows:
    return Rows(
        (
            Row(say(_("Received on")), Moment(receipt.received_at, exact=True), "strong"),
            Row(say(_("Number")), Msisdn(case.claimed_msisdn), "strong"),
            Row(say(_("Declared by")), say(DECLARANTS[receipt.declared_by])),
            Row(say(_("Requested end")), requested_end(case.requested_end)),
            Row(say(_("The agreement ends")), Moment(agreement_end(receipt.legal_end, case.requested_end)), "strong"),
            Row(say(_("Reference")), Text(grouped(receipt.reference)), "code"),
            Row(say(_("Secret")), Text(grouped(receipt.secret)), "code"),
            *((Row(say(_("A copy goes to")), Text(contact)),) if contact else ()),
        )
    )


def requested_end(at: datetime | None) -> Value:
    """The end that was asked for."""
    return Day(at) if at is not None else AS_SOON_AS_POSSIBLE


def _standing(receipt: Receipt, policy: Policy) -> Paragraph:
    if receipt.complete:
        words = _(
            "The declaration is complete. It counts from the moment it was received; no later check moves that moment."
        )
        return Paragraph(say(words))
    words = _(
        "The declaration is registered from the moment it was received. For the agreement to end you must still complete it: "
        "by signature, or in person in a shop. If something is still missing after %(lapse)s, the declaration lapses and you "
        "can declare again."
    )
    return Paragraph(say(words, lapse=days(policy.termination_lapse_days)), tone="framed")


def _next(policy: Policy, pack: Pack) -> Items:
    default, remote = hours(policy.hold_hours_default), hours(policy.hold_hours_remote)
    refund = unsure(pack, days(policy.refund_deadline_days), "refund.deadline_days")
    hold = say(
        _(
            "Then everything is held for %(default)s, or for %(remote)s when identity was shown from afar, so that nobody closes "
            "your line behind your back. After a change of SIM, contact or holder the hold is %(change)s."
        ),
        default=default, remote=remote, change=days(policy.hold_days_after_change),
    )  # fmt: skip
    waived = say(_("No hold if you come to a shop with your original document and hand in the SIM."))
    return Items(
        (
            Item(
                say(
                    _("Show who you are, on the page of your closing or in a shop. This paper is no proof of identity.")
                )
            ),
            Item(
                say(
                    _(
                        "Pay for services already rendered, if anything is owed. You see it once you have shown who you are."
                    )
                )
            ),
            Item(say(_("Say what becomes of the SIM. If you hand it in, take its PIN off first."))),
            Item(hold, under=waived if policy.hold_waived_in_person else None),
            Item(say(_("Then the line is switched off, and we write to you what the final bill is."))),
            Item(say(_("What is left of your money is paid out within %(days)s after the end."), days=refund)),
        ),
        mark="number",
    )


def _number(policy: Policy, pack: Pack) -> tuple[Block, ...]:
    window = unsure(pack, days(policy.reactivation_window_days), "reactivation.window_days")
    quarantine = unsure(pack, days(policy.quarantine_days), "quarantine.days")
    return (
        Paragraph(
            say(
                _(
                    "For %(window)s from the moment the network confirms the end, only you can have the number back. "
                    "Until %(quarantine)s are over, nobody else can have it. After that somebody else may get it."
                ),
                window=window, quarantine=quarantine,
            )
        ),
        Paragraph(say(_("Take the number off your bank, state services, messengers and mail before the line ends."))),
    )  # fmt: skip


def _take_back() -> tuple[Block, ...]:
    words = _(
        "Until the switching off begins you can take the declaration back: on the page of your closing with the reference and "
        "the secret, in a shop with your document, or by phone. Nothing is closed then."
    )
    keep = _("Keep this receipt. Whoever has the reference and the secret sees how the closing stands.")
    return (Paragraph(say(words)), Paragraph(say(keep)))
