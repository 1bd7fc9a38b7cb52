"""What every page has around its content: languages, the operator's name and how to reach them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from lastcall.core.closing.words import PHONES
from lastcall.doors.screens.reader import TAGS, languages, pack, spoken
from lastcall.doors.screens.wording import spoken as in_words


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
        "languages": languages(),
        "operator": in_words(pack().entry("operator.name").value, language),
        "phones": _phones(),
    }
    return render(request, f"portal/{template}", around | content, status=status)


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
