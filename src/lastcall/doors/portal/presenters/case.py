"""From what the core tells to what a page shows: words, dates and amounts in the language in force. Nothing is read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lastcall.core.closing import words
from lastcall.core.closing.story import Missing, Story, Told
from lastcall.core.closing.texts import REJECTIONS, moment, money, remedy
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.status import NumberStatus
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json

_TONES: Final = {"waiting": "act", "closed": "done", "on_hold": "good", "rejected": "ended", "withdrawn": "ended",
                 "lapsed": "ended"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dated:
    """Something at a moment: ``when`` for people, ``machine`` in ISO 8601; ``left``: how long still."""

    text: str
    when: str
    machine: str
    left: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened within one minute, in order."""

    when: str
    machine: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of a bill; ``sum``: whether it is a result and not a part."""

    label: str
    amount: str
    sum: bool


@dataclass(frozen=True, slots=True)
class NumberPart:
    """How the number stands; ``next_owner``: when somebody else can have it at the earliest, ``left``: how long still."""

    title: str
    text: str
    next_owner: str
    left: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the page of one case shows. ``tone``: ``plain``, ``act``, ``good``, ``done``, ``ended`` or ``stop``."""

    number: str
    title: str
    text: str
    tone: str
    notes: tuple[str, ...]
    facts: tuple[Dated, ...]
    yours: tuple[str, ...]
    ours: tuple[str, ...]
    ahead: tuple[Dated, ...]
    happened: tuple[Happened, ...]
    bill: tuple[Amount, ...]
    number_part: NumberPart | None


def case_page(story: Story, *, language: str, now: datetime) -> CasePage:
    """The page of a case, in ``language``, which must be the one in force."""
    stopped = story.frozen and story.case.ended_at is None
    title, text = words.FROZEN if stopped else words.STATES[story.state]
    missing = [entry for entry in story.missing if entry.reason != "frozen"]  # the title says it already
    return CasePage(
        number=format_msisdn(story.case.claimed_msisdn),
        title=str(title),
        text=str(text),
        tone="stop" if stopped else _TONES.get(story.state, "plain"),
        notes=_notes(story),
        facts=_facts(story),
        yours=tuple(_remedy(entry, language) for entry in missing if not entry.ours),
        ours=tuple(_remedy(entry, language) for entry in missing if entry.ours),
        ahead=tuple(_dated(str(words.AHEAD[entry.code]), entry.at, _left(entry.at, now)) for entry in story.ahead),
        happened=_happened(story.happened),
        bill=_bill(story.bill),
        number_part=_number_part(story, now),
    )


def _notes(story: Story) -> tuple[str, ...]:
    stands = {
        words.STUCK: story.stuck,
        words.UNPROVED: not story.proved,
        words.WITHDRAWABLE: story.withdrawable and not story.frozen and story.proved,
    }
    notes = [str(note) for note, holds in stands.items() if holds]
    if story.ended_reason in REJECTIONS:
        notes.append(str(REJECTIONS[story.ended_reason]))
    return tuple(notes)


def _facts(story: Story) -> tuple[Dated, ...]:
    case = story.case
    act_doors = Policy.from_json(case.policy).termination_act_doors
    complete = case.door in act_doors or case.signed_at is not None or case.in_person_at is not None
    facts = [(_("Declaration received"), case.declared_at)]
    if complete and case.legal_end != case.declared_at:
        facts.append((_("The agreement ends"), case.legal_end))
    if story.proved and case.network_confirmed_at is not None:
        facts.append((_("The line ended"), case.network_confirmed_at))
    return tuple(_dated(label, at) for label, at in facts)


def _remedy(entry: Missing, language: str) -> str:
    return remedy(entry.reason, language=language, details=entry.details)


def _happened(told: tuple[Told, ...]) -> tuple[Happened, ...]:
    groups = [(when, list(group)) for when, group in groupby(told, key=lambda entry: moment(entry.at))]
    return tuple(
        Happened(
            when, group[0].at.isoformat(timespec="seconds"), tuple(text for entry in group for text in _texts(entry))
        )
        for when, group in groups
    )


def _texts(entry: Told) -> tuple[str, ...]:
    reason = REJECTIONS.get(entry.reason)
    return (str(words.HAPPENED[entry.code]), *([str(reason)] if reason else []))


def _dated(text: str, at: datetime, left: str = "") -> Dated:
    return Dated(text, moment(at), at.isoformat(timespec="seconds"), left)


def _left(at: datetime, now: datetime) -> str:
    left = max(at - now, timedelta(0))
    days, hours = left.days, left.seconds // 3600
    if days > 0:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    if hours > 0:
        return ngettext("%(hours)d hour left", "%(hours)d hours left", hours) % {"hours": hours}
    return _("less than an hour left")


def _bill(bill: Json) -> tuple[Amount, ...]:
    if not bill:
        return ()
    parts = [(line["code"], line["amount"]) for line in bill["lines"]]
    if bill.get("not_refundable"):
        parts.append(("not_refundable", -bill["not_refundable"]))
    results = [(code, bill[code]) for code in ("refund", "owed")]
    return tuple(
        Amount(str(words.BILL_LINES[code]), money(amount, bill["currency"]), code in {"refund", "owed"})
        for code, amount in parts + results
    )


def _number_part(story: Story, now: datetime) -> NumberPart | None:
    status: NumberStatus | None = story.number
    if status is None or status.state not in words.NUMBERS or story.state != "closed":
        return None
    title, text = words.NUMBERS[status.state]
    until = status.quarantine_until
    if until is None:
        return NumberPart(str(title), str(text), "", "")
    next_owner = _("Somebody else can get the number on %(when)s at the earliest.") % {"when": moment(until)}
    return NumberPart(str(title), str(text), next_owner, _left(until, now))
