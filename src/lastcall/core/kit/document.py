"""A kit for machines: everything that is printed and dated, as one JSON document."""

from __future__ import annotations

from typing import Any, Final

from django.utils import translation

from lastcall.core.closing.letters import Letter, in_language
from lastcall.core.kit.doubts import doubts
from lastcall.core.kit.kit import Deadline, Kit

VERSION: Final = 1
"""Of the document's shape; a field that is added leaves it."""


def as_document(kit: Kit) -> dict[str, Any]:
    """``kit`` as nested texts in its own language, the statement's Russian beside; whatever details it has stand in it."""
    with translation.override(kit.language):
        return {
            "version": VERSION,
            "operator": kit.operator,
            "language": kit.language,
            "reason": kit.reason,
            "situation": kit.situation,
            "on": kit.on.isoformat(),
            "letters": [_letter(letter) for letter in kit.letters],
            "deadlines": [_deadline(deadline) for deadline in kit.deadlines],
            "not_confirmed": list(doubts(kit)),
        }


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "kind": letter.kind,
        "columns": {language: in_language(letter, language) for language in letter.languages},
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "key": deadline.key,
        "on": deadline.on.isoformat(),
        "title": deadline.title.shown(),
        "text": deadline.text.shown(),
        "sure": deadline.sure,
        "source": deadline.source,
        "source_date": str(deadline.source_date),
    }
