"""The memo on acting for a holder: what a power of attorney must say, and what an heir brings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import (
    Block,
    Heading,
    Item,
    Items,
    Letter,
    Paragraph,
    Three,
    Unsure,
    Value,
    Words,
    say,
)
from lastcall.core.closing.letters.wording import Mark, letter, unsure
from lastcall.core.policies.pack import Pack

DEATH_PAPERS: Final[dict[str, Words]] = {
    "applicant_identity_document": _("your own identity document"),
    "original_death_certificate": _("the original death certificate"),
}
OUTCOMES: Final[dict[str, Words]] = {
    "cease": _("the line is closed"),
    "new_contract": _("or a new agreement on the number is made with you"),
}
REMOTE: Final[dict[str, Words]] = {
    "notarised_power_of_attorney": _("a power of attorney from a notary"),
    "consular_power_of_attorney": _("a power of attorney certified by a Russian consulate"),
}


_FOREIGN_PAPER: Final = _(
    "A paper in another language needs a translation into Russian that a notary has certified. Ask us first."
)


def power_memo(*, pack: Pack, language: str, now: datetime) -> Letter:
    """The memo on the day of ``now``, for anybody. Raises ``BadInput`` (``bad_language``, ``naive_moment``)."""
    mark = partial(unsure, pack)
    return letter(
        "power_memo",
        language=language,
        pack=pack,
        made_at=now,
        title=_("Acting for the holder: power of attorney and heirs"),
        blocks=(
            Paragraph(
                say(_("You can close a line for somebody else if they have given you the power to, in writing."))
            ),
            Heading(say(_("What the power of attorney must say"))),
            contents(pack, mark),
            Heading(say(_("The form of the power of attorney"))),
            form(pack, mark, _FOREIGN_PAPER),
            Heading(say(_("What you bring or send"))),
            _bring(),
            Heading(say(_("If the holder is abroad"))),
            abroad(pack, mark),
            Heading(say(_("If the holder has died"))),
            *death(pack, mark),
        ),
    )


def contents(pack: Pack, mark: Mark) -> Items:
    """What a power of attorney must say."""
    items: list[Value] = [
        say(_("who gives the power and who receives it: names and documents of both")),
        say(_("the power to end the agreement on mobile services, with the number")),
        say(_("the power to sign statements and to hand in the SIM")),
        say(_("the date, and until when it holds")),
    ]
    if _is_true(pack, "poa.money_clause"):
        money = say(_("the power to receive money: without it nothing is paid out to you"))
        items.insert(2, mark(money, "poa.money_clause"))
    return _items(items)


def form(pack: Pack, mark: Mark, foreign: Words) -> Items:
    """The form that it must have. ``foreign``: what is said of papers in another language, which no source confirms."""
    notarised = _("It must be certified by a notary.")
    plain = _("A power of attorney in simple written form is enough.")
    items = [mark(say(notarised if _is_true(pack, "poa.notarised") else plain), "poa.notarised")]
    if pack.entries("poa.consular_accepted"):
        accepted = _("One that a Russian consulate has certified is accepted too.")
        refused = _("One that a consulate has certified is not accepted.")
        words = accepted if _is_true(pack, "poa.consular_accepted") else refused
        items.append(mark(say(words), "poa.consular_accepted"))
    items.append(Unsure(say(foreign)))
    return _items(items)


def _bring() -> Items:
    return _items(
        (
            say(_("the power of attorney, the original or a copy certified by a notary")),
            say(_("your own identity document")),
            say(_("the signed statement, and the reference of the closing")),
            say(_("the SIM, if there is one")),
        )
    )


def abroad(pack: Pack, mark: Mark) -> Items:
    """How a holder abroad can give the power."""
    codes = [code for entry in pack.entries("foreigner.remote_path") for code in entry.value if code in REMOTE]
    return _items([mark(say(REMOTE[code]), "foreigner.remote_path") for code in codes])


def death(pack: Pack, mark: Mark) -> tuple[Block, ...]:
    """What an heir brings, and what becomes of the line."""
    papers = _coded(pack, mark, "death.documents", DEATH_PAPERS)
    if _is_true(pack, "death.proof_of_kinship"):
        papers.append(mark(say(_("a proof that you are a relative")), "death.proof_of_kinship"))
    outcomes = _coded(pack, mark, "death.outcomes", OUTCOMES)
    return (
        Paragraph(say(_("Bring:"))),
        _items(papers),
        *((Paragraph(say(_("Then:"))), _items(outcomes)) if outcomes else ()),
        *(Paragraph(mark(Three(entry.value), entry.key)) for entry in pack.entries("death.estate")),
    )


def _coded(pack: Pack, mark: Mark, key: str, words: dict[str, Words]) -> list[Value]:
    codes = [code for entry in pack.entries(key) if entry.key == key for code in entry.value]
    return [mark(say(words[code]), key) for code in codes if code in words]


def _is_true(pack: Pack, key: str) -> bool:
    return any(entry.key == key and entry.value is True for entry in pack.entries(key))


def _items(values: Iterable[Value]) -> Items:
    return Items(tuple(Item(value) for value in values))
