"""What the counter's pages show, as texts. Codes of the core become words here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lastcall.core import clock
from lastcall.core.closing.signed_paper import SignedPaper
from lastcall.core.closing.story import Story
from lastcall.core.closing.texts import moment, money, remedy
from lastcall.core.closing.words import FROZEN, STATES, STUCK
from lastcall.core.counter.calls import Queue
from lastcall.core.counter.payment import Payment
from lastcall.core.counter.ticket import Ticket
from lastcall.core.counter.visits import Visit
from lastcall.core.counter.words import AT_HAND, PURPOSES
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.rows import Json
from lastcall.doors.desk.counter.forms import CUSTODIES, KINDS
from lastcall.doors.screens.bill import amounts
from lastcall.doors.screens.reader import TAGS, spoken


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket in the clerk's words. ``since``: how long ago it was taken; ``called``: how often."""

    id: int
    label: str
    state: str
    purpose: str
    language: str
    tag: str
    since: str
    window: str
    for_window: str
    called: int
    clerk: str


def waiting(ticket: Ticket) -> Waiting:
    """One ticket."""
    minutes = int((clock.now() - ticket.issued_at).total_seconds()) // 60
    return Waiting(
        id=ticket.id, label=ticket.label, state=ticket.state, purpose=str(PURPOSES[ticket.purpose]),
        language=dict(settings.LANGUAGES)[ticket.language], tag=TAGS[ticket.language],
        since=ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}, window=ticket.window,
        for_window=ticket.for_window, called=ticket.calls, clerk=ticket.clerk,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """The queue as the clerk sees it."""

    waiting: tuple[Waiting, ...]
    at_windows: tuple[Waiting, ...]
    count: str


def queue(standing: Queue) -> Standing:
    """The queue now."""
    count = len(standing.waiting)
    return Standing(
        tuple(map(waiting, standing.waiting)), tuple(map(waiting, standing.at_windows)),
        ngettext("%(n)d visitor waits.", "%(n)d visitors wait.", count) % {"n": count},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hand:
    """One thing to ask for: in the clerk's language, and in the visitor's."""

    clerk: str
    visitor: str


def hands(ticket: Ticket) -> tuple[Hand, ...]:
    """What to ask the visitor for."""
    words = AT_HAND[ticket.purpose] or AT_HAND["ask"]
    mine = [str(each) for _code, each in words]
    with translation.override(ticket.language):
        theirs = [str(each) for _code, each in words]
    return tuple(Hand(left, right) for left, right in zip(mine, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Person:
    """Whose file is open."""

    name: str
    latin: str
    number: str
    documents: tuple[str, ...]
    representative: str


def person(found: Visit) -> Person:
    """The holder, and whoever acts for them."""
    assert found.case is not None
    subscriber = found.bound.subscriber if found.bound else None
    kinds = {code: str(words) for code, words in KINDS}
    documents = tuple(
        _("%(kind)s, ending in %(last_four)s") % {"kind": kinds.get(each.kind, each.kind), "last_four": each.last_four}
        for each in found.documents
    )
    latin = subscriber.name_latin if subscriber and subscriber.name_latin != subscriber.name else ""
    return Person(
        subscriber.name if subscriber else "", latin, format_msisdn(found.case.claimed_msisdn), documents,
        found.representative.name if found.representative else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stands:
    """How the case stands: ``tone`` for its colour, ``missing`` in words, ``dates`` that come next."""

    tone: str
    title: str
    text: str
    missing: tuple[str, ...]
    dates: tuple[str, ...]


_WAITS = (
    gettext_lazy("Something is still missing"),
    gettext_lazy("The declaration counts from the moment it was received."),
)
_TONES = {"waiting": "act", "review": "act", "on_hold": "good", "ceasing": "good", "closed": "done"}


def standing(story: Story) -> Stands:
    """How the case stands now."""
    title, text = FROZEN if story.frozen else _WAITS if story.state == "waiting" else STATES[story.state]
    tone = "stop" if story.frozen or story.stuck else _TONES.get(story.state, "ended")
    until = story.case.hold_until if story.state == "on_hold" else None
    dates = [_("The line ends on %(moment)s.") % {"moment": moment(until)}] if until is not None else []
    if story.stuck:
        dates.append(str(STUCK))
    missing = tuple(
        remedy(each.reason, language=spoken(), details=each.details)
        for each in story.missing
        if story.state != "on_hold"
    )
    return Stands(tone, str(title), str(text), tuple(filter(None, missing)), tuple(dates))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill."""

    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class Bill:
    """The bill if the line ended now. ``owed``: minor units, with ``owed_text`` for people."""

    lines: tuple[Line, ...]
    refund: str
    owed: int
    owed_text: str


def bill(given: Json) -> Bill:
    """The bill as :func:`~lastcall.core.closing.charges.bill_json` gives it."""
    currency = given["currency"]
    lines = [Line(each.label, each.amount) for each in amounts(given) if not each.is_sum]
    return Bill(tuple(lines), money(given["refund"], currency), given["owed"], money(given["owed"], currency))


@dataclass(frozen=True, slots=True)
class Taken:
    """One payment: the line of its receipt; ``booked``: whether billing has it."""

    number: int
    amount: str
    means: str
    at: str
    booked: bool


def payments(taken: Sequence[Payment]) -> tuple[Taken, ...]:
    """What was paid at the counter for this closing."""
    means = {"cash": _("in cash"), "card": _("by card")}
    return tuple(
        Taken(each.id, money(each.amount, each.currency), means[each.means], moment(each.taken_at), each.booked_at is not None)
        for each in taken
    )  # fmt: skip


def papers(filed: Sequence[SignedPaper]) -> tuple[str, ...]:
    """The signed statements on file."""
    ways = {"scan": _("Scan of the paper"), "drawn": _("Drawn signature")}
    return tuple(f"{ways[each.way]}, {moment(each.filed_at)}" for each in filed if each.destroyed_at is None)


@dataclass(frozen=True, slots=True)
class Card:
    """The SIM: ``esim``: there is no card; ``custody``: what was noted, in words; ``pin``: whether its PIN is off."""

    esim: bool
    custody: str
    pin: bool
    destroyed: str


def sim(found: Visit) -> Card:
    """What is known of the SIM, without its number: that is read from the card."""
    assert found.case is not None
    card = found.bound.sim if found.bound else None
    words = {code: str(label) for code, label in CUSTODIES}
    destroyed = moment(timezone.localtime(card.destroyed_at)) if card and card.destroyed_at else ""
    return Card(
        card is not None and card.form == "esim", words.get(found.case.sim_custody, ""), found.case.sim_pin_removed,
        destroyed,
    )  # fmt: skip


def chosen(found: Visit) -> dict[str, object]:
    """What the form of the SIM starts from."""
    assert found.case is not None
    return {"custody": found.case.sim_custody or "collected", "pin_removed": found.case.sim_pin_removed}
