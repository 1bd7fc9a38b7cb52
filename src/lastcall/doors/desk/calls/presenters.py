"""What the hotline's pages show, in the language in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lastcall.core.closing import words as told
from lastcall.core.closing.callback import Callback, Slot
from lastcall.core.closing.texts import moment, remedy
from lastcall.core.hotline.call import Call
from lastcall.core.hotline.calling_back import Due
from lastcall.core.hotline.guiding import Guide
from lastcall.core.hotline.phrases import Card
from lastcall.core.numbers.msisdn import format_msisdn, mask_msisdn
from lastcall.doors.desk.calls import words
from lastcall.doors.screens.bill import Amount, amounts
from lastcall.doors.screens.moments import Dated, dated, time_left
from lastcall.doors.screens.reader import TAGS


@dataclass(frozen=True, slots=True)
class Waiting:
    """One caller in the queue. ``long``: longer than the operator means to let anybody wait."""

    id: int
    language: str
    tag: str
    waited: str
    long: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is known of a caller before any question. ``signs``: of the document, as given in the menu."""

    id: int
    language: str
    tag: str
    number: str
    dial: str
    reference: str
    signs: str
    since: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A card of the screen with the languages of its two sides."""

    theirs: str
    own: str
    tag: str
    code: str


@dataclass(frozen=True, slots=True)
class GuidePart:
    """How the case stands, for the agent."""

    number: str
    title: str
    text: str
    tone: str
    missing: tuple[str, ...]
    ours: tuple[str, ...]
    ahead: tuple[Dated, ...]
    bill: tuple[Amount, ...]
    bill_unknown: bool
    bill_is_preview: bool
    channels: tuple[tuple[str, str], ...]
    links: int
    proved: bool
    callback: str
    withdrawable: bool
    opening_id: int
    left: str


def language_name(code: str) -> str:
    """The language's own name, or that none was chosen."""
    return dict(settings.LANGUAGES).get(code) or _("not chosen")


def waited(since: datetime, now: datetime) -> str:
    """For how long, in whole minutes."""
    minutes = max(int((now - since).total_seconds()) // 60, 0)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def waiting(calls: Iterable[Call], *, now: datetime, most_minutes: int) -> tuple[Waiting, ...]:
    """The rows of the queue."""
    return tuple(
        Waiting(
            call.id, language_name(call.language), TAGS.get(call.language, ""),
            waited(call.wants_agent_at or call.began_at, now),
            (now - (call.wants_agent_at or call.began_at)).total_seconds() > 60 * most_minutes,
        )
        for call in calls
    )  # fmt: skip


def ticket(call: Call, *, reference: str, dial: int | None) -> Ticket:
    """The caller's ticket: what was done in the menu, and nothing of any file."""
    return Ticket(
        id=call.id,
        language=language_name(call.language),
        tag=TAGS.get(call.language, ""),
        number=mask_msisdn(call.claimed_msisdn) if call.claimed_msisdn is not None else "",
        dial=format_msisdn(dial) if dial is not None else "",
        reference=f"{reference[:4]} {reference[4:]}" if reference else "",
        signs=_signs(call),
        since=moment(call.taken_at or call.began_at),
        gone=call.hung_up_at is not None,
    )


def _signs(call: Call) -> str:
    if call.matched:
        return _("they agreed")
    return _("they did not agree") if call.tries else _("none were given")


def said(cards: Iterable[Card], *, caller: str, agent: str) -> tuple[Said, ...]:
    """The cards; where both speak one language, each is said once."""
    both = caller != agent
    return tuple(Said(card.theirs, card.own if both else "", TAGS[caller], card.code) for card in cards)


_TONES = {"waiting": "act", "review": "act", "on_hold": "good", "ceasing": "done", "closed": "done"}


def guide_part(found: Guide, *, language: str, now: datetime) -> GuidePart:
    """How the open case stands, in ``language``, which must be the one in force."""
    story = found.story
    stopped = story.frozen and story.case.ended_at is None
    title, text = told.FROZEN if stopped else told.STATES[story.state]
    missing = [entry for entry in story.missing if entry.reason != "frozen"]
    remedies = [(remedy(entry.reason, language=language, details=entry.details), entry.ours) for entry in missing]
    return GuidePart(
        number=mask_msisdn(story.case.claimed_msisdn),
        title=str(title),
        text=str(text),
        tone="stop" if stopped else _TONES.get(story.state, "plain"),
        missing=tuple(text for text, ours in remedies if text and not ours),
        ours=tuple(text for text, ours in remedies if text and ours),
        ahead=tuple(dated(str(told.AHEAD[entry.code]), entry.at, time_left(entry.at, now)) for entry in story.ahead),
        bill=amounts(found.bill),
        bill_unknown=found.bill_unknown,
        bill_is_preview=not story.case.final_bill,
        channels=tuple((kind, str(words.CHANNELS[kind])) for kind in found.channels),
        links=found.links,
        proved=found.proved,
        callback=when(found.callback) if found.callback is not None else "",
        withdrawable=story.withdrawable,
        opening_id=found.opening.id,
        left=time_left(found.opening.until, now),
    )


def times(slots: Iterable[Slot]) -> list[tuple[str, str]]:
    """The times to choose from, as a form takes them."""
    return [(slot.start.isoformat(), when(slot)) for slot in slots]


def span(start: datetime, end: datetime) -> str:
    """From when to when, with the zone."""
    zone = moment(start).rpartition(" ")[2]
    return f"{timezone.localtime(start):%H:%M}–{timezone.localtime(end):%H:%M} {zone}"


def when(row: Callback | Slot) -> str:
    """Day and time of a call-back."""
    day = timezone.localtime(row.start)
    weekday = formats.date_format(day, "l")
    # Django has Russian days with a capital, as headings; inside a line they are written small.
    name = weekday.lower() if get_language() == "ru" else weekday
    return f"{formats.date_format(day, 'DATE_FORMAT')} ({name}), {span(row.start, row.end)}"


@dataclass(frozen=True, slots=True)
class Back:
    """One call-back of today."""

    id: int
    time: str
    language: str
    tag: str
    state: str
    tone: str
    who: str
    can_take: bool


def back(due: Due, *, login: str) -> Back:
    """One row of the list of call-backs."""
    row = due.callback
    tone = {"due": "", "taken": "act", "called": "good", "no_answer": "stop"}[due.state]
    mine = due.state == "taken" and due.agent == login
    return Back(
        row.id, span(row.start, row.end), language_name(row.language), TAGS.get(row.language, ""),
        str(words.BACKS[due.state]), tone, due.agent, due.state in {"due", "no_answer"} or mine,
    )  # fmt: skip
