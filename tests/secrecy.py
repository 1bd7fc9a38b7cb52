"""Looking for a secret where it must not stand."""

from __future__ import annotations

import re


def stands_in(word: str, text: str) -> bool:
    """Whether ``word`` stands in ``text`` as a word of its own.

    Inside a longer run of letters and digits it is there by chance: an id of eighteen random digits holds a given PIN of four in
    one case out of seven hundred.
    """
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])", text) is not None
