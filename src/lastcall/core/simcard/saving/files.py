"""A card as files, in memory."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

from lastcall.core.ports import Printer
from lastcall.core.simcard.card import Card
from lastcall.core.simcard.saving import manifest
from lastcall.core.simcard.saving.document import card_document
from lastcall.core.simcard.saving.page import messages_page
from lastcall.core.simcard.saving.paper import messages_letter
from lastcall.core.simcard.saving.sheets import calls_sheet, contacts_sheet, messages_sheet
from lastcall.core.simcard.saving.vcards import vcards
from lastcall.core.subscribers.inputs import LANGUAGES, aware, one_of


def files(card: Card, *, language: str, made_at: datetime, printer: Printer) -> dict[str, bytes]:
    """Name -> content of each file, the manifest last. The same card at the same moment gives the same bytes.
    ``calls.csv`` is there only where the card holds calls.

    ``language``: of what people read, ``zh-hans``, ``ru`` or ``en``. Raises ``BadInput`` (``bad_language``, ``naive_moment``) and
    what ``printer`` raises.
    """
    one_of("language", language, LANGUAGES)
    aware(made_at)
    with translation.override(language):
        found = {
            "contacts.vcf": vcards(card, made_at=made_at),
            "contacts.csv": contacts_sheet(card, language=language),
            "messages.csv": messages_sheet(card, language=language),
            **({"calls.csv": calls_sheet(card, language=language)} if card.calls else {}),
            "messages.html": messages_page(card, language=language, made_at=made_at),
            "messages.pdf": printer.make(messages_letter(card, language=language, made_at=made_at)),
            "card.json": card_document(card, made_at=made_at),
        }
    return found | {manifest.NAME: manifest.manifest(found, card, language=language, made_at=made_at)}
