"""The case file: everything that the page of a closing shows, for keeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lastcall.core.audit.reading import Reading
from lastcall.core.closing import words
from lastcall.core.closing.declaration import agreement_end
from lastcall.core.closing.letters.end_notice import bill_part, number_part
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
    Sum,
    Text,
    Value,
    Words,
    say,
)
from lastcall.core.closing.letters.receipt import requested_end
from lastcall.core.closing.letters.wording import CUSTODIES, DECLARANTS, REFUNDS, choice, letter
from lastcall.core.closing.story import Missing, Story, Told
from lastcall.core.closing.texts import REJECTIONS, REMEDIES
from lastcall.core.closing.words import (
    AHEAD,
    BROKEN_GLASS,
    FROZEN,
    HAPPENED,
    LOOKED,
    ROLES,
    STATES,
    STUCK,
    UNPROVED,
    WITHDRAWABLE,
)
from lastcall.core.policies.pack import Pack
from lastcall.core.policies.policy import Policy
from lastcall.core.relying.asked import Asking


def case_file(
    *,
    story: Story,
    pack: Pack,
    language: str,
    now: datetime,
    looks: Sequence[Reading] = (),
    asked: Sequence[Asking] | None = None,
) -> Letter:
    """The file of a case as its reader may see it at ``now``. ``looks``, and ``asked`` (who asked about the number or was told;
    None where that is not told), are left out until somebody proved who they are.

    Raises ``BadInput`` (``bad_role``, ``bad_language``, ``naive_moment``).
    """
    return letter(
        "case_file",
        language=language,
        pack=pack,
        made_at=now,
        title=_("File of your closing"),
        blocks=(
            *_standing(story),
            _facts(story, now),
            *_section(_("What is missing from you"), _remedies(story, ours=False)),
            *_section(_("What we are looking at"), _remedies(story, ours=True)),
            *_ahead(story),
            *bill_part(story.bill),
            *(number_part(story) if story.state == "closed" else ()),
            *_happened(story.happened),
            *(_looks(looks) if story.proved else ()),
            *(_asked(asked) if story.proved and asked is not None else ()),
        ),
    )


def _standing(story: Story) -> tuple[Block, ...]:
    title, text = FROZEN if story.frozen and story.case.ended_at is None else STATES[story.state]
    notes = (
        (STUCK, story.stuck),
        (UNPROVED, not story.proved),
        (WITHDRAWABLE, story.withdrawable and not story.frozen and story.proved),
        (REJECTIONS.get(story.ended_reason, ""), story.ended_reason in REJECTIONS),
    )
    return (
        Paragraph(say(title), tone="strong"),
        Paragraph(say(text)),
        *(Paragraph(say(note)) for note, holds in notes if holds),
    )


def _facts(story: Story, now: datetime) -> Rows:
    case = story.case
    rows = [
        Row(say(_("Number")), Msisdn(case.claimed_msisdn), "strong"),
        Row(say(_("As of")), Moment(now)),
        Row(say(_("Declaration received")), Moment(case.declared_at, exact=True)),
        Row(say(_("Requested end")), requested_end(case.requested_end)),
    ]
    if case.door in Policy.from_json(case.policy).termination_act_doors or case.signed_at or case.in_person_at:
        rows.append(Row(say(_("The agreement ends")), Moment(agreement_end(case.legal_end, case.requested_end))))
    if story.proved:  # papers that staff put on file change it
        rows.append(Row(say(_("Declared by")), say(DECLARANTS[case.declared_by])))
    if story.proved and case.network_confirmed_at is not None:
        rows.append(Row(say(_("The line ended")), Moment(case.network_confirmed_at, exact=True)))
    if story.proved and case.sim_custody in CUSTODIES:
        rows.append(Row(say(_("The SIM")), say(CUSTODIES[case.sim_custody])))
    if story.proved and case.refund_target in REFUNDS:
        rows.append(Row(say(_("The refund goes")), say(REFUNDS[case.refund_target])))
    return Rows(tuple(rows))


def _remedies(story: Story, *, ours: bool) -> list[Value]:
    return [_remedy(each) for each in story.missing if each.ours == ours and each.reason in REMEDIES]


def _remedy(missing: Missing) -> Value:
    amount = missing.details.get("amount")
    currency = str(missing.details.get("currency", "RUB"))
    return say(REMEDIES[missing.reason], amount=Text("") if amount is None else Sum(int(amount), currency))


def _section(title: Words, values: list[Value]) -> tuple[Block, ...]:
    items = tuple(Item(value) for value in values)
    return (Heading(say(title)), Items(items)) if items else ()


def _ahead(story: Story) -> tuple[Block, ...]:
    if not story.ahead:
        return ()
    rows = tuple(Row(Moment(each.at), say(AHEAD[each.code])) for each in story.ahead)
    return (Heading(say(_("What comes next"))), Rows(rows))


def _happened(told: Sequence[Told]) -> tuple[Block, ...]:
    rows = tuple(Row(Moment(each.at), _news(each)) for each in told)
    return (Heading(say(_("What happened"))), Rows(rows)) if rows else ()


def _news(told: Told) -> Value:
    if told.reason not in REJECTIONS:
        return say(HAPPENED[told.code])
    return say("%(what)s %(why)s", what=say(HAPPENED[told.code]), why=say(REJECTIONS[told.reason]))


def _looks(looks: Sequence[Reading]) -> tuple[Block, ...]:
    heading = Heading(say(_("Who of our staff looked at your file")))
    if not looks:
        return (heading, Paragraph(say(_("Nobody so far."))))
    return (heading, Rows(tuple(Row(Moment(look.at), _look(look)) for look in looks)))


def _look(look: Reading) -> Value:
    who = choice(ROLES, look.role, "role")
    if look.reason not in LOOKED:
        return who
    why = say(LOOKED[look.reason])
    if look.ground == "break_glass":
        why = say(BROKEN_GLASS, why=why)
    return say("%(who)s: %(why)s", who=who, why=why)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One line of who asked about the number or was told."""

    asking: Asking

    def shown(self) -> str:
        return words.asked(self.asking.category, self.asking.kind, self.asking.times)


def _asked(found: Sequence[Asking]) -> tuple[Block, ...]:
    heading = Heading(say(_("Who asked about your number, who was told")))
    if not found:
        return (heading, Paragraph(say(_("Nobody so far."))))
    return (heading, Rows(tuple(Row(Day(each.day), _Asking(each)) for each in found)))
