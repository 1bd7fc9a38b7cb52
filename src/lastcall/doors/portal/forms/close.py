"""The declaration as it is typed: five fields, of which only the number is needed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.rows import Json
from lastcall.core.subscribers.inputs import parse_contact, parse_date
from lastcall.doors.portal.forms.number import taken_number

IDENTITIES: Final = ("holder", "representative")
ENDS: Final = ("asap", "day")
_FURTHEST: Final = timedelta(days=366)
"""A day beyond it is far more often a slip in the year than a wish."""

_ERRORS: Final = {
    "malformed_date": _("This cannot be read as a date. Write it like one of the examples."),
    "impossible_date": _("This day is in no calendar. Check day and month."),
    "end_in_the_past": _("This day is over. Choose today or a later day."),
    "end_too_far": _("This day is more than a year away. Check the year."),
    "end_date_missing": _("Enter the day on which the line shall end, or choose “as soon as possible”."),
    "malformed_contact": _(
        "This is neither an e-mail address nor a phone number. Write name@example.org, or a number with + and country code, or "
        "leave it empty."
    ),
    "not_in_range": _("This number is given to no operator in the public register. Check each digit."),
    "bad_choice": _("Choose one of the answers."),
}


class CloseForm(forms.Form):
    """``line``: the number; ``identity``, ``end``: one of the answers; ``end_date``, ``contact``: may be empty."""

    line = forms.CharField(max_length=64, error_messages={"required": _("Enter the number of the line.")})
    identity = forms.ChoiceField(
        choices=[(name, name) for name in IDENTITIES],
        required=False,
        error_messages={"invalid_choice": _ERRORS["bad_choice"]},
    )
    end = forms.ChoiceField(
        choices=[(name, name) for name in ENDS],
        required=False,
        error_messages={"invalid_choice": _ERRORS["bad_choice"]},
    )
    end_date = forms.CharField(max_length=64, required=False)
    contact = forms.CharField(max_length=320, required=False)

    def clean_line(self) -> int:
        """The number as an integer."""
        return taken_number(self.cleaned_data["line"])

    def clean_end_date(self) -> date | None:
        """The day, or None when none was typed."""
        if not self.cleaned_data["end_date"]:
            return None
        try:
            day = parse_date(self.cleaned_data["end_date"])
        except BadInput as trouble:
            raise _refused(trouble.code) from None
        today = timezone.localdate(clock.now())
        if day < today:
            raise _refused("end_in_the_past")
        if day > today + _FURTHEST:
            raise _refused("end_too_far")
        return day

    def clean_contact(self) -> str:
        """As typed; it can be read."""
        if typed := self.cleaned_data["contact"]:
            try:
                parse_contact(typed)
            except BadInput as trouble:
                raise _refused(trouble.code) from None
        return str(typed)

    def clean(self) -> dict[str, Any]:
        """A day is needed where it was chosen."""
        given = super().clean() or self.cleaned_data
        if given.get("end") == "day" and "end_date" in given and given["end_date"] is None:
            self.refuse("end_date", "end_date_missing")
        return given

    def refuse(self, field: str, code: str) -> None:
        """Say of ``field`` what is wrong by ``code``."""
        self.add_error(field, _refused(code))

    @property
    def given(self) -> Json:
        """What a draft is made of. A day that was typed is meant, whatever is chosen beside it."""
        answers = self.cleaned_data
        return {
            "msisdn": answers["line"],
            "identity": answers["identity"] or "holder",
            "end_day": answers["end_date"].isoformat() if answers["end_date"] else "",
            "contact": answers["contact"],
        }


def _refused(code: str) -> forms.ValidationError:
    return forms.ValidationError(_ERRORS[code], code=code)
