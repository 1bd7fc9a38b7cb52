"""The list of what to do before leaving, for ticking off on paper. It helps; nothing on it is a condition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import (
    Block,
    Heading,
    Item,
    Items,
    Letter,
    Paragraph,
    Several,
    Sum,
    Text,
    Three,
    Value,
    say,
)
from lastcall.core.closing.letters.wording import Mark, from_pack, letter, unsure
from lastcall.core.policies.pack import Pack
from lastcall.core.ports import Account


def checklist(*, pack: Pack, language: str, now: datetime, account: Account | None = None) -> Letter:
    """The list on the day of ``now``. ``account``: the line's, only for a reader who has shown who they are.

    Raises ``BadInput`` (``bad_language``, ``naive_moment``).
    """
    return letter(
        "checklist",
        language=language,
        pack=pack,
        made_at=now,
        title=_("Before you leave"),
        blocks=(
            Paragraph(say(_("This list helps you to lose nothing. You can declare the end of the line without it."))),
            Heading(say(_("To do"))),
            _tasks(account),
            Heading(say(_("Take the number off these services"))),
            to_unlink(pack),
            *_advice(pack),
            Heading(say(_("Perhaps something else is what you need"))),
            alternatives(pack, partial(unsure, pack)),
            Heading(say(_("How swindlers talk"))),
            scams(pack, partial(unsure, pack)),
        ),
    )


def _tasks(account: Account | None) -> Items:
    tasks = (
        say(_("Have your identity document at hand: the one that stands in the agreement.")),
        say(_("Save the contacts and messages that are on the SIM.")),
        say(_("Take the PIN off the SIM if you hand it in.")),
        _arrears(account),
        say(_("Look at your agreement: a minimum term, instalments for a device, a fee for a premium number.")),
        say(_("Choose where what is left of your money shall go.")),
        say(_("Give us a contact that goes on working when the number does not.")),
    )
    return Items(tuple(Item(task) for task in tasks), mark="box")


def _arrears(account: Account | None) -> Value:
    if account is None or account.balance >= 0:
        return say(_("Pay what is owed for services already rendered."))
    return say(
        _("Pay %(amount)s that is owed for services already rendered."), amount=Sum(-account.balance, account.currency)
    )


def to_unlink(pack: Pack) -> Items:
    """The pack's list of services to take the number off, with boxes."""
    return Items(services(pack, partial(unsure, pack)), mark="box")


def services(pack: Pack, mark: Mark) -> tuple[Item, ...]:
    """The services to take the number off, the most urgent first as in the pack, each with names that people know."""
    return tuple(item for _name, item in named_services(pack, mark))


def named_services(pack: Pack, mark: Mark) -> Iterator[tuple[str, Item]]:
    """The same one after the other, each with its name in the pack."""
    for name, entry in pack.facts("unlink").items():
        examples = Several(tuple(Text(example) for example in entry.value["examples"]))
        under = say(_("For example: %(names)s"), names=examples) if entry.value["examples"] else None
        yield name, Item(mark(Three(entry.value["name"]), entry.key), under=under)


def _advice(pack: Pack) -> tuple[Block, ...]:
    return tuple(Paragraph(text) for text in from_pack(pack, "advice.change_number_first", "advice.check_your_sims"))


def alternatives(pack: Pack, mark: Mark) -> Items:
    """What a subscriber may do instead of closing."""
    return Items(
        tuple(
            Item(Three(entry.value["name"]), under=mark(Three(entry.value["text"]), entry.key))
            for entry in pack.entries("alternatives.")
        )
    )


def scams(pack: Pack, mark: Mark) -> Items:
    """What swindlers say, and what to do."""
    return Items(
        tuple(
            Item(Three(entry.value["script"]), under=mark(Three(entry.value["advice"]), entry.key))
            for entry in pack.entries("scams.")
        )
    )
