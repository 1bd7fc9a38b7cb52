"""From what the core tells to what a page shows: words, dates and amounts in the language in force. Nothing is read here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastcall.core.audit.reading import Reading
from lastcall.core.closing import words
from lastcall.core.closing.declaration import agreement_end
from lastcall.core.closing.story import Missing, Story, Told
from lastcall.core.closing.texts import REJECTIONS, moment, remedy
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.status import NumberStatus
from lastcall.core.policies.pack import Pack
from lastcall.core.policies.policy import Policy
from lastcall.core.relying.asked import Asking
from lastcall.core.rows import Json
from lastcall.doors.portal.presenters.asked import AskedLine, asked_lines
from lastcall.doors.portal.presenters.back import can_ask_back
from lastcall.doors.portal.presenters.refund import method_in_words
from lastcall.doors.screens import wording
from lastcall.doors.screens.bill import Amount, amounts
from lastcall.doors.screens.moments import Dated, dated, time_left

Words = str | Promise
LATEST: Final = 3
"""So many of those who asked stand on the page of the case; a page of its own has them all."""

_TONES: Final = {"waiting": "act", "closed": "done", "on_hold": "good", "rejected": "ended", "withdrawn": "ended",
                 "lapsed": "ended"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A way on: ``page`` is a name of ``urls.py``; ``kind``: of a letter, or empty."""

    page: str
    text: Words
    id: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Want:
    """Something that is missing, and where it is given; ``pay``: it is money, see the part about paying."""

    text: str
    link: Link | None
    pay: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened within one minute, in order."""

    when: str
    machine: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberPart:
    """How the number stands; ``next_owner``: when somebody else can have it at the earliest, ``left``: how long still."""

    title: str
    text: str
    next_owner: str
    left: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody of the staff looked at the file."""

    when: str
    machine: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Extras:
    """What the page shows besides the story. ``preview``: of the final bill, or empty; ``bill_unknown``: no answer from billing;
    ``asked``: who asked about the number, None where that is not told; ``can_rest``: a longer rest is offered."""

    preview: Json
    bill_unknown: bool
    done: int
    tasks: int
    readings: tuple[Reading, ...]
    letters: tuple[str, ...]
    can_photo: bool
    can_call: bool
    asked: tuple[Asking, ...] | None = None
    can_rest: bool = False


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the page of one case shows. ``tone``: ``plain``, ``act``, ``good``, ``done``, ``ended`` or ``stop``."""

    number: str
    title: str
    text: str
    tone: str
    notes: tuple[str, ...]
    facts: tuple[Dated, ...]
    yours: tuple[Want, ...]
    ours: tuple[str, ...]
    ahead: tuple[Dated, ...]
    happened: tuple[Happened, ...]
    bill: tuple[Amount, ...]
    bill_is_preview: bool
    bill_unknown: bool
    paying: tuple[wording.Told, ...]
    owes: bool
    refund_to: str
    may_choose_refund: bool
    number_part: NumberPart | None
    asked_back: str
    prepared: tuple[int, int] | None
    seen: tuple[Seen, ...]
    shows_seen: bool
    asked: tuple[AskedLine, ...]
    more_asked: bool
    shows_asked: bool
    letters: tuple[Link, ...]
    acts: tuple[Link, ...]


def case_page(told: Story, extras: Extras, *, pack: Pack, language: str, now: datetime) -> CasePage:
    """The page of a case, in ``language``, which must be the one in force."""
    stopped = told.frozen and told.case.ended_at is None
    title, text = words.FROZEN if stopped else words.STATES[told.state]
    missing = [entry for entry in told.missing if entry.reason != "frozen"]  # the title says it already
    bill = told.bill or extras.preview
    lines = asked_lines(extras.asked or ())
    return CasePage(
        number=format_msisdn(told.case.claimed_msisdn),
        title=str(title),
        text=str(text),
        tone="stop" if stopped else _TONES.get(told.state, "plain"),
        notes=_notes(told),
        facts=_facts(told),
        yours=tuple(_want(entry, language) for entry in missing if not entry.ours),
        ours=tuple(_remedy(entry, language) for entry in missing if entry.ours),
        ahead=tuple(dated(str(words.AHEAD[entry.code]), entry.at, time_left(entry.at, now)) for entry in told.ahead),
        happened=_happened(told.happened),
        bill=amounts(bill),
        bill_is_preview=not told.bill,
        bill_unknown=extras.bill_unknown,
        paying=paying(pack, language),
        owes=any(entry.reason == "arrears" for entry in missing) or bool(bill.get("owed")),
        refund_to=method_in_words(told.case.refund_target) if told.proved else "",
        may_choose_refund=told.proved and told.case.ended_at is None and told.state != "ceasing",
        number_part=_number_part(told, now),
        asked_back=moment(told.case.asked_back_at) if told.proved and told.case.asked_back_at else "",
        prepared=(extras.done, extras.tasks) if told.case.ended_at is None else None,
        seen=_seen(extras.readings) if told.proved else (),
        shows_seen=told.proved,
        asked=lines[:LATEST],
        more_asked=len(lines) > LATEST,
        shows_asked=extras.asked is not None,
        letters=tuple(Link("case-letter", LETTERS[kind], f"letter-{kind}", kind) for kind in extras.letters),
        acts=_acts(told, extras),
    )


def paying(pack: Pack, language: str) -> tuple[wording.Told, ...]:
    """How arrears are paid: the pack's own words and nothing else (``conditions.paying…``)."""
    entries = pack.entries("conditions.paying")
    return tuple(wording.Told(wording.spoken(entry.value, language), entry.is_confirmed) for entry in entries)


_IDENTITY: Final = Link("case-identity", _("Show who you are"), "to-identity")
_PAPERS: Final = Link("case-papers", _("Send papers by post"), "to-papers")
_SIM: Final = Link("case-sim", _("Say what becomes of the SIM"), "to-sim")
_PHOTO: Final = Link("case-photo", _("Give a photo of the document: it is often faster"), "to-photo")
_PHOTO_STATE: Final = Link("case-photo", _("See how the photo stands"), "to-photo")
_CALL: Final = Link("case-callback", _("Book a call from us"), "to-callback")
PLACES: Final[dict[str, Link]] = {
    "identity_missing": _IDENTITY,
    "identity_expired": _IDENTITY,
    "identity_locked": _PAPERS,
    "photo_missing": _PHOTO,
    "photo_reading": _PHOTO_STATE,
    "photo_differs": _PHOTO_STATE,
    "asked_photo": _PHOTO,
    "asked_papers": _PAPERS,
    "asked_signature": _PAPERS,
    "papers_missing": _PAPERS,
    "papers_not_for_closing": _PAPERS,
    "papers_not_notarised": _PAPERS,
    "death_certificate_missing": _PAPERS,
    "act_not_completed": _PAPERS,
    "sim_undecided": _SIM,
    "sim_pin_on": _SIM,
}
"""What is missing -> where it is given."""
LETTERS: Final[dict[str, Words]] = {
    "case-file": _("Everything on this page"),
    "statement": _("The statement, to sign"),
    "end-notice": _("Notice that the line has ended"),
    "destruction-record": _("Record of what was destroyed"),
    "power-memo": _("What a power of attorney must say"),
}


def _want(entry: Missing, language: str) -> Want:
    return Want(_remedy(entry, language), PLACES.get(entry.reason), pay=entry.reason == "arrears")


def _acts(told: Story, extras: Extras) -> tuple[Link, ...]:
    """What else the reader can do. The same for everybody until somebody has shown who they are."""
    is_open = told.case.ended_at is None and told.state != "ceasing"
    handed_in = told.case.sim_custody in {"collected", "destroyed"}
    offered = (
        (_PHOTO, extras.can_photo),
        (_CALL, extras.can_call),
        (Link("case-sim", _("What becomes of the SIM"), "act-sim"), is_open and not (told.proved and handed_in)),
        (Link("case-papers", _("Send papers by post"), "act-papers"), is_open),
        (
            Link("case-back", _("Ask for the number back"), "act-back"),
            can_ask_back(told) and told.case.asked_back_at is None,
        ),
        (Link("case-rest", _("Let the number rest longer"), "act-rest"), extras.can_rest),
        (Link("case-withdraw", _("Take the declaration back"), "act-withdraw"), told.withdrawable),
        (Link("case-stop", _("This was not me: stop everything"), "act-stop"), told.withdrawable and not told.frozen),
    )
    return tuple(link for link, holds in offered if holds)


def _notes(told: Story) -> tuple[str, ...]:
    stands = {words.STUCK: told.stuck, words.UNPROVED: not told.proved}
    notes = [str(note) for note, holds in stands.items() if holds]
    if told.withdrawable and not told.frozen and told.state == "on_hold" and told.case.hold_until is not None:
        until = {"when": moment(told.case.hold_until)}
        notes.append(gettext("The declaration can still be taken back, until %(when)s.") % until)
    if told.ended_reason in REJECTIONS:
        notes.append(str(REJECTIONS[told.ended_reason]))
    return tuple(notes)


def _facts(told: Story) -> tuple[Dated, ...]:
    case = told.case
    act_doors = Policy.from_json(case.policy).termination_act_doors
    complete = case.door in act_doors or case.signed_at is not None or case.in_person_at is not None
    facts = [(gettext("Declaration received"), case.declared_at)]
    ends = agreement_end(case.legal_end, case.requested_end)
    if complete and ends != case.declared_at:
        facts.append((gettext("The agreement ends"), ends))
    if told.proved and case.network_confirmed_at is not None:
        facts.append((gettext("The line ended"), case.network_confirmed_at))
    return tuple(dated(label, at) for label, at in facts)


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


def _number_part(told: Story, now: datetime) -> NumberPart | None:
    status: NumberStatus | None = told.number
    if status is None or status.state not in words.NUMBERS or told.state != "closed":
        return None
    title, text = words.NUMBERS[status.state]
    until = status.quarantine_until
    if until is None:
        return NumberPart(str(title), str(text), "", "")
    next_owner = gettext("Somebody else can get the number on %(when)s at the earliest.") % {"when": moment(until)}
    return NumberPart(str(title), str(text), next_owner, time_left(until, now))


def _seen(readings: Collection[Reading]) -> tuple[Seen, ...]:
    return tuple(
        Seen(
            moment(look.at), look.at.isoformat(timespec="seconds"), str(words.ROLES.get(look.role, look.role)),
            _why(look),
        )
        for look in readings
    )  # fmt: skip


def _why(look: Reading) -> str:
    why = str(words.LOOKED.get(look.reason, ""))
    return str(words.BROKEN_GLASS) % {"why": why} if look.ground == "break_glass" else why
