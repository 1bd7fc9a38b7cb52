"""A public key of a consumer, by which it shows who it is (RFC 7523, ``private_key_jwt``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Json, Row, table, unique


@table(
    "relying",
    references={"consumer_id": "relying.Consumer"},
    constraints=(unique("consumer_key_once", "kid", where=models.Q(ended_at__isnull=True)),),
    indexes=(models.Index(fields=["consumer_id"], name="consumer_key_of"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerKey(Row):
    """``kid``: the key's thumbprint (RFC 7638); ``public``: the JWK. A consumer may have several at a time, to change them."""

    id: int
    consumer_id: int
    kid: str
    public: Json
    created_at: datetime
    ended_at: datetime | None = None
