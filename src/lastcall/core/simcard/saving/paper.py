"""The messages, and the calls, as a letter, to be printed and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import Block, Day, Heading, Letter, Paragraph, Text, say
from lastcall.core.simcard.card import Call, Card, Message
from lastcall.core.simcard.saving import wording
from lastcall.core.simcard.saving.texts import masked, readable

PAGE: Final = "messages.html"
_STRETCH: Final = 1500
"""Characters that stay together on a page; a longer text may go on over the next."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What ``say`` gives in the language in force."""

    say: Callable[[], str]

    def shown(self) -> str:
        return self.say()


def messages_letter(card: Card, *, language: str, made_at: datetime) -> Letter:
    """A letter in ``language`` alone, since no office reads it."""
    known = wording.names(card)
    return Letter(
        kind="messages",
        language=language,
        made_at=made_at,
        day=Day(made_at),
        operator=Text(f"SIM {masked(card.iccid)}"),
        brand=say(wording.TITLE),
        title=say(wording.TITLE),
        blocks=(
            Paragraph(_Said(lambda: wording.how_many(len(card.messages)))),
            Paragraph(_Said(lambda: wording.saved(card, made_at)), tone="small"),
            *(block for message in card.messages for block in _blocks(message, known)),
            *((Heading(say(wording.CALLS)),) if card.calls else ()),
            *(Paragraph(_Said(partial(_call, call, known))) for call in card.calls),
        ),
        phones=(),
        notes=(say(_("Signs that could not be printed here are in the file %(file)s."), file=Text(PAGE)),),
        alone=True,
    )


def _blocks(message: Message, known: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(_Said(lambda: f"{wording.direction(message)}{wording.party(message, known)}"))
    yield Paragraph(_Said(lambda: f"{wording.when(message.at)} · {wording.status(message)}"), tone="small")
    yield from (Paragraph(Text(stretch)) for stretch in _stretches(message.text))
    for place in range(len(wording.remarks(message))):
        yield Paragraph(_Said(partial(_remark, message, place)), tone="small")
    yield from (Paragraph(Text(stretch)) for stretch in _stretches(message.data.hex(" ")))


def _call(call: Call, known: Mapping[str, str]) -> str:
    party = f"{wording.call_direction(call)}{wording.call_party(call, known)}"
    return " · ".join((party, wording.when(call.at), *wording.call_facts(call)))


def _remark(message: Message, place: int) -> str:
    return wording.remarks(message)[place]


def _stretches(text: str) -> Iterator[str]:
    for line in readable(text).split("\n"):
        for start in range(0, len(line), _STRETCH):
            if line[start : start + _STRETCH].strip():
                yield line[start : start + _STRETCH]
