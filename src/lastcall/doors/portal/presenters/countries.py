"""Countries by name in the reader's language, for a list to choose from."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OFTEN: Final = ("CN", "KZ", "UZ", "KG", "TJ", "BY", "AM", "AZ", "IN", "VN", "TR", "RU")
"""Shown first: where most foreign holders of Russian lines come from."""
_NAMES_IN: Final = {"zh-hans": "zh", "ru": "ru", "en": "en"}
_SCRIPTS: Final = {
    "zh-hans": re.compile("[\u4e00-\u9fff]"),
    "ru": re.compile("[А-Яа-яЁё]"),
    "en": re.compile("[A-Za-z]"),
}
# States that the table of phonenumbers has no Russian (Samoa: no Chinese) name for.
_LACKING: Final[dict[str, Promise | str]] = {
    "AG": _("Antigua and Barbuda"),
    "CD": _("Congo (Kinshasa)"),
    "GD": _("Grenada"),
    "KN": _("Saint Kitts and Nevis"),
    "LC": _("Saint Lucia"),
    "ME": _("Montenegro"),
    "MH": _("Marshall Islands"),
    "MO": _("Macao"),
    "MV": _("Maldives"),
    "MW": _("Malawi"),
    "NR": _("Nauru"),
    "PS": _("Palestine"),
    "PW": _("Palau"),
    "RS": _("Serbia"),
    "SB": _("Solomon Islands"),
    "SM": _("San Marino"),
    "SS": _("South Sudan"),
    "ST": _("São Tomé and Príncipe"),
    "TL": _("Timor-Leste"),
    "TV": _("Tuvalu"),
    "VC": _("Saint Vincent and the Grenadines"),
    "WS": _("Samoa"),
}


@lru_cache(maxsize=3)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """All countries as (ISO 3166 alpha-2, name in ``language``), in the order in which its readers look them up."""
    from phonenumbers.geodata.locale import LOCALE_DATA  # a large table, loaded when a reader first needs it

    named = {code: _name(names, _NAMES_IN[language]) for code, names in LOCALE_DATA.items()}
    with translation.override(language):
        named |= {code: str(name) for code, name in _LACKING.items()}
    # A name in another script is one the table does not have: territories without passports of their own.
    readable = [
        (code, name) for code, name in named.items() if _SCRIPTS[language].search(name) and not name.startswith("*")
    ]
    return tuple(sorted(readable, key=lambda entry: _place(entry[1])))


def _name(names: dict[str, str], wanted: str) -> str:
    name = names.get(wanted, "")
    return names.get(name[1:], "") if name.startswith("*") else name  # "*aa": the same as in the language aa


def often(language: str) -> tuple[tuple[str, str], ...]:
    """Those of :data:`OFTEN`, in its order."""
    names = dict(countries(language))
    return tuple((code, names[code]) for code in OFTEN)


def country_name(code: str, language: str) -> str:
    """The name, or the code itself where none is known."""
    return dict(countries(language)).get(code, code)


def _place(name: str) -> bytes:
    # GB 18030 keeps the common Chinese characters in the order of their sounds, as a Chinese reader expects.
    return name.casefold().replace("ё", "е").encode("gb18030")
