"""One mobile number, as typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lastcall.core.errors import BadInput
from lastcall.core.numbers.msisdn import parse_msisdn


class NumberForm(forms.Form):
    """One mobile number; cleaned to the integer of its E.164 digits."""

    number = forms.CharField(max_length=64, error_messages={"required": _("Enter a number.")})

    def clean_number(self) -> int:
        """The number, or the words that say what to do about it."""
        return taken_number(self.cleaned_data["number"])


def taken_number(text: str) -> int:
    """The number in ``text``. Raises ``ValidationError`` with the words that say what to do about it."""
    try:
        return parse_msisdn(text)
    except BadInput as trouble:
        raise forms.ValidationError(_NUMBER_ERRORS[trouble.code], code=trouble.code) from None


_NUMBER_ERRORS = {
    "malformed_number": _("This is not a mobile number. Write it with +7 and ten digits."),
    "foreign_number": _("This is not a Russian number. Enter the number of a Russian line, beginning with +7."),
}
