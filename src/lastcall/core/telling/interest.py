"""The interest: a relying party wants to be told what happens to one number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

_OPEN = models.Q(ended_at__isnull=True)


@table(
    "telling",
    references={"hash_key_id": "telling.HashKey"},
    constraints=(
        unique("interest_once_while_open", "consumer_id", "number_key", where=_OPEN),
        holds(
            "interest_hashed_under_a_key",
            models.Q(hashed=True, hash_key_id__isnull=False) | models.Q(hashed=False, hash_key_id__isnull=True),
        ),
    ),
    indexes=(
        models.Index(fields=["number_key"], name="interest_number", condition=_OPEN),
        models.Index(fields=["consumer_id", "id"], name="interest_of_consumer", condition=_OPEN),
        models.Index(fields=["ended_at"], name="interest_ended", condition=~_OPEN),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Interest(Row):
    """``number_key``: what the number is known by. A number given plainly is kept as a hash under this installation's own key, for
    nothing more is needed to know it again when something happens to it, and a list of a bank's customers is worth stealing;
    a number given as a hash (``hashed``) is kept as it came, with the key of the consumer's that it was made with.

    ``reference``: the consumer's own word for it, told back with each announcement.
    """

    id: int
    consumer_id: int
    number_key: str
    hashed: bool
    hash_key_id: int | None
    since: datetime
    ended_at: datetime | None = None
    reference: str = ""


@table(
    "telling",
    constraints=(unique("hash_key_once", "consumer_id", "mark"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class HashKey(Row):
    """A consumer's key for hashing numbers, as it was when interests were registered under it, sealed.

    Kept here as long as an interest needs it: a consumer that rotates its key loses none of its interests by that.
    ``mark``: tells keys apart without telling them.
    """

    id: int
    consumer_id: int
    mark: str
    sealed_key: str
    since: datetime
