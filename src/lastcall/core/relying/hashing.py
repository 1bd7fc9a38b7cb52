"""A number as a keyed hash: whoever shares the key can name a number without writing it down."""

from __future__ import annotations

import hmac


def number_hash(key: bytes, msisdn: int) -> str:
    """HMAC-SHA256 (RFC 2104) under ``key`` over the number as ``+`` and its digits in ASCII, as 64 hexadecimal digits."""
    return hmac.digest(key, b"+%d" % msisdn, "sha256").hex()
