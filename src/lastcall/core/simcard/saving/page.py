"""The messages, and the calls, as one HTML page: opens in any browser, prints well, fetches nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.template import Context, Engine
from django.utils import translation
from django.utils.safestring import mark_safe

from lastcall.core.simcard.card import Card, Message
from lastcall.core.simcard.saving import wording
from lastcall.core.simcard.saving.texts import readable

_TEMPLATES: Final = Path(__file__).parent / "templates"
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_OTHER_EAST: Final = re.compile("[\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]")


def messages_page(card: Card, *, language: str, made_at: datetime) -> bytes:
    """The page in ``language``. Texts of messages are data: links in them are not made clickable."""
    with translation.override(language):
        shown = {
            "language": language,
            "style": mark_safe(_style()),  # noqa: S308 - our own file
            "style_hash": _hash(_style()),
            "title": wording.TITLE,
            "saved": wording.saved(card, made_at),
            "count": wording.how_many(len(card.messages)),
            "messages": list(_shown(card)),
            "calls_title": wording.CALLS,
            "calls": list(_calls(card)),
        }
        return _engine().get_template("messages.html").render(Context(shown)).encode()


def _shown(card: Card) -> Iterator[dict[str, Any]]:
    known = wording.names(card)
    for message in card.messages:
        yield {
            "direction": wording.direction(message),
            "party": wording.party(message, known),
            "sent": message.sent,
            "when": wording.when(message.at),
            "machine_time": message.at.isoformat() if message.at else "",
            "status": wording.status(message),
            "text": readable(message.text),
            "language": _language(message),
            "remarks": wording.remarks(message),
            "data": message.data.hex(" "),
        }


def _calls(card: Card) -> Iterator[dict[str, Any]]:
    known = wording.names(card)
    for call in card.calls:
        yield {
            "direction": wording.call_direction(call),
            "party": wording.call_party(call, known),
            "when": wording.when(call.at),
            "machine_time": call.at.isoformat() if call.at else "",
            "facts": wording.call_facts(call),
        }


def _language(message: Message) -> str:
    """``zh`` for Chinese, so that it gets Chinese glyphs and is read aloud right; else not known."""
    return "zh" if _HAN.search(message.text) and not _OTHER_EAST.search(message.text) else ""


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(_TEMPLATES)])


@cache
def _style() -> str:
    return (_TEMPLATES / "messages.css").read_text(encoding="utf-8")


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
