"""What is typed at the reader: the pairing's code, a PIN, the PUK. None of it is ever shown again."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from lastcall.core.errors import BadInput
from lastcall.core.simcard.pin import check_pin, check_puk
from lastcall.core.typed_text import latin_look_alikes, plain

_PIN: Final = _("Type the PIN: four to eight digits.")
_PUK: Final = _("Type the PUK: the eight digits printed beside the card.")
_DIFFER: Final = _("The two new PINs differ.")
_LAST: Final = _("Say that you want to use the last try, or stop here.")


class PairForm(forms.Form):
    """The code that the desk shows; dashes, spaces and small letters do not matter."""

    code = forms.CharField(max_length=32, error_messages={"required": _("Type the code from the desk.")})
    use_required_attribute = False

    def clean_code(self) -> str:
        """In capitals, without what is only there for the eye."""
        typed = latin_look_alikes(plain(self.cleaned_data["code"]))
        return "".join(letter for letter in typed if letter.isalnum())


class _OpeningForm(forms.Form):
    """``risky``: whether one wrong word more may block the card, so that the person must say so."""

    last_try = forms.BooleanField(required=False)
    use_required_attribute = False

    def __init__(self, *args: Any, risky: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.risky = risky

    def clean_last_try(self) -> bool:
        """Said, where it has to be."""
        said = bool(self.cleaned_data["last_try"])
        if self.risky and not said:
            raise forms.ValidationError(_LAST)
        return said

    def _checked(self, name: str, words: Any) -> str:
        check = check_puk if name == "puk" else check_pin
        try:
            return check(plain(str(self.cleaned_data.get(name, ""))))
        except BadInput:
            raise forms.ValidationError(words) from None


class PinForm(_OpeningForm):
    """The card's PIN."""

    pin = forms.CharField(max_length=32, strip=False, required=False)
    field_order = ("pin", "last_try")

    def clean_pin(self) -> str:
        """Four to eight digits."""
        return self._checked("pin", _PIN)


class PukForm(_OpeningForm):
    """The PUK, and a new PIN twice."""

    puk = forms.CharField(max_length=32, strip=False, required=False)
    pin = forms.CharField(max_length=32, strip=False, required=False)
    repeated = forms.CharField(max_length=32, strip=False, required=False)
    field_order = ("puk", "pin", "repeated", "last_try")

    def clean_puk(self) -> str:
        """Eight digits."""
        return self._checked("puk", _PUK)

    def clean_pin(self) -> str:
        """Four to eight digits."""
        return self._checked("pin", _PIN)

    def clean_repeated(self) -> str:
        """The same again."""
        again = plain(str(self.cleaned_data["repeated"]))
        if "pin" in self.cleaned_data and again != self.cleaned_data["pin"]:
            raise forms.ValidationError(_DIFFER)
        return again
