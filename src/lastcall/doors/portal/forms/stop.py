"""The number and the word from our notice, as typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lastcall.core.typed_text import plain
from lastcall.doors.portal.forms.number import taken_number


class StopForm(forms.Form):
    """``number``: of the line; ``word``: from our notice."""

    number = forms.CharField(max_length=64, error_messages={"required": _("Enter the number of your line.")})
    word = forms.CharField(max_length=64, error_messages={"required": _("Enter the word from our message.")})

    def clean_number(self) -> int:
        """The number as an integer."""
        return taken_number(self.cleaned_data["number"])

    def clean_word(self) -> str:
        """As typed, made plain: full-width letters and other dashes are taken too."""
        return plain(self.cleaned_data["word"])
