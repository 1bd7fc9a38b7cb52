"""The papers of whoever acts for the holder: a power of attorney, or those of an heir."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import Block, Heading, Letter, Paragraph, Words, say
from lastcall.core.closing.letters.power_memo import abroad, contents, death, form
from lastcall.core.kit.choice import Line, listed, only
from lastcall.core.kit.facts import Facts
from lastcall.core.kit.request import Request

_FOREIGN_PAPER: Final = _(
    "A paper in another language needs a translation into Russian that a notary has certified. Ask the operator first."
)
_TITLES: Final[dict[str, Words]] = {
    "representative": _("The power of attorney"),
    "abroad": _("A power of attorney from abroad"),
    "heir": _("Papers of an heir"),
}
NOTES: Final[tuple[Line, ...]] = (
    Line(
        _("Whether operators accept papers of a consulate or of a foreign notary is not known: ask in writing first."),
        rests_on=("poa.consular_accepted",),
        situations=only("abroad"),
    ),
    Line(
        _("To move the number, the power must name the application to the new operator, not the end of the agreement."),
        rests_on=("mnp.through",),
        reasons=only("switching"),
        situations=only("representative", "abroad"),
    ),
    Line(_("Keep a copy of every paper that you hand over."), situations=only("representative", "heir")),
    Line(
        _("What is left of the money may belong to the estate: a notary can tell you. The number does not."),
        rests_on=("death.estate",),
        situations=only("heir"),
    ),
)


def _power(facts: Facts) -> tuple[Block, ...]:
    return (
        Heading(say(_("What the power of attorney must say"))),
        contents(facts.pack, facts.mark),
        Heading(say(_("The form of the power of attorney"))),
        form(facts.pack, facts.mark, _FOREIGN_PAPER),
    )


def _from_abroad(facts: Facts) -> tuple[Block, ...]:
    return (
        Heading(say(_("Where you can have the power of attorney made"))),
        abroad(facts.pack, facts.mark),
        *_power(facts),
    )


def _of_an_heir(facts: Facts) -> tuple[Block, ...]:
    return death(facts.pack, facts.mark)


_SAID: Final[dict[str, Callable[[Facts], tuple[Block, ...]]]] = {
    "representative": _power,
    "abroad": _from_abroad,
    "heir": _of_an_heir,
}
NEEDS_PAPERS: Final = frozenset(_SAID)
"""The situations in which somebody else than the holder comes to the operator, or may."""


def powers(asked: Request) -> Letter:
    """The papers for a situation of :data:`NEEDS_PAPERS`."""
    situation = asked.choice.situation
    return asked.letter(
        "kit_powers", _TITLES[situation],
        lambda facts: (*_opening(situation), *_SAID[situation](facts), *listed(NOTES, asked.choice, facts)),
    )  # fmt: skip


def _opening(situation: str) -> tuple[Block, ...]:
    words = _("You can close a line for somebody else if they have given you the power to, in writing.")
    return (Paragraph(say(words)),) if situation == "representative" else ()
