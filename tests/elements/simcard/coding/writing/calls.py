"""Records of EF_ICI and EF_OCI written (3GPP TS 31.102, 4.2.33 and 4.2.34)."""

from __future__ import annotations

from datetime import datetime, timedelta

from .digits import encode_digits
from .records import encode_number_record


def encode_call(
    name: str, number: str, *, room_alpha: int, at: datetime | None, seconds: int | None, answered: bool | None = None
) -> bytes:
    """One record; ``answered``: None of a call that was made. ``at`` may have no offset."""
    head = encode_number_record(name, number, room_alpha=room_alpha)
    lasted = b"\xff" * 3 if seconds is None else seconds.to_bytes(3, "big")
    status = b"" if answered is None else bytes([answered])
    return head + encode_time(at) + lasted + status + b"\xff" * 3


def encode_time(at: datetime | None) -> bytes:
    """Seven octets, as TP-SCTS has them."""
    if at is None:
        return b"\xff" * 7
    return encode_digits(f"{at:%y%m%d%H%M%S}") + _offset(at.utcoffset())


def _offset(offset: timedelta | None) -> bytes:
    if offset is None:
        return b"\xff"
    quarters = abs(offset) // timedelta(minutes=15)
    sign = 0x08 if offset < timedelta(0) else 0
    return bytes([(quarters % 10) << 4 | sign | quarters // 10])
