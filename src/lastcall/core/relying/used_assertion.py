"""An assertion that was used: it is remembered until it expires, so that it works once (RFC 7523, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, table


@table(
    "relying",
    key=("consumer_id", "jti_hash"),
    indexes=(models.Index(fields=["expires_at"], name="used_assertion_due"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class UsedAssertion(Row):
    """``jti_hash``: keyed hash of the assertion's ``jti``, which may be as long as the consumer likes."""

    consumer_id: int
    jti_hash: str
    expires_at: datetime
