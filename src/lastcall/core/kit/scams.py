"""What swindlers say when a number ends, and what to say to them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.checklist import scams as scripts
from lastcall.core.closing.letters.letter import Block, Heading, Letter, Paragraph, say
from lastcall.core.kit.choice import Choice, Line, only, section
from lastcall.core.kit.facts import Facts
from lastcall.core.kit.request import Request

KNOW: Final[tuple[Line, ...]] = (
    Line(key="contract.sim_has_no_term"),
    Line(key="advice.codes_are_secret"),
    Line(_("Gosuslugi writes only as: %(senders)s."), facts={"senders": "gosuslugi.sender"}),
    Line(
        _("Gosuslugi is reached at %(long)s or %(short)s."),
        facts={"long": "gosuslugi.hotline", "short": "gosuslugi.hotline_short"},
    ),
    Line(_("Whoever has your SIM may ring and offer it back for a code. Give none."), reasons=only("lost")),
    Line(_("Nobody may take money for striking a number off your name."), reasons=only("not_mine")),
    Line(_("Whoever calls about the estate and asks for codes of the dead is a swindler."), situations=only("heir")),
)
ANSWERS: Final[tuple[Line, ...]] = (
    Line(_("I do not tell codes to anybody. Goodbye.")),
    Line(_("I ring the operator myself, on the number in my agreement.")),
    Line(_("My agreement has no term and needs no extension."), rests_on=("contract.sim_has_no_term",)),
    Line(_("I decide nothing on the phone. Write to me.")),
)
TOO_LATE: Final[tuple[Line, ...]] = (
    Line(key="advice.code_was_given"),
    Line(_("Police: %(phone)s."), facts={"phone": "police.hotline"}),
)


def scams(asked: Request) -> Letter:
    """What they say, what to answer, and what to do when a code was given."""
    return asked.letter(
        "kit_scams", _("How swindlers talk, and what to say"), lambda facts: _blocks(asked.choice, facts)
    )


def _blocks(choice: Choice, facts: Facts) -> tuple[Block, ...]:
    return (
        Paragraph(say(_("Hang up. That is never rude.")), tone="strong"),
        *section(_("What to know"), KNOW, choice, facts),
        Heading(say(_("What they say, and what is true"))),
        scripts(facts.pack, facts.mark),
        *section(_("What you can answer"), ANSWERS, choice, facts),
        *section(_("If a code was given"), TOO_LATE, choice, facts),
    )
