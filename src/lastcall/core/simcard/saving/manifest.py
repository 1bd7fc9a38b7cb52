"""The list of the files that a card is saved to, by which each can be checked later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from lastcall.core.simcard.card import LISTS, Card
from lastcall.core.simcard.saving.contacts import contacts
from lastcall.core.simcard.saving.document import as_json
from lastcall.core.simcard.saving.sheets import separator
from lastcall.core.simcard.saving.texts import masked

NAME: Final = "manifest.json"
FORMAT: Final = "lastcall-sim-backup"
VERSION: Final = 1
WHAT: Final = {
    "contacts.vcf": "contacts for a phone or an address book (vCard 4.0)",
    "contacts.csv": "all lists of numbers, for a spreadsheet",
    "messages.csv": "all messages, for a spreadsheet",
    "calls.csv": "all calls that the card holds, for a spreadsheet",
    "messages.html": "all messages and calls, to be read in a browser",
    "messages.pdf": "all messages and calls, to be printed",
    "card.json": "everything that was read, for programs",
}


def manifest(files: Mapping[str, bytes], card: Card, *, language: str, made_at: datetime) -> bytes:
    """Each file with its size and SHA-256, and how much of what the card held. The card's number stands in it masked."""
    return as_json(
        {
            "format": FORMAT,
            "version": VERSION,
            "made_at": made_at.isoformat(),
            "language": language,
            "csv": {"encoding": "UTF-8 with byte order mark", "separator": separator(language)},
            "card": {"kind": card.kind, "iccid": masked(card.iccid)},
            "counts": counts(card),
            "notes": list(card.notes),
            "files": [
                {"name": name, "what": WHAT[name], "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for name, content in files.items()
            ],
        }
    )


def counts(card: Card) -> dict[str, Any]:
    """``contacts``: vCards; ``messages``; ``calls``; ``lists``: lines of each list; ``damaged``: of all these, what was not read in
    full."""
    marred = [
        *(entry.damaged for entry in card.entries), *(message.damaged for message in card.messages),
        *(call.damaged for call in card.calls),
    ]  # fmt: skip
    return {
        "contacts": len(contacts(card)),
        "messages": len(card.messages),
        "calls": len(card.calls),
        "lists": {name: len(card.of(name)) for name in LISTS},
        "damaged": sum(map(bool, marred)),
    }
