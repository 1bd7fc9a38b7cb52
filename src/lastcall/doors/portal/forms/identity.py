"""Showing who one is: kind of document, country, where the code goes, the number, the code. One form a page."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lastcall.core.errors import BadInput
from lastcall.core.subscribers.inputs import parse_country, parse_document_number
from lastcall.core.typed_text import plain
from lastcall.doors.portal.forms.choices import Option
from lastcall.doors.portal.presenters.trouble import trouble

KINDS: Final = (
    Option("foreign_passport", _("Passport of another country"), _("The one that was shown when the line was bought.")),
    Option("ru_passport", _("Russian passport"), _("The internal one.")),
    Option("residence_permit", _("Residence permit")),
    Option("refugee_certificate", _("Refugee certificate")),
    Option("other", _("Another document"), _("The one that is named in the agreement.")),
)
NO_KIND: Final = _("Choose the kind of document.")
CHANNELS: Final = (
    Option(
        "line",
        _("To the line that is to be closed"),
        _("A text message. Choose this when its SIM is in a phone and works."),
    ),
    Option("sms", _("To another phone of yours that we have on file"), _("A text message.")),
    Option("mail", _("To an e-mail address of yours that we have on file")),
)
NO_CHANNEL: Final = _("Choose where the code shall go.")


class CountryForm(forms.Form):
    """Which country gave the document: chosen from the list."""

    country = forms.CharField(
        max_length=8, error_messages={"required": _("Choose the country that gave you the document.")}
    )
    use_required_attribute = False

    def clean_country(self) -> str:
        """Its ISO 3166 alpha-2 code."""
        try:
            return parse_country(self.cleaned_data["country"])
        except BadInput as refused:
            raise forms.ValidationError(trouble(refused.code), code=refused.code) from None


class NumberOfDocumentForm(forms.Form):
    """The number of a document of ``kind``. It is checked for its form only, and kept nowhere."""

    document = forms.CharField(max_length=64, error_messages={"required": _("Enter the number of the document.")})
    use_required_attribute = False

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_document(self) -> str:
        """As the core compares it."""
        try:
            return parse_document_number(self.kind, self.cleaned_data["document"])
        except BadInput as refused:
            raise forms.ValidationError(trouble(refused.code), code=refused.code) from None


class CodeForm(forms.Form):
    """The one-time code of ``digits`` digits; spaces, dashes and full-width digits are taken too."""

    code = forms.CharField(max_length=64, error_messages={"required": _("Enter the code.")})
    use_required_attribute = False

    def __init__(self, *args: Any, digits: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.digits = digits

    def clean_code(self) -> str:
        """Its digits alone. A code of another length is not tried, so it costs no try."""
        code = re.sub(r"[\s\-]", "", plain(self.cleaned_data["code"]))
        if not re.fullmatch(f"[0-9]{{{self.digits}}}", code):
            words = ngettext(
                "The code has %(n)d digit. Type it again.", "The code has %(n)d digits. Type it again.", self.digits
            )
            raise forms.ValidationError(words % {"n": self.digits}, code="malformed_code")
        return code

    def refuse(self, tries_left: int) -> None:
        """Say that it was not accepted: the same words whatever was wrong."""
        words = gettext(
            "This did not work: the code, or what you gave before it, does not agree with what we have on file."
        )
        left = ngettext("You have %(n)d more try.", "You have %(n)d more tries.", tries_left) % {"n": tries_left}
        self.add_error("code", forms.ValidationError(f"{words} {left}", code="not_accepted"))
