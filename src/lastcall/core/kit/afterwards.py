"""Afterwards: the SIM, the eSIM, the same number again, and how to see how the number stands."""

from __future__ import annotations

from itertools import chain
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import Block, Letter, Words
from lastcall.core.kit.choice import Choice, Line, but, only, section
from lastcall.core.kit.facts import Facts
from lastcall.core.kit.request import Request

_CARD_IN_HAND: Final = but("lost", "not_mine")

SIM: Final[tuple[Line, ...]] = (
    Line(
        _("Keep the SIM until the operator has confirmed the end: until then codes may come to it."),
        reasons=but("lost", "not_mine", "switching"),
    ),
    Line(
        _("The old SIM works until the number has moved; then it is dead."),
        when={"mnp.service_until_transfer": True},
        reasons=only("switching"),
    ),
    Line(
        _("A dead SIM still holds contacts and messages. Cut through its chip, or keep it where nobody finds it."),
        reasons=_CARD_IN_HAND,
    ),
    Line(
        _("If you hand it in, take off the PIN, and have it written on your copy that you handed it in."),
        reasons=_CARD_IN_HAND,
    ),
    Line(
        _("The SIM is gone. If it turns up again, do not put it into a phone: cut through its chip."),
        reasons=only("lost"),
    ),
    Line(_("You have no SIM of this number. Accept none, and sign for none."), reasons=only("not_mine")),
)
ESIM: Final[tuple[Line, ...]] = (
    Line(key="esim.profile_is_not_contract"),
    Line(key="esim.deleted_needs_new_profile"),
    Line(key="esim.delete_after_end", reasons=but("not_mine")),
    Line(
        _("A phone that is found and wiped does not end the agreement either."),
        rests_on=("esim.profile_is_not_contract",),
        reasons=only("lost"),
    ),
)
AGAIN: Final[tuple[Line, ...]] = (
    Line(
        _("Your number stays with you, at the new operator."),
        reasons=only("switching"),
        rests_on=("mnp.through",),
    ),
    Line(
        _("If you later close it there, it goes back to the operator whose range it comes from."),
        when={"ported.number_on_cease": "return_to_range_holder"},
        reasons=only("switching"),
    ),
    Line(_("This number was never yours: there is nothing to get back."), reasons=only("not_mine")),
    Line(
        _("Only the former holder can have it back. Time from the end: %(days)s."),
        facts={"days": "reactivation.window_days"},
        reasons=but("switching", "not_mine"),
    ),
    Line(
        _("It rests before somebody else may have it. Time from the end: %(days)s."),
        facts={"days": "quarantine.days"},
        reasons=but("switching", "not_mine"),
    ),
    Line(_("Once it is somebody else's, nobody can get it back for you."), reasons=but("switching", "not_mine")),
    Line(
        _("To have it back counts as a new agreement: document, limit of numbers and self-ban are checked again."),
        when={"reactivation.is_new_contract": True},
        rests_on=("reactivation.checks_self_ban",),
        reasons=but("switching", "not_mine"),
    ),
    Line(
        _("A foreigner needs for a new agreement, in person: %(what)s."),
        facts={"what": "foreigner.contract_requires"},
        reasons=but("switching", "not_mine"),
        situations=only("foreigner", "abroad"),
    ),
    Line(
        _("An heir gets the number only by a new agreement, if the operator makes one."),
        rests_on=("death.outcomes",),
        reasons=but("switching", "not_mine"),
        situations=only("heir"),
    ),
    Line(
        _("A representative needs the power for that too."),
        reasons=but("switching", "not_mine"),
        situations=only("representative"),
    ),
    Line(key="conditions.restore", reasons=but("switching", "not_mine")),
    Line(key="conditions.restore_price", reasons=but("switching", "not_mine")),
    Line(key="conditions.return_by_new_contract", reasons=but("switching", "not_mine")),
)
STATUS: Final[tuple[Line, ...]] = (
    Line(_("Ask the operator whether the agreement has ended, and since when. Silence of the line proves nothing.")),
    Line(key="gosuslugi.sim_list", situations=only("in_country", "representative")),
    Line(
        _("Without an account on Gosuslugi only the operator can tell you. Ask for it in writing."),
        situations=only("abroad", "foreigner", "heir"),
    ),
    Line(
        _("If codes or calls for you still go to the number later, take it off that service at once."),
        reasons=but("switching", "not_mine"),
    ),
    Line(
        _("A bill that comes later: ask from which day it is charged, and send your copy of the statement."),
        reasons=but("not_mine"),
    ),
)
_PARTS: Final[tuple[tuple[Words, tuple[Line, ...]], ...]] = (
    (_("The SIM"), SIM),
    (_("An eSIM"), ESIM),
    (_("The same number again"), AGAIN),
    (_("How the number stands"), STATUS),
)


def afterwards(asked: Request) -> Letter:
    """What comes after the end."""
    return asked.letter(
        "kit_afterwards", _("Afterwards: SIM, eSIM and number"), lambda facts: _blocks(asked.choice, facts)
    )


def _blocks(choice: Choice, facts: Facts) -> tuple[Block, ...]:
    return tuple(chain.from_iterable(section(title, lines, choice, facts) for title, lines in _PARTS))
