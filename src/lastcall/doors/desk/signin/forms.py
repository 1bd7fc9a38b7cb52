"""The forms of the sign-in. What is typed here is never shown again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_PASSWORD = 256


def _secret(label: Any, *, complete: str, hint: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    return forms.CharField(label=label, help_text=hint, max_length=_PASSWORD, strip=False, widget=widget)


class EnterForm(forms.Form):
    """Login and password."""

    login = forms.CharField(
        label=_("Login"), max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = _secret(_("Password"), complete="current-password")

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).strip().lower()


class CodeForm(forms.Form):
    """The code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())


class PasswordTwice(forms.Form):
    """A new password, typed twice."""

    new = _secret(
        _("New password"),
        complete="new-password",
        hint=_("At least 12 characters. Several words are easy to remember."),
    )
    again = _secret(_("The same password again"), complete="new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two passwords differ."))
        return cleaned


class StartForm(PasswordTwice):
    """The word of a setting-up link with the new password."""

    word = forms.CharField(
        label=_("Setting-up code"), max_length=80, help_text=_("It stands in the link after the # sign."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    field_order = ("word", "new", "again")


class ChangeForm(PasswordTwice):
    """A new password for one that is known."""

    present = _secret(_("Present password"), complete="current-password")
    field_order = ("present", "new", "again")


class PasskeyForm(forms.Form):
    """What the browser answered when it made or used a passkey."""

    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name of this passkey"), max_length=60, required=False)
