"""Forms that ask one question with a few answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Option:
    """One answer; ``hint``: what it means."""

    value: str
    label: Words
    hint: Words = ""


class OneOf(forms.Form):
    """``answer``: the value of one of ``options``; ``none``: what is said when nothing was chosen."""

    answer = forms.ChoiceField(widget=forms.RadioSelect)
    use_required_attribute = False

    def __init__(self, *args: Any, options: Iterable[Option], none: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = tuple(options)
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(option.value, str(option.label)) for option in self.options]
        field.error_messages = {"required": str(none), "invalid_choice": str(none)}

    @property
    def chosen(self) -> str:
        """The answer of a valid form."""
        return str(self.cleaned_data["answer"])


class SomeOf(forms.Form):
    """``answer``: the values of any of ``options``."""

    answer = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    use_required_attribute = False

    def __init__(self, *args: Any, options: Iterable[Option], none: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = tuple(options)
        field = self.fields["answer"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(option.value, str(option.label)) for option in self.options]
        field.error_messages = dict.fromkeys(("required", "invalid_choice", "invalid_list"), str(none))

    @property
    def chosen(self) -> tuple[str, ...]:
        """The answers of a valid form."""
        return tuple(self.cleaned_data["answer"])
