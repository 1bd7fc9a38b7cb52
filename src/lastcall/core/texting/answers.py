"""The answer to a text, as a pure rule: which sentences, with what in them, in the language of the word that was texted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import translation

from lastcall.core.closing import texts, words
from lastcall.core.closing.receipts import grouped
from lastcall.core.closing.story import Story
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.ports import FinalBill
from lastcall.core.texting.keywords import CLOSE, STATUS, STOP, word
from lastcall.core.texting.words import SENTENCES

_MOST_REMEDIES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an answer may tell. ``reference``: of the case; ``secret`` and ``link``: only of one that this line itself declared by
    text; ``complete``: whether a text is the legal act (policy ``termination.act_doors``); ``bill``: None while billing cannot
    say."""

    msisdn: int = 0
    received_at: datetime | None = None
    reference: str = ""
    secret: str = ""
    link: str = ""
    by_text: bool = False
    complete: bool = False
    bill: FinalBill | None = None
    story: Story | None = None


def say(outcome: str, *, language: str, known: Known) -> str:
    """The whole text, in ``language``. ``outcome``: what the text led to, one of ``text.OUTCOMES`` but ``silent``."""
    with translation.override(language):
        facts = _facts(language, known)
        told = (str(SENTENCES[name]) % facts if name in SENTENCES else name for name in _chosen(outcome, known))
        return _in_plain_signs(" ".join(told))


def _in_plain_signs(text: str) -> str:
    # One sign beyond the GSM default alphabet doubles what an English text costs to send (3GPP TS 23.038, 6.2.1).
    plain = text.replace("\N{NO-BREAK SPACE}", " ").replace("₽", "RUB").replace("\N{MINUS SIGN}", "-")
    return plain if plain.isascii() else text


def _facts(language: str, known: Known) -> Mapping[str, str]:
    facts = {name: word(code, language) for name, code in (("close", CLOSE), ("status", STATUS), ("stop", STOP))}
    facts |= {"number": mask_msisdn(known.msisdn), "reference": grouped(known.reference), "link": known.link}
    facts |= {"secret": grouped(known.secret), "state": _state(known.story)}
    if known.received_at is not None:
        facts["received_at"] = texts.moment(known.received_at)
    if (bill := known.bill) is not None:
        amounts = {"balance": _balance(bill), "fees": _fees(bill), "refund": bill.refund, "owed": bill.owed}
        facts |= {name: texts.money(amount, bill.currency) for name, amount in amounts.items()}
    return facts


def _balance(bill: FinalBill) -> int:
    return sum(line.amount for line in bill.lines if line.code == "balance")


def _fees(bill: FinalBill) -> int:
    return -sum(line.amount for line in bill.lines if line.code != "balance")


def _state(story: Story | None) -> str:
    if story is None:
        return ""
    return str(words.FROZEN[0] if story.frozen else words.STATES[story.state][0])


def _chosen(outcome: str, known: Known) -> Iterator[str]:
    """Names of sentences, or, for what other modules say, the sentences themselves."""
    yield outcome
    if outcome in {"declared", "declared_before"}:
        yield from _money(known.bill)
        if known.by_text and not known.complete:
            yield "intake"
        yield from _next(known)
    elif outcome == "standing":
        yield from _missing(known.story)
        yield from _ahead(known.story)
        if known.story is not None and known.story.withdrawable:
            yield from _next(known)


def _money(bill: FinalBill | None) -> Iterator[str]:
    if bill is None:
        yield "unknown_balance"
        return
    yield "balance"
    yield "fees" if _fees(bill) else "no_fees"
    if bill.refund or bill.owed:
        yield "refund" if bill.refund else "owed"


def _next(known: Known) -> Iterator[str]:
    if known.story is None or not known.story.proved:
        yield "next_other" if not known.by_text else "next_link" if known.link else "next_words"
    elif known.link:
        yield known.link
    yield "undo" if known.by_text else "undo_other"


def _missing(story: Story | None) -> Iterator[str]:
    if story is None or not story.proved:
        return  # that identity is missing is what comes next, and nothing else is told before
    for missing in story.missing[:_MOST_REMEDIES]:
        if remedy := texts.remedy(missing.reason, language=translation.get_language(), details=missing.details):
            yield remedy


def _ahead(story: Story | None) -> Iterator[str]:
    for ahead in story.ahead[:1] if story is not None else ():
        yield f"{texts.moment(ahead.at)}: {words.AHEAD[ahead.code]}"
