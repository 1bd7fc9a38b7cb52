"""The reference of an order or a paper behind what staff ask for: enough to find it again, nothing personal."""

from __future__ import annotations

import re
from typing import Final

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.errors import BadInput

_REFERENCE: Final = re.compile(r"(?=.*\d)\w[\w ./№-]{2,39}")


def order_reference(text: str) -> str:
    """``text`` without spaces around it, if it is a reference: 3 to 40 signs with a digit, no phone number, no document number.

    Raises ``BadInput`` (``bad_reference``).
    """
    words = text.strip()
    seen = Event(at=clock.now(), kind="", subject="", subject_id=0, actor="", door="", reason=words)
    if not _REFERENCE.fullmatch(words) or personal(seen):
        raise BadInput(
            "this is not an order's reference", code="bad_reference",
            remedy="Give the order's own reference, 3 to 40 letters, digits and dashes; never a phone number or a name.",
        )  # fmt: skip
    return words
