"""How the operator is reached and what it says, each with its source; and what was looked for and not found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import (
    Blank,
    Blanks,
    Block,
    Day,
    Heading,
    Item,
    Items,
    Letter,
    Paragraph,
    Row,
    Rows,
    Text,
    Three,
    Value,
    Words,
    say,
)
from lastcall.core.kit import words
from lastcall.core.kit.absent import absent
from lastcall.core.kit.facts import Facts
from lastcall.core.kit.request import Request
from lastcall.core.kit.words import OPERATOR_LINE
from lastcall.core.policies.pack import PackEntry

_FEDERAL: Final = "-FZ"
_CHANNELS: Final[dict[str, Words]] = {
    "store": _("In a shop"),
    "account": _("In your account on the internet"),
    "hotline": _("By phone"),
    "text": _("By text message"),
    "post": _("By post"),
}
_USSD: Final[dict[str, Words]] = {
    "balance": _("Balance"),
    "tariff": _("Tariff"),
    "own_number": _("Own number"),
    "packet_rest": _("What is left of the package"),
    "paid_subscriptions": _("Paid subscriptions"),
}
_STATE: Final[dict[str, Words]] = {
    "gosuslugi.hotline": _("Gosuslugi"),
    "gosuslugi.hotline_short": _("Gosuslugi, short number"),
    "police.hotline": _("Police"),
}
_WITHOUT_PACK: Final = _(
    "We know nothing of this operator itself: this kit says what holds for every operator. Copy its name and phones from your "
    "agreement, not from a page that a search has found."
)
_TO_COPY: Final[tuple[Words, ...]] = (
    OPERATOR_LINE,
    _("Phone of the operator, as it stands in the agreement"),
    _("Address for letters, as it stands in the agreement"),
)
_LAWS: Final[dict[str, Words]] = {
    "legal_basis.communications_law": _("Law on communications"),
    "legal_basis.telephone_rules": _("Rules of telephone services"),
    "legal_basis.data_service_rules": _("Rules of data services"),
    "legal_basis.sim_limits_law": _("Law on limits of numbers and on foreigners"),
    "legal_basis.portability_law": _("Law on keeping the number"),
    "legal_basis.personal_data_law": _("Law on personal data"),
}


def contacts(asked: Request) -> Letter:
    """The operator's own facts, the state's phones, the law, and the gaps."""
    return asked.letter("kit_contacts", _("The operator: how to reach it, and what is known"), _blocks)


def _blocks(facts: Facts) -> tuple[Block, ...]:
    return (
        *_operator(facts),
        *_table(facts, _("Phones of the operator"), "contacts.", words.OPERATOR_PHONES, _plain),
        *_table(facts, _("Ways to close the line"), "channels.", _channel_labels(), _open),
        *_table(facts, _("Codes to dial"), "ussd.", {f"ussd.{name}": label for name, label in _USSD.items()}, _dialled),
        *_conditions(facts),
        *_named(facts, _("Phones of the state"), _STATE, _plain),
        *_named(facts, _("The law"), _LAWS, _act),
        *_absent(facts),
    )


def _operator(facts: Facts) -> tuple[Block, ...]:
    if facts.get("operator.legal_name") is None:
        return (Paragraph(say(_WITHOUT_PACK)), Blanks(tuple(Blank(say(label)) for label in _TO_COPY)))
    rows = (
        Row(say(_("Operator")), facts.fact("operator.legal_name")),
        Row(say(_("Brand")), facts.fact("operator.name")),
        Row(say(_("Taxpayer number (INN)")), facts.fact("operator.inn")),
    )
    return (Rows(rows),)


def _channel_labels() -> dict[str, Words]:
    return {f"channels.{name}": label for name, label in _CHANNELS.items()}


def _table(
    facts: Facts, title: Words, prefix: str, labels: dict[str, Words], form: Callable[[PackEntry], Value]
) -> tuple[Block, ...]:
    """Every entry under ``prefix``, known ones first and by their labels, others by their own names."""
    found = [entry.key for entry in facts.pack.entries(prefix)]
    own = {key: key.partition(".")[2].replace("_", " ") for key in found if key not in labels}
    return _named(facts, title, {**labels, **own}, form)


def _named(
    facts: Facts, title: Words, labels: dict[str, Words], form: Callable[[PackEntry], Value]
) -> tuple[Block, ...]:
    rows = tuple(
        Row(say(label), facts.mark(form(entry), key)) for key, label in labels.items() if (entry := facts.get(key))
    )
    return (Heading(say(title)), Rows(rows)) if rows else ()


def _plain(entry: PackEntry) -> Value:
    return Text(str(entry.value))


def _open(entry: PackEntry) -> Value:
    return say(_("possible") if entry.value else _("not possible"))


def _dialled(entry: PackEntry) -> Value:
    code = Text(entry.value["code"])
    return code if entry.value["verified"] else say(_("%(code)s, not tried"), code=code)


def _act(entry: PackEntry) -> Value:
    number, on = str(entry.value["number"]), Day(entry.value["date"])
    federal = number.endswith(_FEDERAL)
    words = _("Federal Law No. %(number)s-FZ of %(on)s") if federal else _("No. %(number)s of %(on)s")
    return say(words, number=Text(number.removesuffix(_FEDERAL)), on=on)


def _conditions(facts: Facts) -> tuple[Block, ...]:
    items = tuple(Item(facts.mark(Three(each.value), each.key)) for each in facts.pack.entries("conditions."))
    return (Heading(say(_("What else is said of this operator"))), Items(items)) if items else ()


def _absent(facts: Facts) -> tuple[Block, ...]:
    gaps = absent(facts.pack)
    return (Heading(say(_("Looked for and not found"))), Items(tuple(map(Item, gaps)))) if gaps else ()
