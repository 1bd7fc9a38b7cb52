"""What several letters share: the operator's head, its phones, days and hours, warnings, and values with their doubt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from lastcall.core.closing.letters.letter import (
    LEGAL,
    Blank,
    Blanks,
    Block,
    Count,
    Day,
    Item,
    Items,
    Letter,
    Phone,
    Say,
    Text,
    Three,
    Unsure,
    Value,
    Words,
    say,
    unsure_in,
)
from lastcall.core.closing.words import PHONES
from lastcall.core.errors import BadInput
from lastcall.core.policies.pack import Pack
from lastcall.core.subscribers.inputs import LANGUAGES, aware, one_of

Mark = Callable[..., Value]
"""Takes a value and the pack's keys that it comes from; gives it with its doubt, and with its source where a letter names them."""

REFUNDS: Final[dict[str, Words]] = {
    "bank_account": _("to a bank account of the subscriber"),
    "same_operator_number": _("to another number of the subscriber with the same operator"),
    "cash_in_store": _("in cash, in a shop"),
}
CUSTODIES: Final[dict[str, Words]] = {
    "subscriber": _("stays with the subscriber"),
    "collected": _("is handed in to the operator"),
    "destroyed": _("is destroyed before whoever hands it in"),
}
DECLARANTS: Final[dict[str, Words]] = {
    "holder": _("the holder"),
    "representative": _("a representative of the holder"),
}
_DAYS: Final = ngettext_lazy("%(n)d day", "%(n)d days", "n")  # made once: each one is a class of its own
_HOURS: Final = ngettext_lazy("%(n)d hour", "%(n)d hours", "n")
AS_SOON_AS_POSSIBLE: Final = say(_("as soon as possible"))
_NOT_CONFIRMED: Final = say(
    _('"Not confirmed": we have found no source, or the sources disagree. Ask us before you rely on it.')
)
LEGAL_NOTE: Final = say(_("The Russian text is the legal one. The other text says the same in your language."))


def letter(
    kind: str,
    *,
    language: str,
    pack: Pack,
    made_at: datetime,
    title: Words,
    blocks: tuple[Block, ...],
) -> Letter:
    """A letter of the pack's operator. Raises ``BadInput`` (``bad_language``, ``naive_moment``)."""
    one_of("language", language, LANGUAGES)
    return Letter(
        kind=kind,
        language=language,
        made_at=aware(made_at),
        day=Day(made_at),
        operator=Text(pack.entry("operator.legal_name").value),
        brand=Three(pack.entry("operator.name").value),
        title=say(title),
        blocks=blocks,
        phones=phones(pack),
        notes=(
            *((_NOT_CONFIRMED,) if unsure_in((blocks, phones(pack))) else ()),
            *(() if language == LEGAL else (LEGAL_NOTE,)),
        ),
    )


def phones(pack: Pack) -> tuple[Phone, ...]:
    """The operator's hotlines, each with its doubt."""
    return tuple(Phone(say(label), found) for key, label in PHONES.items() if (found := written(pack, key)) is not None)


def written(pack: Pack, key: str) -> Value | None:
    """A pack's text under ``key``, the same in every language, with its doubt; None when the pack has none."""
    found = {entry.key: entry for entry in pack.entries(key)}.get(key)
    return unsure(pack, Text(str(found.value)), key) if found is not None else None


def unsure(pack: Pack, value: Value, *keys: str) -> Value:
    """``value``, marked when one of the pack's ``keys`` that it comes from is not confirmed."""
    known = {entry.key: entry.is_confirmed for key in keys for entry in pack.entries(key)}
    return value if all(known.get(key, False) for key in keys) else Unsure(value)


def days(n: int) -> Count:
    """``n`` days."""
    return Count(_DAYS, n)


def hours(n: int) -> Count:
    """``n`` hours."""
    return Count(_HOURS, n)


def warnings(pack: Pack) -> Items:
    """What nobody honest ever asks for, in the pack's words where it has them."""
    known = from_pack(pack, "advice.codes_are_secret", "contract.sim_has_no_term")
    ours = (
        say(_("Tell the secret and one-time codes to nobody, not even to us.")),
        say(_("If this was not you, say so in a shop or by phone at any time: the closing stops at once.")),
    )
    return Items(tuple(Item(text) for text in (*ours, *known)))


def signatures(*more: Words) -> Blanks:
    """Lines for date and signature, after those given."""
    labels = (*more, _("Date"), _("Signature"))
    return Blanks(tuple(Blank(say(label)) for label in labels), beside=True)


def from_pack(pack: Pack, *keys: str) -> tuple[Value, ...]:
    """The texts that the pack holds in three languages under ``keys``, each with its doubt; a missing one is left out."""
    entries = (entry for key in keys for entry in pack.entries(key) if entry.key == key)
    return tuple(unsure(pack, Three(entry.value), entry.key) for entry in entries)


_ACTS: Final[dict[str, Words]] = {"Federal Law": _("Federal Law"), "Government Decree": _("Government Decree")}


def act_kind(kind: str) -> Value:
    """What an act is, as packs name it in English; one of another kind is an act."""
    return say(_ACTS.get(kind, _("act")))


def act_number(number: str) -> Value:
    """The number of an act as each language writes it: ``152-FZ`` is ``152-ФЗ`` in Russian."""
    digits, _dash, federal = number.partition("-FZ")
    return say(_("%(number)s-FZ"), number=Text(digits)) if _dash and not federal else Text(number)


def choice(words: dict[str, Words], code: str, what: str) -> Say:
    """The words of a code. Raises ``BadInput`` for one that has none."""
    if code not in words:
        raise BadInput(f"no such {what}: {code}", code=f"bad_{what}", remedy=f"One of: {', '.join(words)}.")
    return say(words[code])
