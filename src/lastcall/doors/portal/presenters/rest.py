"""A longer rest of the number: how much longer it may be, and until when that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lastcall.core.closing.texts import moment
from lastcall.core.numbers.longer_rest import Choice
from lastcall.doors.portal.forms.choices import Option

NOTHING: Final = gettext_lazy("Choose how much longer.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen: so many more ``days``, and not before ``until`` can somebody else have the number."""

    days: int
    until: str


def options(choices: Iterable[Choice]) -> tuple[Option, ...]:
    """The times to choose from."""
    return tuple(_option(choice) for choice in choices)


def _option(choice: Choice) -> Option:
    label = ngettext("%(days)d day longer", "%(days)d days longer", choice.days) % {"days": choice.days}
    when = {"when": moment(choice.until)}
    return Option(str(choice.days), label, _("Somebody else can get the number on %(when)s at the earliest.") % when)


def chosen(choice: Choice) -> Chosen:
    """One of them, to be confirmed."""
    return Chosen(choice.days, moment(choice.until))
