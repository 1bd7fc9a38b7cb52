"""The words for what a pack says it has looked for and not found."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import Text, Value, Words, say
from lastcall.core.policies.pack import Pack

NOTES: Final[dict[str, Words]] = {
    "legal_basis: Decree": _("a decree that is cited here and there"),
    "legal_basis: text": _("the whole text of the rules of telephone services"),
    "termination: a statutory": _("a term or form that the law sets for ending the agreement"),
    "termination: whether": _("whether a phone call alone can end the agreement"),
    "refund: a statutory": _("a term that the law sets for paying money back"),
    "refund: payment": _("payment to an account abroad"),
    "quarantine: a statutory": _("the shortest time that a number must rest by law"),
    "self_ban: how": _("how the self-ban is taken off again"),
    "gosuslugi: days": _("how long an operator may take over a refusal filed on Gosuslugi"),
    "poa: which": _("which papers of consulates and foreign notaries operators accept"),
    "foreigner: closing": _("closing when biometrics were never given or the holder is abroad"),
    "esim: Russian": _("Russian rules for eSIM"),
    "contacts.hotline_in_network": _("a short number to ring from this operator's numbers"),
    "contacts.hotline_free": _("a free number for calls from any phone in Russia"),
    "contacts.hotline_abroad": _("a number to ring from abroad"),
    "ussd.balance": _("a code to dial for the balance"),
    "ussd: voluntary": _("a code to dial for suspending the line: the pages contradict one another"),
    "channels: the official": _("the operator's own page on ending the agreement"),
    "channels: sources": _("through which ways the line can be closed: the sources contradict one another"),
}
"""How a note of a pack begins -> what is said."""


def absent(pack: Pack) -> tuple[Value, ...]:
    """Each note of ``pack.not_found``; one without words of ours as the pack has it."""
    return tuple(_said(note) for note in pack.not_found())


def _said(note: str) -> Value:
    words = (told for begin, told in NOTES.items() if note.startswith(begin))
    return next((say(told) for told in words), Text(note))
