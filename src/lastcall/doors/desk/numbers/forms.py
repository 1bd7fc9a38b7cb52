"""The number room's forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from lastcall.core.errors import BadInput
from lastcall.core.numbers.msisdn import parse_msisdn
from lastcall.doors.desk.numbers.words import EARLY_REASONS, REASONS, RESOLUTIONS, Words

_NOT_A_NUMBER: Final = {
    "malformed_number": _("This is not a mobile number. Write it with +7 and ten digits."),
    "foreign_number": _("This is not a Russian number. Enter the number of a Russian line, beginning with +7."),
}
_CHOOSE: Final = _("Choose one of the reasons.")


def _choices(words: Mapping[str, Words]) -> list[tuple[str, Words]]:
    return [("", _("Choose")), *words.items()]


def _one_of(label: Any, words: Mapping[str, Words], none: Any) -> forms.ChoiceField:
    errors = {"required": none, "invalid_choice": none}
    return forms.ChoiceField(label=label, choices=_choices(words), error_messages=errors)


class SearchForm(forms.Form):
    """A whole number and why it is looked at; nothing is found by a part of one."""

    number = forms.CharField(
        label=_("Number"), max_length=64, help_text=_("The whole number."),
        error_messages={"required": _("Enter a number.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    reason = _one_of(_("Reason"), REASONS, _CHOOSE)

    def clean_number(self) -> int:
        """The integer of the number's E.164 digits, or the words that say what to do about it."""
        try:
            return parse_msisdn(self.cleaned_data["number"])
        except BadInput as trouble:
            raise forms.ValidationError(_NOT_A_NUMBER[trouble.code], code=trouble.code) from None


class EarlyForm(forms.Form):
    """Why a quarantine shall end early, and the order that asks for it."""

    reason = _one_of(_("Reason"), EARLY_REASONS, _CHOOSE)
    reference = forms.CharField(
        label=_("Reference of the order"), max_length=40,
        help_text=_("As it stands on the order. Never a name or a phone number."),
        error_messages={"required": _("Enter the order's reference.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class DecideForm(forms.Form):
    """What is done with a request; ``request`` is the one that was shown."""

    request = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[(word, word) for word in ("approve", "refuse", "take_back")])


class ResolveForm(forms.Form):
    """How an alert came to its end."""

    how = _one_of(_("How"), RESOLUTIONS, _("Choose how it was resolved."))
