"""A card to be shown or read aloud in the shop and on the phone: Russian, the reader's language, and how the Russian sounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import (
    Blank,
    Blanks,
    Block,
    Heading,
    Item,
    Items,
    Letter,
    Msisdn,
    Row,
    Rows,
    Value,
    Words,
    say,
)
from lastcall.core.kit.aloud import Aloud, WithSound
from lastcall.core.kit.choice import Choice, Meant, but, only
from lastcall.core.kit.request import Request
from lastcall.core.kit.sheet import sheet

_ENDED_HERE: Final = but("switching", "not_mine")
_MYSELF: Final = but("representative", "heir")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase(Meant):
    """``words``: what is said. ``asked``: the clerk's question before it, if it is an answer."""

    words: Words
    asked: Words = ""


SAY: Final[tuple[Phrase, ...]] = (
    Phrase(words=_("Good day. I speak little Russian. Please read this card."), situations=but("abroad")),
    Phrase(words=_("Good day. I speak little Russian. Please speak slowly."), situations=only("abroad")),
    Phrase(words=_("I am abroad and cannot come."), situations=only("abroad")),
    Phrase(words=_("Which papers do you accept from abroad? Please name an address."), situations=only("abroad")),
    Phrase(words=_("I come for another person. Here is the power of attorney."), situations=only("representative")),
    Phrase(words=_("The holder of the number has died. Here is the death certificate."), situations=only("heir")),
    Phrase(
        words=_("I am a foreigner. Here is the passport that stands in the agreement."), situations=only("foreigner")
    ),
    Phrase(words=_("I want to end the agreement for this number."), reasons=only("leaving", "unused", "price")),
    Phrase(words=_("The SIM is lost or stolen. Please block it now."), reasons=only("lost")),
    Phrase(words=_("After that I want to end the agreement."), reasons=only("lost")),
    Phrase(
        words=_("I did not make this agreement. This number is not mine."),
        reasons=only("not_mine"),
        situations=_MYSELF,
    ),
    Phrase(
        words=_("The holder did not make this agreement."), reasons=only("not_mine"), situations=only("representative")
    ),
    Phrase(words=_("We know nothing of this agreement."), reasons=only("not_mine"), situations=only("heir")),
    Phrase(words=_("Please show me the agreement and the signature."), reasons=only("not_mine")),
    Phrase(words=_("I pay nothing until this is clear."), reasons=only("not_mine")),
    Phrase(words=_("I want to move my number to you and keep it."), reasons=only("switching")),
    Phrase(words=_("Please do not close the old agreement before the number has moved."), reasons=only("switching")),
    Phrase(
        words=_("Is there a cheaper tariff, or can the number be suspended? What does it cost?"), reasons=only("price")
    ),
    Phrase(
        words=_("Here is my statement. Please mark my copy: date, name, signature."),
        reasons=but("switching"),
        situations=but("abroad"),
    ),
    Phrase(words=_("I want the rest of my money back."), reasons=_ENDED_HERE),
    Phrase(words=_("Where is your nearest shop, and what must I bring?"), situations=but("abroad")),
    Phrase(words=_("Please write it down.")),
    Phrase(words=_("Please say it once more, slowly.")),
    Phrase(words=_("I will not tell any code.")),
    Phrase(words=_("If you refuse, please give me the refusal in writing.")),
    Phrase(words=_("Thank you. Goodbye.")),
)
ANSWERS: Final[tuple[Phrase, ...]] = (
    Phrase(
        asked=_("Why do you want to end it?"),
        words=_("The holder has died."),
        reasons=but("not_mine", "switching"),
        situations=only("heir"),
    ),
    Phrase(
        asked=_("Why do you want to end it?"),
        words=_("The holder is leaving the country."),
        reasons=only("leaving"),
        situations=only("representative"),
    ),
    Phrase(
        asked=_("Why do you want to end it?"),
        words=_("I am leaving the country."),
        reasons=only("leaving"),
        situations=_MYSELF,
    ),
    Phrase(
        asked=_("Why do you want to end it?"),
        words=_("Nobody uses the number any more."),
        reasons=only("unused"),
        situations=but("heir"),
    ),
    Phrase(
        asked=_("Why do you want to end it?"),
        words=_("It costs too much."),
        reasons=only("price"),
        situations=but("heir"),
    ),
    Phrase(asked=_("Why do you want to end it?"), words=_("The SIM is lost."), reasons=only("lost")),
    Phrase(
        asked=_("Why do you want to leave the operator?"), words=_("That is my decision."), reasons=only("switching")
    ),
    Phrase(asked=_("How did you get this number?"), words=_("I do not know this number."), reasons=only("not_mine")),
    Phrase(asked=_("Your document, please."), words=_("Here it is."), situations=but("abroad")),
    Phrase(
        asked=_("Say the data of your document."), words=_("Only if I called you myself."), situations=only("abroad")
    ),
    Phrase(asked=_("Say the code from the message."), words=_("I will not tell any code.")),
    Phrase(asked=_("Say the code word."), words=_("I have none. Please look at my document."), situations=but("heir")),
    Phrase(
        asked=_("Where is the SIM?"),
        words=_("Here it is, without a PIN."),
        reasons=only("leaving", "unused", "price"),
        situations=but("abroad", "heir"),
    ),
    Phrase(asked=_("Where is the SIM?"), words=_("I do not have it."), reasons=only("lost", "not_mine")),
    Phrase(
        asked=_("Do you want a better tariff?"), words=_("No, thank you."), reasons=only("leaving", "unused", "price")
    ),
    Phrase(asked=_("There is a debt on the number."), words=_("Please write down the sum and what it is for.")),
    Phrase(
        asked=_("You need biometrics or Gosuslugi."),
        words=_("To end the agreement? Please write down the rule."),
        situations=only("foreigner"),
    ),
    Phrase(asked=_("Are you a relative?"), words=_("Yes. Here are the papers."), situations=only("heir")),
)
QUESTIONS: Final[tuple[Phrase, ...]] = (
    Phrase(words=_("When does the agreement end?"), reasons=_ENDED_HERE),
    Phrase(words=_("When does the number move?"), reasons=only("switching")),
    Phrase(words=_("When was the agreement made, and in which shop?"), reasons=only("not_mine")),
    Phrase(words=_("Since when is the SIM blocked?"), reasons=only("lost")),
    Phrase(words=_("How much do I still have to pay?"), reasons=but("not_mine")),
    Phrase(words=_("How much will be paid back, and when?"), reasons=_ENDED_HERE),
    Phrase(words=_("Until when can I have the number back?"), reasons=_ENDED_HERE),
    Phrase(words=_("When do I get an answer?"), reasons=only("not_mine")),
    Phrase(words=_("What is the number of my statement?")),
    Phrase(words=_("What is your name?")),
)


def phrases(asked: Request) -> Letter:
    """The card, set large. In the reader's column each sentence to be said has its sound in Latin letters below it."""
    return sheet(
        "kit_phrases", pack=asked.pack, language=asked.language, on=asked.on, made_at=asked.made_at,
        title=_("Phrase card"), blocks=_blocks(asked), alone=False, large=True,
    )  # fmt: skip


def _blocks(asked: Request) -> tuple[Block, ...]:
    return (
        *_number(asked.details.msisdn),
        Heading(say(_("I say"))),
        Items(tuple(map(_said, _of(SAY, asked.choice)))),
        Heading(say(_("You ask, I answer"))),
        Items(tuple(map(_answered, _of(ANSWERS, asked.choice)))),
        Heading(say(_("Please write the answer here"))),
        Blanks(tuple(Blank(WithSound(say(phrase.words))) for phrase in _of(QUESTIONS, asked.choice))),
    )


def _number(msisdn: int | None) -> tuple[Block, ...]:
    label = say(_("Number"))
    return (Blanks((Blank(label),)) if msisdn is None else Rows((Row(label, Msisdn(msisdn), weight="strong"),)),)


def _of(phrases: tuple[Phrase, ...], choice: Choice) -> list[Phrase]:
    return [each for each in phrases if each.is_for(choice)]


def _said(phrase: Phrase) -> Item:
    said: Value = say(phrase.words)
    return Item(said, under=Aloud(said))


def _answered(phrase: Phrase) -> Item:
    answer = say(phrase.words)
    both = say(_("You ask: %(question)s I answer: %(answer)s"), question=say(phrase.asked), answer=answer)
    return Item(both, under=Aloud(answer))
