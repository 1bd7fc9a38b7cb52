"""A declaration before it is made: what was typed, with the key that makes it one declaration however often it is sent.

It travels sealed twice: in a cookie, so that a page can be loaded again, and in the form that confirms it, so that of two tabs
each confirms what it shows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lastcall.core import clock
from lastcall.core.rows import Json
from lastcall.doors.screens.sealed import Kept, opened, sealed

FRESH: Final = timedelta(hours=24)
"""How long a draft may be confirmed as it is; an older one is asked again."""
_COOKIE: Final = Kept("lastcall_draft", "/close/", timedelta(hours=1))
_FORM: Final = "draft"
_KEY_BITS: Final = 160
_LAST_MINUTE: Final = time(23, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """``identity``: ``holder`` or ``representative``; ``end_day``: ISO 8601, empty for as soon as possible; ``contact``: as typed;
    ``key``: the idempotency key of the declaration; ``declared``: whether it was made."""

    msisdn: int
    identity: str
    end_day: str
    contact: str
    key: str
    declared: bool = False

    @property
    def requested_end(self) -> datetime | None:
        """The last minute of the chosen day where the operator is; None for as soon as possible."""
        if not self.end_day:
            return None
        return timezone.make_aware(datetime.combine(date.fromisoformat(self.end_day), _LAST_MINUTE))

    def typed(self) -> dict[str, str]:
        """What the form shows when it is asked again."""
        return {
            "line": f"+{self.msisdn}",
            "identity": self.identity,
            "end": "day" if self.end_day else "asap",
            "end_date": self.end_day,
            "contact": self.contact,
        }

    def same_words(self, other: Draft) -> bool:
        """Whether both say the same, whatever their keys."""
        return replace(self, key="", declared=False) == replace(other, key="", declared=False)


def drafted(given: Json, *, before: Draft | None) -> Draft:
    """The draft of a filled-in form. The same again after ``before``, not yet declared, keeps its key: it is one declaration."""
    new = Draft(**given, key=clock.token(_KEY_BITS))
    return before if before is not None and not before.declared and before.same_words(new) else new


def keep_draft(request: HttpRequest, response: HttpResponse, draft: Draft) -> None:
    """Keep the draft on this device for an hour."""
    _COOKIE.keep(request, response, asdict(draft))


def kept_draft(request: HttpRequest) -> Draft | None:
    """The draft that this device keeps, or None."""
    return _thawed(_COOKIE.read(request))


def seal_draft(draft: Draft) -> str:
    """The draft for the form that confirms it."""
    return sealed(_FORM, asdict(draft))


def open_draft(text: str) -> tuple[Draft | None, bool]:
    """The draft in a form, and whether it is fresh enough to be confirmed; None when it is none of ours."""
    value, since = opened(_FORM, text)
    return _thawed(value), since is not None and clock.now() - since <= FRESH


def _thawed(value: Json) -> Draft | None:
    """The draft, unless it was frozen by another release of ours, with other fields."""
    return Draft(**value) if value.keys() == {field.name for field in fields(Draft)} else None
