"""What is entered from papers: the barcode of a cover sheet, and what a power of attorney or an heir's papers say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.subscribers.inputs import parse_country, parse_date, parse_document_number, parse_name
from lastcall.core.subscribers.subscriber import POWERS, REPRESENTATIVE_KINDS
from lastcall.doors.desk.files import words

T = TypeVar("T")


class BarcodeForm(forms.Form):
    """The one field that a scanner fills and sends with its own Enter."""

    barcode = forms.CharField(
        label=_("Barcode of the cover sheet"),
        help_text=_("Scan it, or type what is printed under it: LC1- and 16 letters and digits."),
        max_length=60,
        error_messages={"required": _("Scan the barcode, or type it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )
    use_required_attribute = False


class RepresentativeForm(forms.Form):
    """The papers of whoever acts for the holder, as they say it."""

    kind = forms.ChoiceField(
        label=_("Which papers"),
        choices=[(kind, words.REPRESENTATIVES[kind]) for kind in REPRESENTATIVE_KINDS],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose which papers these are."),
            "invalid_choice": _("Choose which papers these are."),
        },
    )
    name = forms.CharField(
        label=_("Name of whoever acts"), max_length=200, error_messages={"required": _("Enter the name.")}
    )
    document_kind = forms.ChoiceField(
        label=_("Their document"),
        choices=list(words.DOCUMENTS.items()),
        error_messages={
            "required": _("Choose the kind of document."),
            "invalid_choice": _("Choose the kind of document."),
        },
    )
    issuer = forms.CharField(
        label=_("Country of the document"), help_text=_("Two letters, such as RU or CN."), max_length=8, initial="RU",
        error_messages={"required": _("Enter the country's two letters.")},
    )  # fmt: skip
    number = forms.CharField(
        label=_("Number of the document"), max_length=64, error_messages={"required": _("Enter the number of the document.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    powers = forms.MultipleChoiceField(
        label=_("The papers give the power to"),
        choices=[(power, words.POWERS[power]) for power in POWERS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    notarised = forms.BooleanField(label=_("Certified by a notary"), required=False)
    valid_until = forms.CharField(
        label=_("Valid until"),
        help_text=_("A date such as 31.12.2026; empty when none is named."),
        max_length=20,
        required=False,
    )
    certificate = forms.CharField(
        label=_("Number of the death certificate"), help_text=_("For an heir only."), max_length=64, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    use_required_attribute = False

    def clean_name(self) -> str:
        """As the core keeps it."""
        return _parsed(parse_name, self.cleaned_data["name"], gettext("Enter the name as it stands in the document."))

    def clean_issuer(self) -> str:
        """Its ISO 3166 alpha-2 code."""
        return _parsed(parse_country, self.cleaned_data["issuer"], gettext("Enter the country's two letters."))

    def clean_valid_until(self) -> date | None:
        """A day, or None."""
        typed = self.cleaned_data["valid_until"]
        if not typed.strip():
            return None
        return _parsed(parse_date, typed, gettext("Enter a date such as 31.12.2026."))

    def clean(self) -> dict[str, Any]:
        """The number fits the kind of document, and an heir has a death certificate."""
        data = super().clean() or self.cleaned_data
        if data.get("number") and data.get("document_kind"):
            try:
                parse_document_number(data["document_kind"], data["number"])
            except BadInput:
                self.add_error("number", gettext("This is not the number of such a document. Type it again."))
        if data.get("kind") == "heir" and not data.get("certificate", "").strip():
            self.add_error("certificate", gettext("Enter the number of the death certificate."))
        if data.get("valid_until") and data["valid_until"] < clock.now().date():
            self.add_error("valid_until", gettext("These papers have run out."))
        return data


def _parsed(parse: Callable[[str], T], typed: str, words_if_not: str) -> T:
    try:
        return parse(typed)
    except BadInput as refused:
        raise forms.ValidationError(words_if_not, code=refused.code) from None
