"""What a verified access token lets its bearer do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Access:
    """``scopes``: without the purpose; ``tenure_id`` and ``msisdn``: the line of a three-legged token, None in a two-legged one.

    ``sandbox``: nothing real may be answered; a three-legged token of a sandbox has a number and no tenure.
    """

    consumer_id: int
    name: str
    category: str
    scopes: frozenset[str]
    purpose: str
    tenure_id: int | None
    msisdn: int | None
    sandbox: bool
    expires_at: datetime
