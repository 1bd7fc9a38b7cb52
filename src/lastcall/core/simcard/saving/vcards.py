"""Contacts as vCard 4.0 (RFC 6350), which every present address book imports.

Own code, since no maintained Python library writes 4.0: vobject writes 2.1 and 3.0, others fold lines by characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from django.utils.translation import gettext

from lastcall.core.simcard.card import Card, Entry
from lastcall.core.simcard.saving.contacts import contacts, shown_name
from lastcall.core.simcard.saving.labels import phone_type
from lastcall.core.simcard.saving.texts import one_line, readable, whole

_LINE: Final = 75
"""Octets of a line without its end (RFC 6350, 3.2)."""
_GLOBAL: Final = re.compile(r"\+[0-9]+", re.ASCII)
_ESCAPED: Final = str.maketrans({"\\": r"\\", ",": r"\,", "\n": r"\n"})


def vcards(card: Card, *, made_at: datetime) -> bytes:
    """One vCard for each of :func:`contacts`, in UTF-8, in the language in force for the few words that are ours."""
    return b"".join(_folded(line) for entry in contacts(card) for line in _lines(card, entry, made_at))


def _lines(card: Card, entry: Entry, made_at: datetime) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield "PRODID:-//Lastcall//SIM backup//EN"
    yield f"UID:{_uid(card, entry)}"
    yield f"REV:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "KIND:individual"
    yield from _names(entry)
    yield from _ways(entry)
    if entry.groups:
        yield f"CATEGORIES:{','.join(map(_text, entry.groups))}"
    if entry.damaged:
        yield "NOTE:" + _text(gettext("Not all of this entry could be read from the card."))
    yield "END:VCARD"


def _uid(card: Card, entry: Entry) -> str:
    # The name is part of it: a place on the card that was given to somebody else must not overwrite whom it was before.
    return uuid5(NAMESPACE_OID, "\n".join((card.iccid, entry.file, str(entry.record), whole(entry.name)))).urn


def _names(entry: Entry) -> Iterator[str]:
    """FN is never empty (RFC 6350, 6.2.1). A card does not say which part of a name is which: N, by which alone some phones show
    a contact, has the whole of it in one place. A USIM's second name is NICKNAME: a name besides FN (6.2.3)."""
    name = one_line(entry.name)
    yield f"FN:{_text(shown_name(entry))}"
    if name:
        yield f"N:;{_part(name)};;;"
    if second := one_line(entry.second_name):
        yield f"NICKNAME:{_text(second)}"


def _ways(entry: Entry) -> Iterator[str]:
    for place, (number, label) in enumerate(entry.labelled(), start=1):
        kind, own = phone_type(label), one_line(label)
        # A word of the card's own has no place in TYPE (letters of ASCII, 3.3); Apple's and other address books know this one.
        group = f"item{place}." if own and not kind else ""
        preferred = ";PREF=1" if place == 1 and len(entry.numbers) > 1 else ""
        yield f"{group}TEL{f';TYPE={kind}' if kind else ''}{preferred}{_number(number)}"
        if group:
            yield f"{group}X-ABLabel:{_text(own)}"
    for mail in entry.mails:
        yield f"EMAIL:{_text(mail)}"


def _number(number: str) -> str:
    # A "tel" URI without "+" needs a context (RFC 3966, 5.1.5), which the card does not tell.
    return f";VALUE=uri:tel:{number}" if _GLOBAL.fullmatch(number) else f":{_text(number)}"


def _text(text: str) -> str:
    # RFC 6350, 3.4 leaves it open whether a semicolon is escaped here, and not every reader takes ``\;`` for one.
    return readable(text).translate(_ESCAPED)


def _part(text: str) -> str:
    """One part of a structured value (RFC 6350, 3.4)."""
    return _text(text).replace(";", r"\;")


def _folded(line: str) -> bytes:
    """At most 75 octets a line, and no character cut in two (RFC 6350, 3.2)."""
    lines, room = [b""], _LINE
    for sign in (character.encode() for character in line):
        if len(lines[-1]) + len(sign) > room:
            lines.append(b" ")
        lines[-1] += sign
    return b"\r\n".join(lines) + b"\r\n"
