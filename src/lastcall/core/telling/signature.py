"""Signing deliveries by Standard Webhooks 1.0.0 (www.standardwebhooks.com): HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from lastcall.core import clock

PREFIX: Final = "whsec_"
_OCTETS: Final = 32


def new_secret() -> str:
    """A fresh secret, as its owner is shown it: ``whsec_`` and 32 random octets in base64."""
    return PREFIX + base64.b64encode(clock.current().random_bits(8 * _OCTETS).to_bytes(_OCTETS, "big")).decode()


def headers(*, event_id: str, body: bytes, at: datetime, secrets: Iterable[str]) -> dict[str, str]:
    """``webhook-id``, ``webhook-timestamp`` and ``webhook-signature`` (one ``v1,…`` for each secret, the newest first)."""
    stamp = str(int(at.timestamp()))
    signed = b".".join((event_id.encode(), stamp.encode(), body))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{_digest(secret, signed)}" for secret in secrets),
    }


def _digest(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
