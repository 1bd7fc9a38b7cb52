"""The reference and the secret of a receipt, as typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lastcall.core.typed_text import plain


class CaseForm(forms.Form):
    """The reference and the secret of a receipt."""

    reference = forms.CharField(max_length=64, error_messages={"required": _("Enter the reference from your receipt.")})
    secret = forms.CharField(max_length=64, error_messages={"required": _("Enter the secret from your receipt.")})

    def clean_reference(self) -> str:
        """As typed, made plain: full-width letters and other dashes are taken too."""
        return plain(self.cleaned_data["reference"])

    def clean_secret(self) -> str:
        """As typed, made plain."""
        return plain(self.cleaned_data["secret"])
