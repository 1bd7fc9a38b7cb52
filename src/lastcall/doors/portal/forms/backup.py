"""The secret of a backup, as typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lastcall.core.typed_text import plain


class BackupForm(forms.Form):
    """The secret that stood on the screen at the counter."""

    secret = forms.CharField(max_length=64, error_messages={"required": _("Enter the secret from the counter.")})

    def clean_secret(self) -> str:
        """As typed, made plain: full-width letters and other dashes are taken too."""
        return plain(self.cleaned_data["secret"])
