"""When to be called, and in which language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CallForm(forms.Form):
    """``start``: the beginning of one of the ``starts`` (ISO 8601); ``language``: of the call."""

    start = forms.ChoiceField(
        error_messages={
            "required": _("Choose a time."),
            "invalid_choice": _("This time can no longer be booked. Choose another one."),
        }
    )
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choose a language."), "invalid_choice": _("Choose a language.")},
    )
    use_required_attribute = False

    def __init__(self, *args: Any, starts: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["start"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(start, start) for start in starts]
