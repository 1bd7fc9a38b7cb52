"""Whoever reads a page: their language, the operator's pack, and what they had typed when they asked for another language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from lastcall.core.policies.pack import Pack
from lastcall.core.policies.present import present_pack

TAGS: Final = {"zh-hans": "zh-Hans", "ru": "ru", "en": "en"}
"""Our languages as BCP 47 writes them."""
SWITCH: Final = "lang"
"""Query parameter on pages, and form field on forms, that asks for another language."""
_NOT_KEPT: Final = frozenset({"csrfmiddlewaretoken", SWITCH, "document", "code"})
_KEPT_LENGTH: Final = 20_000


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of the language switch."""

    code: str
    tag: str
    name: str
    current: bool


def languages() -> list[Language]:
    """Ours, in the order in which they are shown."""
    current = spoken()
    return [Language(code, TAGS[code], name, code == current) for code, name in settings.LANGUAGES]


def spoken() -> str:
    """The language in force, one of ours."""
    language = get_language() or settings.LANGUAGE_CODE
    return language if language in TAGS else settings.LANGUAGE_CODE


def pack() -> Pack:
    """The operator's pack as it is in force today."""
    return present_pack()


def kept_fields(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """What was posted, to be sent again from a page that says why it could not be taken; empty for files and floods."""
    if request.method != "POST" or request.FILES:
        return ()
    found = tuple((name, text) for name, texts in request.POST.lists() for text in texts if name not in _NOT_KEPT)
    return found if sum(len(name) + len(text) for name, text in found) <= _KEPT_LENGTH else ()


def only_switches(request: HttpRequest) -> bool:
    """Another language was asked for before anything was sent: what was typed stays, and is not judged."""
    return SWITCH in request.POST and "sent" not in request.POST
