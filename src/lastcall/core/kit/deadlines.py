"""The dates that matter after a statement, counted from its day by the pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import Block, Day, Item, Items, Letter, Paragraph, Value, Words, say
from lastcall.core.kit import words
from lastcall.core.kit.choice import Meant, but, only
from lastcall.core.kit.facts import Facts
from lastcall.core.kit.request import Request

DATES: Final = "kit_deadlines"
"""The kind of the letter that shows them."""
_SURE: Final = "confirmed"
_ENDED_HERE: Final = but("switching", "not_mine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """``sure``: several sources agree on the time that was counted. ``source``, ``source_date``: as the pack has them."""

    key: str
    on: date
    title: Value
    text: Value
    sure: bool
    source: str
    source_date: date | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Meant):
    """A date that follows from a number of days under ``key``, or is the day under it.

    ``text`` may hold ``%(days)s``. ``when``: keys of the pack and the values that they must have.
    """

    name: str
    key: str
    title: Words
    text: Words
    when: Mapping[str, object] = field(default_factory=dict)


TERMS: Final[tuple[Term, ...]] = (
    Term(
        name="ended",
        key="termination.notice_days",
        title=_("The agreement should have ended"),
        text=_("Ask the operator in writing whether it has, and since when."),
        reasons=_ENDED_HERE,
    ),
    Term(
        name="answer",
        key="refund.deadline_days",
        title=_("Ask what became of your statement"),
        text=_(
            "No term for the answer was found; this is the one for refunds. Ask in writing whether the number is off your name."
        ),
        reasons=only("not_mine"),
    ),
    Term(
        name="moved",
        key="mnp.days_individual",
        title=_("The number should have moved"),
        text=_(
            "Counted from the application to the new operator: %(days)s for a person. Then claim the rest of your money."
        ),
        reasons=only("switching"),
    ),
    Term(
        name="move_latest",
        key="mnp.future_days_max",
        title=_("The latest day you may choose for the move"),
        text=_("Counted from the application to the new operator: %(days)s."),
        reasons=only("switching"),
    ),
    Term(
        name="moved_again",
        key="mnp.min_tenure_days",
        title=_("Earliest day for another move"),
        text=_("Counted from the application to the new operator: %(days)s."),
        reasons=only("switching"),
    ),
    Term(
        name="refund",
        key="refund.deadline_days",
        title=_("The rest of your money should be there"),
        text=_("Counted from the day of the statement: %(days)s. If it is not there, ask in writing."),
        reasons=but("not_mine"),
    ),
    Term(
        name="idle",
        key="inactivity.min_days",
        title=_("Not used until here, the line may count as ended by you"),
        text=_("If you hand in no statement and do not use the line: %(days)s at the earliest. Do not rely on it."),
        reasons=only("unused", "leaving"),
    ),
    Term(
        name="reclaim",
        key="reactivation.window_days",
        title=_("Last day to have the number back"),
        text=_("Counted as if the agreement ended on the day of the statement: %(days)s. Only the former holder can."),
        reasons=_ENDED_HERE,
        situations=but("heir"),
    ),
    Term(
        name="reclaim_heir",
        key="reactivation.window_days",
        title=_("Last day on which the number is kept for the holder"),
        text=_(
            "Counted as if the agreement ended on the day of the statement: %(days)s. Ask before whether an heir can have it."
        ),
        when={"death.outcomes": ["cease", "new_contract"]},
        reasons=_ENDED_HERE,
        situations=only("heir"),
    ),
    Term(
        name="given_away",
        key="quarantine.days",
        title=_("From here the number may be somebody else's"),
        text=_(
            "Counted as if the agreement ended on the day of the statement: %(days)s. By then it must be off every service."
        ),
        reasons=_ENDED_HERE,
    ),
    Term(
        name="redo",
        key="foreigner.redo_until",
        title=_("Agreements of foreigners must be made anew by now"),
        text=_("Otherwise the line is restricted, and later switched off."),
        situations=only("foreigner"),
    ),
    Term(
        name="restricted",
        key="foreigner.stage_days",
        title=_("A restricted line of a foreigner may stop altogether"),
        text=_(
            "If it was restricted on the day of the statement: %(days)s later. Write down what you need from it before."
        ),
        reasons=but("lost", "not_mine"),
        situations=only("foreigner"),
    ),
)


def deadlines(asked: Request) -> tuple[Deadline, ...]:
    """The dates for this reason and situation, the earliest first; days that are over before ``asked.on`` are left out."""
    facts = Facts(asked.pack)
    found = (_deadline(term, asked, facts) for term in _chosen(asked, facts))
    return tuple(sorted((each for each in found if each.on >= asked.on), key=lambda each: each.on))


def _chosen(asked: Request, facts: Facts) -> tuple[Term, ...]:
    return tuple(
        term
        for term in TERMS
        if term.is_for(asked.choice) and facts.get(term.key) is not None and facts.agree(term.when)
    )


def _deadline(term: Term, asked: Request, facts: Facts) -> Deadline:
    entry = asked.pack.entry(term.key)
    on = asked.on + timedelta(days=entry.value) if isinstance(entry.value, int) else entry.value
    text = say(term.text, days=facts.form(term.key))
    sure = entry.confidence == _SURE
    return Deadline(
        key=term.name, on=on, title=say(term.title), text=text if sure else say(words.ASK_DATE, text=text), sure=sure,
        source=entry.source, source_date=entry.source_date,
    )  # fmt: skip


def calendar_sheet(asked: Request) -> Letter:
    """The same dates as a letter."""
    return asked.letter(DATES, _("Your dates"), lambda facts: _blocks(asked, facts))


def _blocks(asked: Request, facts: Facts) -> tuple[Block, ...]:
    keys = {term.name: term.key for term in TERMS}
    items = tuple(
        Item(words.Listed((Day(each.on), each.title), words.COLON), under=facts.mark(each.text, keys[each.key]))
        for each in deadlines(asked)
    )
    counted = _("All dates count from %(day)s. If you hand in the statement on another day, count from that day.")
    return (Paragraph(say(counted, day=Day(asked.on))), Items(items, mark="box"))
