"""What every page has around its content: languages, the operator's name and how to reach them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language

from lastcall.core import clock
from lastcall.core.closing.words import PHONES
from lastcall.core.policies.load import load
from lastcall.core.policies.pack import Pack
from lastcall.doors.portal.presenters.wording import spoken as in_words

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


@dataclass(frozen=True, slots=True)
class Phone:
    """A hotline of the operator; ``sure``: whether the pack's sources confirm it."""

    label: str | Promise
    number: str
    dial: str
    sure: bool


def page(request: HttpRequest, template: str, content: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """``content`` in ``portal/<template>``, in the language in force."""
    language = spoken()
    around = {
        "tag": TAGS[language],
        "languages": [Language(code, TAGS[code], name, code == language) for code, name in settings.LANGUAGES],
        "operator": in_words(pack().entry("operator.name").value, language),
        "phones": _phones(),
    }
    return render(request, f"portal/{template}", around | content, status=status)


def kept_fields(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """What was posted, to be sent again from a page that says why it could not be taken; empty for files and floods."""
    if request.method != "POST" or request.FILES:
        return ()
    found = tuple((name, text) for name, texts in request.POST.lists() for text in texts if name not in _NOT_KEPT)
    return found if sum(len(name) + len(text) for name, text in found) <= _KEPT_LENGTH else ()


def only_switches(request: HttpRequest) -> bool:
    """Another language was asked for before anything was sent: what was typed stays, and is not judged."""
    return SWITCH in request.POST and "sent" not in request.POST


def pack() -> Pack:
    """The operator's pack as it is in force today."""
    return load(settings.LASTCALL_OPERATOR, on=clock.now().date())


def spoken() -> str:
    """The language in force, one of ours."""
    language = get_language() or settings.LANGUAGE_CODE
    return language if language in TAGS else settings.LANGUAGE_CODE


def _phones() -> tuple[Phone, ...]:
    known = {entry.key: entry for entry in pack().entries("contacts.hotline")}
    return tuple(
        Phone(label, known[key].value, _dialled(known[key].value), known[key].is_confirmed)
        for key, label in PHONES.items()
        if key in known
    )


@lru_cache(maxsize=64)
def _dialled(number: str) -> str:
    return re.sub("[^0-9+*#]", "", number)
