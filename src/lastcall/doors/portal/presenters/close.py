"""The declaration before it is made: what will be declared, in the words of the button that does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from lastcall.core.closing.declaration import agreement_end
from lastcall.core.closing.texts import REMEDIES, moment
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.policies.pack import Pack
from lastcall.core.policies.policy import Policy
from lastcall.doors.portal.draft import Draft
from lastcall.doors.screens.wording import Told, day, days, hours, sure


@dataclass(frozen=True, slots=True)
class Answer:
    """One row: ``change`` names the field to go back to, empty when it follows from the others."""

    label: str
    value: str
    change: str = ""
    sure: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """All that is declared. ``act``: what the button says."""

    number: str
    answers: tuple[Answer, ...]
    then: tuple[Told, ...]
    act: str


def check_page(draft: Draft, *, policy: Policy, pack: Pack, now: datetime) -> CheckPage:
    """The page that shows ``draft`` before it is declared."""
    number = format_msisdn(draft.msisdn)
    end = draft.requested_end
    wished = day(timezone.localdate(end)) if end else _("As soon as possible")
    answers = (
        Answer(_("Number"), number, "line"),
        Answer(_("Who declares"), who(draft.identity), "identity"),
        Answer(_("The line is to end"), wished, "end"),
        _legal_end(end, policy, pack, now),
        Answer(_("A copy of the receipt goes to"), draft.contact or _("Nobody: none was given"), "contact"),
    )
    return CheckPage(number, answers, _then(draft.identity, policy), _act(number, wished if end else ""))


def example_days(today: date) -> tuple[str, str, str]:
    """A day a month ahead as people in three languages write it."""
    ahead = today + timedelta(days=30)
    return f"{ahead:%d.%m.%Y}", f"{ahead:%Y-%m-%d}", f"{ahead.year}年{ahead.month}月{ahead.day}日"


def who(identity: str) -> str:
    """Who declares, in their own words."""
    return _("I am the holder") if identity == "holder" else _("I act for the holder")


def _legal_end(end: datetime | None, policy: Policy, pack: Pack, now: datetime) -> Answer:
    legal_end = now + timedelta(days=policy.termination_notice_days)
    at_once = policy.termination_notice_days == 0 and end is None
    shown = _("The moment we receive your declaration") if at_once else moment(agreement_end(legal_end, end))
    return Answer(
        _("The agreement ends"), shown, sure=sure(pack, "termination.notice_days"),
        note=_("When the line itself is switched off depends on the checks and the hold; they do not move this moment."),
    )  # fmt: skip


def _act(number: str, wished: str) -> str:
    if wished:
        return _("Close %(number)s on %(day)s") % {"number": number, "day": wished}
    return _("Close %(number)s now") % {"number": number}


def _then(identity: str, policy: Policy) -> tuple[Told, ...]:
    return (
        Told(_("At once you get a receipt with date and time. No later check delays it or changes its date.")),
        Told(_("Then you show who you are, online or in a shop. Until that is done the line goes on as before.")),
        *papers(identity),
        Told(hold_words(policy)),
        Told(_("Until the switching off begins you can take the declaration back. Nothing is closed then.")),
    )


def papers(identity: str) -> tuple[Told, ...]:
    """What somebody who acts for the holder must give; nothing for the holder."""
    return () if identity == "holder" else (Told(str(REMEDIES["papers_missing"])),)


def hold_words(policy: Policy) -> str:
    """How long everything is held, and why."""
    return _(
        "Then everything is held for %(default)s, or for %(remote)s when identity was shown from afar, so that nobody closes "
        "your line behind your back. After a change of SIM, contact or holder the hold is %(change)s."
    ) % {
        "default": hours(policy.hold_hours_default),
        "remote": hours(policy.hold_hours_remote),
        "change": days(policy.hold_days_after_change),
    }
