"""Whether an event holds something that has no place in a log: a full number, a document number, a code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from lastcall.core.audit.event import Event
from lastcall.core.numbers.msisdn import COUNTRY_CODE

_SHAPES: Final = (
    ("full number", re.compile(r"(?<![\d.])(?:\+?7|8)[ (-]{0,2}9\d{2}[ )-]{0,2}\d{3}[ -]?\d{2}[ -]?\d{2}(?!\d)")),
    ("full number", re.compile(r"(?<![\d.])7\d{10}(?!\d)")),
    ("document number", re.compile(r"(?<![\d.:])\d{2} ?\d{2} ?\d{6}(?!\d)")),  # the Russian internal passport
    ("document number", re.compile(r"(?<![A-Za-z\d])[A-Z]{1,2}\d{7,9}(?![A-Za-z\d])")),  # passports of China and others
    ("code", re.compile(r"\A\s*\d{4,8}\s*\Z")),
)
_SUBSCRIBER_PART: Final = 10_000_000_000


def personal(event: Event) -> str:
    """What the event seems to hold (``full number``, ``document number``, ``code``), or an empty text."""
    for value in (event.reason, event.actor, *_values(event.data)):
        if isinstance(value, str) and (found := shape(value)):
            return found
        if isinstance(value, int) and _is_msisdn(value):
            return "full number"
    return ""


def shape(text: str) -> str:
    """What a text seems to hold of what has no place in a log, or an empty text."""
    return next((name for name, pattern in _SHAPES if pattern.search(text)), "")


def _is_msisdn(value: int) -> bool:
    return value // _SUBSCRIBER_PART == COUNTRY_CODE


def _values(data: Any) -> Iterator[Any]:
    """Every name and every plain value inside a JSON value."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield name
            yield from _values(value)
    elif isinstance(data, list):
        for value in data:
            yield from _values(value)
    else:
        yield data
