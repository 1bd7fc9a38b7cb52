"""The forms about members and shops."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lastcall.core.staff.shop import Shop
from lastcall.doors.desk.people.words import ROLES


class RolesForm(forms.Form):
    """What a member is and where they work."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), widget=forms.CheckboxSelectMultiple, choices=tuple(ROLES.items())
    )
    shop = forms.ChoiceField(label=_("Shop"), required=False, help_text=_("A clerk needs one."))

    def __init__(self, *args: object, shops: Iterable[Shop], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        shop = self.fields["shop"]
        assert isinstance(shop, forms.ChoiceField)
        shop.choices = [("", _("None")), *((one.code, one.name) for one in shops)]


class JoinForm(RolesForm):
    """A new member."""

    login = forms.CharField(
        label=_("Login"), max_length=64, help_text=_("Latin letters; it cannot be changed or given to anybody else later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    language = forms.ChoiceField(label=_("Language"), choices=tuple(settings.LANGUAGES))
    field_order = ("login", "name", "language", "roles", "shop")


class ShopForm(forms.Form):
    """A new shop, or a new name for one."""

    code = forms.CharField(
        label=_("Code"), max_length=32, help_text=_("Small Latin letters, digits and dashes; part of addresses."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name of the shop"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
