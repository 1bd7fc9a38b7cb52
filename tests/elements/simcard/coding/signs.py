"""Texts, numbers and times for property tests."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from hypothesis import strategies as st

from lastcall.elements.simcard.coding.tables import LOCKING, SINGLE

STEERING: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no decoded text may have in it; a line break alone may stand in a message."""

_NOT_SHOWN = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufff9\ufffa\ufffb\ufffe\uffff"
_NON_CHARACTERS = [chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)]

unicode_signs = st.characters(
    exclude_categories=("Cc", "Cs"),
    exclude_characters=[*_NOT_SHOWN, *map(chr, range(0xFDD0, 0xFDF0)), *_NON_CHARACTERS],
)
"""All that UCS-2 with surrogate pairs carries and people may see."""
bmp_signs = unicode_signs.filter(lambda sign: ord(sign) < 0x10000)
some_text = st.one_of(
    st.text(unicode_signs, max_size=60),
    st.text("你好李伟我的卡", max_size=60),
    st.text("Привет, Анна", max_size=60),
    st.text("🙂🇷🇺👩\u200d👧a", max_size=60),
)
dialled_numbers = st.one_of(
    st.from_regex(r"\+[0-9][0-9*#p?]{0,19}", fullmatch=True), st.from_regex(r"[0-9*#p?]{1,20}", fullmatch=True)
)


def _moment(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC).replace(tzinfo=None)


times = st.builds(
    lambda at, quarters: at.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters))),
    st.datetimes(min_value=_moment(1990, 1, 1), max_value=_moment(2089, 12, 31)),
    st.integers(-56, 56),
)
languages = st.tuples(st.sampled_from(sorted(LOCKING)), st.sampled_from(sorted(SINGLE)))


def signs_of(locking: int, single: int) -> str:
    """The signs that a pair of tables carries and a decoder gives back as they are."""
    signs = {*LOCKING[locking], *SINGLE[single].values()} - {"\x1b", "\r", "\f", "\ufffd"}
    return "".join(sorted(signs))
