"""What the figures shall be about."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lastcall.core.errors import BadInput
from lastcall.doors.desk.figures.words import DOORS

PERIODS: Final = (7, 28, 92)
USUAL: Final = 28
_ASKED: Final = ("portal", "store", "hotline", "text", "post", "api", "command")


class Choice(forms.Form):
    """A period, and one door and one shop or all."""

    days = forms.TypedChoiceField(label=_("Period"), coerce=int, required=False)
    door = forms.ChoiceField(label=_("Door"), required=False)
    shop = forms.ChoiceField(label=_("Shop (queues)"), required=False)

    def __init__(self, *args: Any, shops: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        periods = [(days, ngettext("last %(n)s day", "last %(n)s days", days) % {"n": days}) for days in PERIODS]
        self.fields["days"].choices = periods  # type: ignore[attr-defined]
        self.fields["door"].choices = [("", _("all doors")), *((door, DOORS[door]) for door in _ASKED)]  # type: ignore[attr-defined]
        self.fields["shop"].choices = [("", _("all shops")), *shops]  # type: ignore[attr-defined]


def chosen(request: HttpRequest, shops: tuple[tuple[str, str], ...]) -> tuple[int, str, str]:
    """Days, door and shop of the address. Raises ``BadInput`` (``bad_choice``) for what is in no list."""
    form = Choice(request.GET, shops=shops)
    if not form.is_valid():
        raise BadInput("no such choice", code="bad_choice", remedy="Choose from the lists.")
    return form.cleaned_data["days"] or USUAL, form.cleaned_data["door"], form.cleaned_data["shop"]
