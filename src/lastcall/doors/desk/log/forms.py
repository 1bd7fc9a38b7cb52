"""Which readings the auditor wants to see."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.words import LOOKED
from lastcall.doors.desk.people.words import ROLES


class FilterForm(forms.Form):
    """Everything may be left open."""

    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    role = forms.ChoiceField(label=_("Role"), required=False, choices=(("", _("All")), *ROLES.items()))
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=(("", _("All")), *LOOKED.items()))
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
