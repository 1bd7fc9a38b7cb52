"""The services to take the number off, with lines for each bank and app of one's own."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.checklist import named_services
from lastcall.core.closing.letters.letter import Blank, Blanks, Block, Item, Items, Letter, Value, say
from lastcall.core.kit.choice import Choice, Line, but, listed, only
from lastcall.core.kit.facts import Facts
from lastcall.core.kit.request import Request
from lastcall.core.kit.words import LONG, Listed

_NOTHING_TO_CHANGE: Final = frozenset({"switching", "not_mine"})
_LINES: Final = 2
"""Lines under each service; people have more than one bank."""
HOW: Final[tuple[Line, ...]] = (
    Line(
        _("Give each service another number or mail first, then take this number off."),
        reasons=only("leaving", "unused", "price"),
        situations=but("heir"),
    ),
    Line(
        _(
            "Your number stays: nothing has to be taken off. Use the list to see where a second way to sign in is missing."
        ),
        reasons=only("switching"),
    ),
    Line(
        _("Without the SIM no codes arrive: sign in by app, mail or key, or ask the service with your document."),
        reasons=only("lost"),
        situations=but("heir"),
    ),
    Line(
        _("The number was never yours. Look whether somebody used it at your bank or on Gosuslugi in your name."),
        reasons=only("not_mine"),
    ),
    Line(_("Ask each service for its way after a death; do not use the holder's codes."), situations=only("heir")),
    Line(
        _("Codes by SMS may not arrive: %(when)s. Choose an app, a key or mail instead."),
        facts={"when": "sms_otp.unreliable_when"},
        situations=only("abroad"),
    ),
    Line(key="gosuslugi.unlink_plan", reasons=only("leaving", "unused", "price", "lost")),
)


def unlinking(asked: Request) -> Letter:
    """The list, to be ticked and written on."""
    title = _("Where your number is in use")
    return asked.letter("kit_unlinking", title, lambda facts: _blocks(asked.choice, facts))


def _blocks(choice: Choice, facts: Facts) -> tuple[Block, ...]:
    first = listed(HOW, choice, facts)
    named = named_services(facts.pack, facts.mark)  # one after the other: sources are numbered as they are read
    return (
        *first,
        *chain.from_iterable(_service(_with_way(name, item, choice, facts)) for name, item in named),
    )


def _with_way(name: str, item: Item, choice: Choice, facts: Facts) -> Item:
    """The service with how the number is changed there, for those who change it themselves."""
    key = f"unlink_how.{name}"
    if choice.reason in _NOTHING_TO_CHANGE or choice.situation == "heir" or facts.get(key) is None:
        return item
    way: Value = say(_("How: %(way)s"), way=facts.form(key))
    return replace(item, under=facts.mark(way if item.under is None else Listed((item.under, way), LONG), key))


def _service(item: Item) -> tuple[Block, ...]:
    return (Items((item,), mark="box"), *(_line() for _each in range(_LINES)))


def _line() -> Blanks:
    labels = (_("Bank, app or site"), _("New number or mail"), _("Done on"))
    return Blanks(tuple(Blank(say(label)) for label in labels), beside=True)
