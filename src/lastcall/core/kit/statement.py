"""The statement to the operator, filled in with what is given and with lines for the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
    Paragraph,
    Row,
    Rows,
    Text,
    Value,
    Words,
    say,
)
from lastcall.core.closing.letters.statement import grounds, refund_wish, sim_wish, through
from lastcall.core.closing.letters.wording import AS_SOON_AS_POSSIBLE, signatures
from lastcall.core.kit.choice import Choice, Line, but, listed, only, section
from lastcall.core.kit.details import Details
from lastcall.core.kit.facts import Facts
from lastcall.core.kit.operators import OTHER
from lastcall.core.kit.request import Request
from lastcall.core.kit.sheet import sheet
from lastcall.core.kit.words import COLON, LONG, Listed

_LINE: Final = "__________________"
_END: Final = _("I ask to end the agreement on mobile telephone services for the number %(number)s.")


@dataclass(frozen=True, slots=True)
class Matter:
    """What one reason makes of the statement. ``end``: it asks for the end of an agreement, with its ground in the rules."""

    title: Words
    asks: tuple[Words, ...]
    end: bool = True
    refund: bool = True
    sim: bool = True


_PLAIN: Final = Matter(_("Statement on ending the agreement"), (_END,))
MATTERS: Final[dict[str, Matter]] = {
    "leaving": _PLAIN,
    "unused": _PLAIN,
    "price": _PLAIN,
    "lost": Matter(
        _("Statement on blocking the SIM and ending the agreement"),
        (_("The SIM of the number %(number)s is lost or stolen. I ask to block it at once, before all else."), _END),
        sim=False,
    ),
    "not_mine": Matter(
        _("Statement that I did not make the agreement"),
        (
            _("An agreement for the number %(number)s stands on my name. I did not make it, sign it or use the number."),
            _("I ask to block the number, to show me the agreement and the papers on which it was made, and to end it."),
            _("I do not acknowledge any debt under it. I ask to tell me the result in writing."),
        ),
        end=False, refund=False, sim=False,
    ),
    "switching": Matter(
        _("Statement on paying out what is left of my money"),
        (
            _("The number %(number)s was moved to another operator. With that the agreement with you has ended."),
            _("I ask to pay out what is left of the money that I paid in advance."),
        ),
        end=False, sim=False,
    ),
}  # fmt: skip
"""Reason -> the statement."""
_OF_HEIRS: Final[dict[str, Matter]] = {
    "not_mine": replace(
        MATTERS["not_mine"],
        title=_("Statement on an agreement that is not known to the family"),
        asks=(
            _(
                "An agreement for the number %(number)s stands on the name of the subscriber who has died. We know nothing of it."
            ),
            *MATTERS["not_mine"].asks[1:],
        ),
    ),
}
"""The same where an heir signs, for reasons that change with it."""

_DECEASED: Final = _(
    "The subscriber %(name)s has died. I am the heir or a relative, and give this statement in my own name."
)
_DECEASED_BLANK: Final = _(
    "The subscriber has died. I am the heir or a relative, and give this statement in my own name."
)
_ALSO: Final[tuple[Line, ...]] = (
    Line(_("I know that services already rendered are to be paid."), reasons=but("not_mine", "switching")),
    Line(
        _("I do not want other tariffs or offers."),
        reasons=only("price", "leaving", "unused"),
        situations=but("abroad"),
    ),
    Line(
        _("I am abroad and ask to accept this statement by post or from my representative."),
        situations=only("abroad"),
    ),
    Line(
        _("I identify myself by the passport that stands in the agreement."),
        reasons=but("not_mine"),
        situations=only("foreigner"),
    ),
    Line(_("If this statement is refused, I ask for the refusal in writing, with its ground.")),
)
ATTACHMENTS: Final[tuple[Line, ...]] = (
    Line(_("a copy of the page of your identity document with your photo")),
    Line(_("the power of attorney, or a copy certified by a notary"), situations=only("representative", "abroad")),
    Line(_("the death certificate, or a copy certified by a notary"), situations=only("heir")),
    Line(_("a proof that you are a relative"), situations=only("heir")),
    Line(_("the translation into Russian, certified by a notary"), situations=only("foreigner", "abroad")),
    Line(
        _("the list of numbers on my name, printed or copied by hand"),
        reasons=only("not_mine"),
        situations=but("heir"),
    ),
    Line(_("other papers")),
)


def statement(asked: Request) -> Letter:
    """The statement of whoever signs: the holder, a representative or an heir; in Russian, the reader's language beside it."""
    matter = _matter(asked.choice)
    facts = Facts(asked.pack)
    return sheet(
        "kit_statement", pack=asked.pack, language=asked.language, on=asked.on, made_at=asked.made_at,
        title=matter.title, blocks=_blocks(asked, matter, facts), alone=False, legal=True,
        whose=_signer(asked),
    )  # fmt: skip


def _signer(asked: Request) -> Value:
    """Who signs, by name where it is known: representatives and heirs write their own by hand."""
    signs_alone = asked.choice.situation not in {"representative", "heir"}
    return Text((asked.details.name if signs_alone else "") or _LINE)


def _matter(choice: Choice) -> Matter:
    of_heirs = _OF_HEIRS if choice.situation == "heir" else {}
    return of_heirs.get(choice.reason, MATTERS[choice.reason])


def _blocks(asked: Request, matter: Matter, facts: Facts) -> tuple[Block, ...]:
    return (
        *_to_whom(asked),
        *_FROM[asked.choice.situation](asked.details),
        *_asked(asked, matter, facts),
        *_wishes(asked, matter),
        signatures(),  # before the list of papers, so that it stands on the page of what is signed
        *section(_("Enclosed"), ATTACHMENTS, asked.choice, facts, mark="box"),
        Heading(say(_("To be filled in by the operator"))),
        signatures(_("Received by")),
    )


def _to_whom(asked: Request) -> tuple[Block, ...]:
    to = say(_("To the operator"))
    if asked.pack.operator == OTHER:
        typed = asked.details.operator
        return (_line_of(to, Text(typed)) if typed else Blanks((Blank(say(_TO_OPERATOR)),)),)
    name, inn = (Text(asked.pack.entry(f"operator.{part}").value) for part in ("legal_name", "inn"))
    return (_line_of(to, say(_("%(name)s, INN %(inn)s"), name=name, inn=inn)),)


def _line_of(label: Value, value: Value) -> Paragraph:
    """In one line: rows would take two, and the statement more than its page."""
    return Paragraph(Listed((label, value), COLON))


_TO_OPERATOR: Final = _("To the operator: name and INN, as they stand in the agreement")
_NAME: Final = _("Surname, given names")
_DOCUMENT: Final = _("Identity document: kind, number, issued by and when")
_BORN: Final = _("Born on")
_ADDRESS: Final = _("Address")
_CONTACT: Final = _("Contact for questions (phone or e-mail)")


def _person(title: Words, *given: tuple[Words, str], beside: tuple[Words, ...] = ()) -> tuple[Block, ...]:
    """What is known as rows, lines for the rest; short ones, which ``beside`` names, share a line."""
    known = tuple(Row(say(label), Text(text)) for label, text in given if text)
    blank = [label for label, text in given if not text]
    long, short = (tuple(Blank(say(label)) for label in blank if (label in beside) is each) for each in (False, True))
    return (
        Heading(say(title)),
        *((Rows(known),) if known else ()),
        *((Blanks(long),) if long else ()),
        *((Blanks(short, beside=True, typed=True),) if short else ()),
    )


def _holder(given: Details) -> tuple[Block, ...]:
    return _person(
        _("From the subscriber"), (_NAME, given.name), (_BORN, given.born), (_DOCUMENT, given.document),
        (_ADDRESS, given.address), (_CONTACT, given.contact), beside=(_BORN, _CONTACT),
    )  # fmt: skip


def _represented(given: Details) -> tuple[Block, ...]:
    return (*_holder(given), *through())


def _heir(given: Details) -> tuple[Block, ...]:
    """``given`` is what is known of the holder who has died, and where the heir can be reached; all else of their own the heir
    writes by hand."""
    heir = _person(
        _("From the heir or relative"), (_NAME, ""), (_DOCUMENT, ""), (_ADDRESS, ""), (_CONTACT, given.contact)
    )
    said = say(_DECEASED, name=Text(given.name)) if given.name else say(_DECEASED_BLANK)
    lived = ((_ADDRESS, given.address),) if given.address else ()
    lines = _person(
        _("The subscriber who has died"), (_NAME, given.name), (_BORN, given.born), *lived, beside=(_NAME, _BORN)
    )
    paper = Blanks((Blank(say(_("Death certificate: number, date, issued by"))),))
    return (*heir, *lines, paper, Paragraph(said))


_FROM: Final[dict[str, Callable[[Details], tuple[Block, ...]]]] = {
    "in_country": _holder,
    "foreigner": _holder,
    "abroad": _holder,
    "representative": _represented,
    "heir": _heir,
}
"""Situation -> who signs."""


def _asked(asked: Request, matter: Matter, facts: Facts) -> tuple[Block, ...]:
    number = asked.details.msisdn
    shown: Value = Msisdn(number) if number is not None else Text(_LINE)
    return (
        Heading(say(_("Statement"))),
        *(Paragraph(say(words, number=shown)) for words in matter.asks),
        *((Paragraph(_when_and_why(asked)),) if matter.end else ()),
        *listed(_ALSO, asked.choice, facts),
    )


def _when_and_why(asked: Request) -> Value:
    rows = (Row(say(_("Requested end")), AS_SOON_AS_POSSIBLE), *grounds(asked.pack))
    return Listed(tuple(Listed((row.label, row.value), COLON) for row in rows), LONG)


def _wishes(asked: Request, matter: Matter) -> tuple[Block, ...]:
    return (*(_refund(asked) if matter.refund else ()), *(_sim(asked.choice) if matter.sim else ()))


def _refund(asked: Request) -> tuple[Block, ...]:
    methods = asked.pack.entry("refund.methods").value
    heading, boxes, where = refund_wish(methods)
    if not asked.details.account:
        return (heading, boxes, where)
    account = Row(say(_("Bank, BIC and account, or the other number")), Text(asked.details.account))
    return (heading, boxes, Rows((account,)))


def _sim(choice: Choice) -> tuple[Block, ...]:
    return sim_wish() if choice.situation != "heir" else (
        *sim_wish()[:1], Items((Item(say(_("is handed in, if it was found"))), Item(say(_("was not found")))), mark="box"),
    )  # fmt: skip
