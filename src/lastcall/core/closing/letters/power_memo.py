"""The memo on acting for a holder: what a power of attorney must say, and what an heir brings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import (
    Block,
    Heading,
    Item,
    Items,
    Letter,
    Paragraph,
    Unsure,
    Value,
    Words,
    say,
)
from lastcall.core.closing.letters.wording import from_pack, letter, unsure
from lastcall.core.policies.pack import Pack

_DEATH_PAPERS: Final[dict[str, Words]] = {
    "applicant_identity_document": _("your own identity document"),
    "original_death_certificate": _("the original death certificate"),
}
_OUTCOMES: Final[dict[str, Words]] = {
    "cease": _("the line is closed"),
    "new_contract": _("or a new agreement on the number is made with you"),
}
_REMOTE: Final[dict[str, Words]] = {
    "notarised_power_of_attorney": _("a power of attorney from a notary"),
    "consular_power_of_attorney": _("a power of attorney certified by a Russian consulate"),
}


def power_memo(*, pack: Pack, language: str, now: datetime) -> Letter:
    """The memo on the day of ``now``, for anybody. Raises ``BadInput`` (``bad_language``, ``naive_moment``)."""
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
            _contents(pack),
            Heading(say(_("Its form"))),
            _form(pack),
            Heading(say(_("What you bring or send"))),
            _bring(),
            Heading(say(_("If the holder is abroad"))),
            _abroad(pack),
            Heading(say(_("If the holder has died"))),
            *_death(pack),
        ),
    )


def _contents(pack: Pack) -> Items:
    items: list[Value] = [
        say(_("who gives the power and who receives it: names and documents of both")),
        say(_("the power to end the agreement on mobile services, with the number")),
        say(_("the power to sign statements and to hand in the SIM")),
        say(_("the date, and until when it holds")),
    ]
    if _is_true(pack, "poa.money_clause"):
        money = say(_("the power to receive money: without it nothing is paid out to you"))
        items.insert(2, unsure(pack, money, "poa.money_clause"))
    return _items(items)


def _form(pack: Pack) -> Items:
    notarised = _("It must be certified by a notary.")
    plain = _("A power of attorney in simple written form is enough.")
    items = [unsure(pack, say(notarised if _is_true(pack, "poa.notarised") else plain), "poa.notarised")]
    if pack.entries("poa.consular_accepted"):
        accepted = _("One that a Russian consulate has certified is accepted too.")
        refused = _("One that a consulate has certified is not accepted.")
        words = accepted if _is_true(pack, "poa.consular_accepted") else refused
        items.append(unsure(pack, say(words), "poa.consular_accepted"))
    foreign = _(
        "A paper in another language needs a translation into Russian that a notary has certified. Ask us first."
    )
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


def _abroad(pack: Pack) -> Items:
    codes = [code for entry in pack.entries("foreigner.remote_path") for code in entry.value if code in _REMOTE]
    return _items([unsure(pack, say(_REMOTE[code]), "foreigner.remote_path") for code in codes])


def _death(pack: Pack) -> tuple[Block, ...]:
    papers = _coded(pack, "death.documents", _DEATH_PAPERS)
    if _is_true(pack, "death.proof_of_kinship"):
        papers.append(unsure(pack, say(_("a proof that you are a relative")), "death.proof_of_kinship"))
    outcomes = _coded(pack, "death.outcomes", _OUTCOMES)
    return (
        Paragraph(say(_("Bring:"))),
        _items(papers),
        *((Paragraph(say(_("Then:"))), _items(outcomes)) if outcomes else ()),
        *(Paragraph(text) for text in from_pack(pack, "death.estate")),
    )


def _coded(pack: Pack, key: str, words: dict[str, Words]) -> list[Value]:
    codes = [code for entry in pack.entries(key) if entry.key == key for code in entry.value]
    return [unsure(pack, say(words[code]), key) for code in codes if code in words]


def _is_true(pack: Pack, key: str) -> bool:
    return any(entry.key == key and entry.value is True for entry in pack.entries(key))


def _items(values: Iterable[Value]) -> Items:
    return Items(tuple(Item(value) for value in values))
