"""The statement that an agreement shall end: to be signed, in a shop or on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.case import Case
from lastcall.core.closing.letters.letter import (
    Blank,
    Blanks,
    Day,
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
from lastcall.core.closing.letters.wording import (
    AS_SOON_AS_POSSIBLE,
    CUSTODIES,
    REFUNDS,
    act_kind,
    act_number,
    letter,
    signatures,
)
from lastcall.core.closing.story import is_proved
from lastcall.core.policies.pack import Pack
from lastcall.core.policies.policy import Policy
from lastcall.core.subscribers.subscriber import Document, Representative, Subscriber

_DOCUMENTS: Final[dict[str, Words]] = {
    "ru_passport": _("passport of the Russian Federation"),
    "foreign_passport": _("foreign passport"),
    "residence_permit": _("residence permit"),
    "refugee_certificate": _("refugee certificate"),
    "other": _("identity document"),
}


def statement(
    *,
    case: Case,
    pack: Pack,
    language: str,
    holder: Subscriber | None = None,
    document: Document | None = None,
    representative: Representative | None = None,
) -> Letter:
    """The statement of ``case``, speaking of the moment of its declaration.

    What is on file (``holder``, ``document``, ``representative``) is filled in only when identity was proved for the case;
    otherwise there are lines to write on, whatever is given. Raises ``BadInput`` (``bad_language``).
    """
    if not is_proved(case):
        holder = document = representative = None
    represented = case.declared_by == "representative"
    return letter(
        "statement",
        language=language,
        pack=pack,
        made_at=case.declared_at,
        title=_("Statement on ending the agreement"),
        blocks=(
            *_from_whom(holder, document),
            *(_through(representative) if represented else ()),
            *_what(case, pack),
            *_refund(case),
            *_sim(case),
            Blanks((Blank(say(_("Contact for questions (phone or e-mail)"))),)),
            signatures(),
            Heading(say(_("To be filled in by the operator"))),
            signatures(_("Received by")),
        ),
    )


def _from_whom(holder: Subscriber | None, document: Document | None) -> tuple[Rows | Blanks | Heading, ...]:
    known: list[Row] = []
    blank: list[Words] = []
    if holder is not None:
        known.append(Row(say(_("Surname, given names")), Text(holder.name)))
    else:
        blank.append(_("Surname, given names"))
    if document is not None:
        known.append(Row(say(_("Identity document")), _document(document)))
        blank.append(_("Number of the document in full"))
    else:
        blank.append(_("Identity document: kind, number, issued by and when"))
    lines = Blanks(tuple(Blank(say(label)) for label in blank))
    return (Heading(say(_("From the subscriber"))), *((Rows(tuple(known)),) if known else ()), lines)


def _document(document: Document) -> Value:
    return say(
        _("%(kind)s, ending in %(last_four)s"),
        kind=say(_DOCUMENTS.get(document.kind, _DOCUMENTS["other"])),
        last_four=Text(document.last_four),
    )


def _through(representative: Representative | None) -> tuple[Heading | Rows | Blanks, ...]:
    return through(representative.name if representative is not None else "")


def through(representative: str = "") -> tuple[Heading | Rows | Blanks, ...]:
    """Who acts for the holder, by which paper; a line for the name where it is not given."""
    papers = Blank(say(_("Power of attorney or other paper: number, date, notary")))
    document = Blank(say(_("Identity document of the representative: kind, number, issued by and when")))
    name = _("Representative: surname, given names")
    if not representative:
        return (Heading(say(_("Through a representative"))), Blanks((Blank(say(name)), document, papers)))
    known = Rows((Row(say(name), Text(representative)),))
    return (Heading(say(_("Through a representative"))), known, Blanks((document, papers)))


def _what(case: Case, pack: Pack) -> tuple[Heading | Paragraph | Rows, ...]:
    words = _(
        "I ask to end the agreement on mobile telephone services under which the number %(number)s was given to me."
    )
    end: Value = Day(case.requested_end) if case.requested_end is not None else AS_SOON_AS_POSSIBLE
    rows = [Row(say(_("Requested end")), end), *grounds(pack)]
    return (
        Heading(say(_("Statement"))),
        Paragraph(say(words, number=Msisdn(case.claimed_msisdn))),
        Rows(tuple(rows)),
        Paragraph(say(_("I know that services already rendered are to be paid."))),
    )


def grounds(pack: Pack) -> list[Row]:
    """The rules by which a subscriber may end the agreement at any time."""
    acts = [entry.value for entry in pack.entries("legal_basis.telephone_rules")]
    # Acts are cited by kind, number and date: their titles stand in the pack in English only.
    return [
        Row(
            say(_("Grounds")),
            say(
                _("rules of telephone services (%(act)s No. %(number)s of %(on)s)"),
                act=act_kind(act["act"]),
                number=act_number(act["number"]),
                on=Day(act["date"]),
            ),
        )
        for act in acts
    ]


def _refund(case: Case) -> tuple[Heading | Items | Blanks, ...]:
    methods = Policy.from_json(case.policy).refund_methods
    # What was chosen on the case's page is known only to whoever was let in there.
    chosen = case.refund_target if is_proved(case) else ""
    return refund_wish(methods, chosen)


def refund_wish(methods: Sequence[str], chosen: str = "") -> tuple[Heading | Items | Blanks, ...]:
    """Boxes for where the money shall go; ``methods``: codes of ``REFUNDS``, others are left out."""
    items = tuple(Item(say(REFUNDS[code]), ticked=code == chosen) for code in methods if code in REFUNDS)
    where = Blanks((Blank(say(_("Bank, BIC and account, or the other number"))),))
    return (Heading(say(_("What is left of my money, pay"))), Items(items, mark="box"), where)


def _sim(case: Case) -> tuple[Heading | Items, ...]:
    chosen = case.sim_custody if is_proved(case) else ""
    return sim_wish(chosen)


def sim_wish(chosen: str = "") -> tuple[Heading | Items, ...]:
    """Boxes for what becomes of the SIM."""
    items = tuple(Item(say(words), ticked=code == chosen) for code, words in CUSTODIES.items())
    return (Heading(say(_("The SIM"))), Items(items, mark="box"))
