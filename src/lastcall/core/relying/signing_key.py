"""A key of this installation: it signs access tokens and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Json, Row, table, unique


@table(
    "relying",
    constraints=(
        unique("signing_key_kid", "kid"),
        unique("signing_key_one_in_use", "use", where=models.Q(retired_at__isnull=True)),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey(Row):
    """``kid``: the key's thumbprint (RFC 7638); ``sealed``: the private JWK; ``public``: what is published, also when retired."""

    id: int
    use: str
    kid: str
    sealed: str
    public: Json
    created_at: datetime
    retired_at: datetime | None = None
