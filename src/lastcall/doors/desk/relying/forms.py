"""The forms about relying parties and corrections."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from lastcall.core.relying import consumers
from lastcall.doors.desk.relying.words import AGREEMENTS, CATEGORIES, CORRECTIONS, PURPOSES, SCOPES

_MOST: Final = 2**31 - 1


def _count(label: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=_MOST, initial=initial,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Enter a whole number.")),
    )  # fmt: skip


def _agreed(name: str) -> forms.BooleanField:
    label: Any = AGREEMENTS[name]
    return forms.BooleanField(label=label, required=False)


def _one_of(label: Any, choices: Any, none: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Choose")), *choices.items()],
        error_messages={"required": none, "invalid_choice": none},
    )


class QuotasForm(forms.Form):
    """Agreements, and how much may be asked."""

    bulk = _agreed("bulk")
    told = _agreed("told")
    three_legged = _agreed("three_legged")
    requests_per_second = _count(_("Requests a second"), consumers.PER_SECOND)
    requests_per_day = _count(_("Requests a day"), consumers.PER_DAY)
    rows_per_day = _count(_("Rows a day"), consumers.ROWS_PER_DAY)


class CreateForm(QuotasForm):
    """A new party."""

    name = forms.CharField(
        label=_("Organisation"), max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off",}),
    )  # fmt: skip
    category = _one_of(_("Kind"), CATEGORIES, _("Choose what kind of organisation it is."))
    purpose = _one_of(_("Purpose"), PURPOSES, _("Choose what it asks for."))
    scopes = forms.MultipleChoiceField(
        label=_("May ask"),
        widget=forms.CheckboxSelectMultiple,
        choices=tuple(SCOPES.items()),
        error_messages={"required": _("Choose at least one.")},
    )
    sandbox = forms.BooleanField(label=_("Sandbox: invented numbers only"), required=False)


class CorrectionForm(forms.Form):
    """Why a closing shall be put right, and the paper that says so."""

    reason = _one_of(_("Reason"), CORRECTIONS, _("Choose one of the reasons."))
    reference = forms.CharField(
        label=_("Reference of the paper"), max_length=40,
        help_text=_("As it stands on the paper. Never a name or a phone number."),
        error_messages={"required": _("Enter the paper's reference.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
