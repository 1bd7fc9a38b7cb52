"""The end-of-contract notice: when the line ended, the final bill, and what becomes of the number."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.charges import bill_parts
from lastcall.core.closing.declaration import agreement_end
from lastcall.core.closing.letters.checklist import to_unlink
from lastcall.core.closing.letters.letter import (
    Amount,
    Amounts,
    Block,
    Day,
    Heading,
    Letter,
    Moment,
    Msisdn,
    Paragraph,
    Row,
    Rows,
    Sum,
    say,
)
from lastcall.core.closing.letters.wording import REFUNDS, letter, unsure
from lastcall.core.closing.story import Story
from lastcall.core.closing.words import BILL_LINES, NUMBERS
from lastcall.core.errors import Refused
from lastcall.core.policies.pack import Pack
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json


def end_notice(*, story: Story, pack: Pack, language: str) -> Letter:
    """The notice of a closed line, speaking of the moment at which the case ended.

    Raises ``Refused`` (``not_closed``) while the line has not ended; ``BadInput`` (``bad_language``).
    """
    case = story.case
    if case.state != "closed" or case.network_confirmed_at is None or case.ended_at is None or not story.proved:
        raise Refused(
            "the line has not ended, or nobody has shown who they are", code="not_closed",
            remedy="Make the notice when the case is closed.",
        )  # fmt: skip
    ended = Rows(
        (
            Row(say(_("Number")), Msisdn(case.claimed_msisdn), "strong"),
            Row(say(_("The network confirmed the end")), Moment(case.network_confirmed_at, exact=True), "strong"),
            Row(say(_("Declaration received")), Moment(case.declared_at)),
            Row(say(_("The agreement ends")), Moment(agreement_end(case.legal_end, case.requested_end))),
        )
    )
    return letter(
        "end_notice",
        language=language,
        pack=pack,
        made_at=case.ended_at,
        title=_("Your line is closed"),
        blocks=(
            Paragraph(say(_("The network no longer serves the line, and nothing more is charged.")), tone="strong"),
            ended,
            *bill_part(story.bill),
            *_settling(story, pack),
            *number_part(story),
            Heading(say(_("Take the number off these services now"))),
            to_unlink(pack),
        ),
    )


def bill_part(bill: Json) -> tuple[Block, ...]:
    """The lines of a frozen final bill, or nothing."""
    if not bill:
        return ()
    lines = [
        Amount(say(BILL_LINES[part.code]), Sum(part.amount, bill["currency"]), result=part.result)
        for part in bill_parts(bill)
    ]
    return (Heading(say(_("Final bill"))), Amounts(tuple(lines)))


def _settling(story: Story, pack: Pack) -> tuple[Block, ...]:
    case, bill = story.case, story.bill
    policy, found = Policy.from_json(case.policy), list[Block]()
    if bill.get("refund") and case.ended_at is not None:
        by = unsure(pack, Day(case.ended_at + timedelta(days=policy.refund_deadline_days)), "refund.deadline_days")
        amount = Sum(bill["refund"], bill["currency"])
        found.append(Paragraph(say(_("We pay %(amount)s back to you by %(by)s."), amount=amount, by=by)))
        if case.refund_target in REFUNDS:
            found.append(Rows((Row(say(_("Your wish")), say(REFUNDS[case.refund_target])),)))
    if bill.get("owed"):
        amount = Sum(bill["owed"], bill["currency"])
        found.append(Paragraph(say(_("Still to pay: %(amount)s. You can pay it in any shop of ours."), amount=amount)))
    return tuple(found)


def number_part(story: Story) -> tuple[Block, ...]:
    """How the number stands and until when, as its former holder may see it, or nothing."""
    status = story.number
    if status is None or status.state not in NUMBERS:
        return ()
    title, text = NUMBERS[status.state]
    dates = (
        (_("Only you can have the number back until"), status.reclaim_until),
        (_("Nobody else can have it before"), status.quarantine_until),
    )
    rows = (Row(say(_("The number now")), say(title)), *(Row(say(label), Moment(at)) for label, at in dates if at))
    return (Heading(say(_("Your number"))), Paragraph(say(text)), Rows(rows))
