"""What a reviewer chooses: a decision's coded reason, always for the case as the page showed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Choice = tuple[str, str | Promise]


class Seen(forms.Form):
    """``revision``: of the case as it was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    use_required_attribute = False


class ChoiceForm(Seen):
    """One of ``choices``, which are codes with their words; ``missing``: what to say when none was chosen."""

    choice = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, choices: Sequence[Choice], missing: str | Promise, label: str | Promise, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices, field.label = list(choices), str(label)
        field.error_messages |= {"required": str(missing), "invalid_choice": str(missing)}


class HandOverForm(forms.Form):
    """To whom, and why."""

    to = forms.ChoiceField(label=_("To"), error_messages={"required": _("Choose a colleague who reviews."),
                                                          "invalid_choice": _("Choose a colleague who reviews.")})  # fmt: skip
    reason = forms.ChoiceField(label=_("Why"), error_messages={"required": _("Choose one of the reasons."),
                                                               "invalid_choice": _("Choose one of the reasons.")})  # fmt: skip
    use_required_attribute = False

    def __init__(self, *args: Any, colleagues: Sequence[Choice], reasons: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("to", colleagues), ("reason", reasons)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", ""), *choices]
