"""The forms of the break-glass."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lastcall.core.staff.break_glass import MOST_LETTERS
from lastcall.doors.desk.glass.words import REASONS


class AskForm(forms.Form):
    """Which file, and why it cannot wait."""

    reference = forms.CharField(
        label=_("Reference of the case"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("Reason"), choices=(("", ""), *REASONS.items()))
    words = forms.CharField(
        label=_("What it is about"), max_length=MOST_LETTERS * 2, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Without names, numbers or documents. The second person and the auditor read it."),
    )  # fmt: skip
