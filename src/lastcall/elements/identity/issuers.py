"""The issuing states of machine-readable documents: ISO 3166 alpha-3, and ICAO's own codes (Doc 9303 part 3, section 5)."""

from __future__ import annotations

from typing import Final

import iso3166

_GERMANY: Final = "D"
_NOT_OF_ISO: Final = frozenset({
    "EUE", "GBD", "GBN", "GBO", "GBP", "GBS", "RKS", "UNA", "UNK", "UNO", "UTO", "XAA", "XBA",
    "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM", "XMP", "XOM", "XPO", "XXA", "XXB", "XXC",
    "XXX",
})  # fmt: skip


def alpha_2(code: str) -> str:
    """The ISO 3166 alpha-2 code of an issuer; empty for organisations, special codes and what is none."""
    if code == _GERMANY:
        return "DE"
    country = iso3166.countries_by_alpha3.get(code)
    return "" if country is None or code in _NOT_OF_ISO else country.alpha2


def is_known(code: str) -> bool:
    """Whether a document may have this code at all."""
    return code in _NOT_OF_ISO or bool(alpha_2(code))
