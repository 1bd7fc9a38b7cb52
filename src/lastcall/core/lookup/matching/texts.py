"""Comparing names and addresses as people write them, and how alike two texts are."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import JaroWinkler

from lastcall.core.lookup.matching.result import NOT_AVAILABLE, Result, of
from lastcall.core.subscribers.inputs import name_key
from lastcall.core.typed_text import plain

LONGEST: Final = 1000
"""What is longer than this matches nothing on file; its score is that of its beginning."""
_HIGHEST: Final = 99


def compare_name(given: str, held: Sequence[str]) -> Result:
    """A complete name against its spellings on file.

    The order of its parts is not looked at, for it varies by country; case, diacritics, punctuation and spaces between the
    parts are no difference. Letters of different scripts cannot be compared: where nothing on file is written in a script of
    the given name, the answer is ``not_available``, for a ``false`` would be a guess.
    """
    scripts = _scripts(given)
    comparable = [name for name in held if not scripts or scripts & _scripts(name)]
    if not comparable:
        return NOT_AVAILABLE
    asked, keys = name_key(given[:LONGEST]), [name_key(name) for name in comparable]
    matches = any([_one_name(asked, key) for key in keys]) and len(given) <= LONGEST
    return of(matches, max(max(score(asked, key), score(_sorted(asked), _sorted(key))) for key in keys))


def compare_mail(given: str, held: Sequence[str]) -> Result:
    """A mail address against those on file. Capitals are no difference (RFC 5321, 2.4 lets the local part differ; no host does)."""
    if not held:
        return NOT_AVAILABLE
    asked, addresses = plain(given[:LONGEST]).casefold(), [plain(address).casefold() for address in held]
    return of(asked in addresses and len(given) <= LONGEST, max(score(asked, address) for address in addresses))


def score(left: str, right: str) -> int:
    """How alike two texts are, 0 to 99, by Jaro and Winkler (KYC Match 0.4.0, "Match Score"); 100 is said by ``true``."""
    return min(int(JaroWinkler.similarity(left, right) * 100), _HIGHEST)


def _one_name(left: str, right: str) -> bool:
    return bool(left) and (left.replace(" ", "") == right.replace(" ", "") or _sorted(left) == _sorted(right))


def _sorted(key: str) -> str:
    return " ".join(sorted(key.split()))


def _scripts(text: str) -> frozenset[str]:
    """The scripts of its letters, as the first word of each letter's Unicode name: LATIN, CYRILLIC, CJK."""
    letters = filter(str.isalpha, unicodedata.normalize("NFKC", text[:LONGEST]))
    return frozenset(unicodedata.name(letter, "OTHER").partition(" ")[0] for letter in letters)
