"""What is typed at the counter. Document numbers are compared and kept nowhere, also not by the page."""

from __future__ import annotations

import re
from typing import Any, Final

import iso3166
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lastcall.core import clock
from lastcall.core.counter.words import PURPOSES
from lastcall.core.counter.zone import read_zone
from lastcall.core.errors import BadInput
from lastcall.doors.desk.presenters.trouble import trouble

_TYPED: Final = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
KINDS: Final = (
    ("foreign_passport", _("Passport of another country")),
    ("ru_passport", _("Russian passport")),
    ("residence_permit", _("Residence permit")),
    ("refugee_certificate", _("Refugee certificate")),
    ("other", _("Another document")),
)


class NextForm(forms.Form):
    """Whom to call next; nothing chosen is anybody."""

    purposes = forms.MultipleChoiceField(
        label=_("What for"), required=False, choices=tuple(PURPOSES.items()), widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Language"), required=False, choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )


class WindowForm(forms.Form):
    """The window at which the clerk sits."""

    window = forms.CharField(
        label=_("Window"), max_length=3, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Choose your window first.")},
    )  # fmt: skip


class TransferForm(forms.Form):
    """Where a visitor is passed on to."""

    purpose = forms.ChoiceField(label=_("What for"), choices=tuple(PURPOSES.items()))
    window = forms.ChoiceField(label=_("Window"), required=False)

    def __init__(self, *args: Any, windows: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["window"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Any window")), *((window, window) for window in windows)]


class IdentifyForm(forms.Form):
    """Number and document, machine-read or typed; with two lines from the reader nothing else of the document is needed."""

    msisdn = forms.CharField(
        label=_("Number of the line"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        error_messages={"required": _("Type the number of the line.")},
    )  # fmt: skip
    zone = forms.CharField(
        label=_("Passport reader"), max_length=200, required=False,
        help_text=_("Both lines with the signs <<<, as the reader types them."),
        widget=forms.Textarea(attrs=_TYPED | {"rows": 2}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Document"), choices=KINDS, required=False)
    state = forms.CharField(
        label=_("State as in the passport"), max_length=3, required=False, widget=forms.TextInput(attrs=_TYPED),
        help_text=_("Three letters, such as CHN or UZB. Not needed for a Russian passport."),
    )  # fmt: skip
    document = forms.CharField(
        label=_("Number of the document"), max_length=64, required=False, widget=forms.TextInput(attrs=_TYPED)
    )
    declares = forms.BooleanField(label=_("The visitor declares here that the line shall end"), required=False)
    declared_before = forms.BooleanField(
        label=_("The visitor declared it before, on the web or by phone"), required=False
    )
    reference = forms.CharField(
        label=_("Reference, if the visitor has it"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """The document as (kind, issuer, number) under ``paper``."""
        given = super().clean() or {}
        if given.get("zone"):
            self._read_zone(given)
        elif not given.get("document"):
            self.add_error(
                "document", forms.ValidationError(_("Read the passport, or type the number of the document."))
            )
        else:
            kind = given.get("kind") or KINDS[0][0]
            given["paper"] = (kind, self._issuer(kind, given.get("state", "")), given["document"])
        return given

    def _read_zone(self, given: dict[str, Any]) -> None:
        try:
            read = read_zone(given["zone"], today=clock.now().date())
        except BadInput as refused:
            self.add_error("zone", forms.ValidationError(trouble(refused.code), code=refused.code))
        else:
            given["paper"] = (read.kind, read.issuer, read.number)

    def _issuer(self, kind: str, state: str) -> str:
        """ISO 3166 alpha-2 of the state as typed: three letters, two, or Germany's one (ICAO Doc 9303 part 3, section 5)."""
        if not state and kind != "foreign_passport":
            return "RU"
        code = state.strip().upper()
        found = iso3166.countries_by_alpha3.get("DEU" if code == "D" else code) or iso3166.countries_by_alpha2.get(code)
        if found is None:
            self.add_error("state", forms.ValidationError(trouble("bad_country"), code="bad_country"))
            return ""
        return str(found.alpha2)

    def forget_document(self) -> None:
        """What was typed of the document does not come back with the page."""
        self.data = {name: text for name, text in self.data.items() if name not in {"zone", "document"}}


class PayForm(forms.Form):
    """A payment: the amount that was shown, how it was paid, and what tells this form from the next."""

    amount = forms.IntegerField(min_value=1)
    means = forms.ChoiceField(choices=(("cash", ""), ("card", "")))
    key = forms.RegexField(r"[0-9A-Z]{16,40}")


CUSTODIES: Final = (
    ("collected", _("Taken in")),
    ("destroyed", _("Destroyed before the visitor's eyes")),
    ("subscriber", _("The subscriber keeps it")),
)


class SimForm(forms.Form):
    """What becomes of the SIM; a card that is handed over is read or typed in."""

    custody = forms.ChoiceField(
        label=_("What becomes of the SIM?"), choices=CUSTODIES, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of the SIM.")},
    )  # fmt: skip
    iccid = forms.CharField(
        label=_("Number on the card (ICCID)"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("Scan or type all digits. Not needed when the subscriber keeps it."),
    )  # fmt: skip
    pin_removed = forms.BooleanField(label=_("The PIN is off"), required=False)
    use_required_attribute = False

    def clean_iccid(self) -> str:
        """Digits as typed, without what a scanner adds."""
        return re.sub(r"[\x00-\x1f]", "", self.cleaned_data["iccid"])


class PaperForm(forms.Form):
    """How the signed statement comes: scanned, or drawn on the screen."""

    way = forms.ChoiceField(choices=(("scan", ""), ("drawn", "")), required=False)
    paper = forms.FileField(label=_("Scan of the signed statement"), required=False)
