"""What an agent types. Nothing that was typed is shown again once it was taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.calls import words

_LONGEST = 200


class Typed(forms.CharField):
    """One line of text that the browser neither keeps nor completes."""

    def __init__(self, **how: Any) -> None:
        super().__init__(max_length=_LONGEST, **how)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class LanguageForm(forms.Form):
    """The language that the caller speaks."""

    language = forms.ChoiceField(label=_("Language of the caller"), choices=settings.LANGUAGES)


class NumberForm(forms.Form):
    """The number that the caller says."""

    number = Typed(label=_("The number"), help_text=_("Digit by digit, as the caller says it."))


class ReferenceForm(forms.Form):
    """The reference that the caller quotes."""

    reference = Typed(
        label=_("Reference"), help_text=_("The eight digits told on the phone, or the reference of the receipt.")
    )


class AnswerForm(forms.Form):
    """One answer. It may be empty: the caller does not know."""

    said = Typed(required=False)

    def __init__(self, *given: Any, question: str, with_channel: bool = False, **how: Any) -> None:
        super().__init__(*given, **how)
        label, hint = words.QUESTIONS[question]
        self.fields["said"].label, self.fields["said"].help_text = str(label), str(hint)
        if question == "code":
            self.fields["said"].widget.attrs["inputmode"] = "numeric"
        if with_channel:
            self.fields["channel"] = forms.ChoiceField(label=_("The code goes"), choices=list(words.CHANNELS.items()))


class OpenForm(LanguageForm):
    """A call that came past the menu."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SpokenForm(forms.Form):
    """The languages that the agent speaks."""

    speak = forms.MultipleChoiceField(
        label=_("Languages I speak"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class CallbackForm(forms.Form):
    """When to call back."""

    start = forms.ChoiceField(label=_("Day and time"))

    def __init__(self, *given: Any, times: list[tuple[str, str]], **how: Any) -> None:
        super().__init__(*given, **how)
        self.fields["start"].choices = times  # type: ignore[attr-defined]


class FinishForm(forms.Form):
    """How the call ended."""

    outcome = forms.ChoiceField(label=_("How the call ended"))

    def __init__(self, *given: Any, outcomes: tuple[str, ...], **how: Any) -> None:
        super().__init__(*given, **how)
        choices = [("", "–"), *((code, words.OUTCOMES[code]) for code in outcomes)]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
