"""Numbers that come as a hash: which of ours a single one stands for."""

from __future__ import annotations

from lastcall.core.lookup import sandbox
from lastcall.core.numbers.number import Number
from lastcall.core.relying import consumers
from lastcall.core.relying.access import Access
from lastcall.core.relying.hashing import number_hash as hash_of
from lastcall.core.store import Database


def number_of(database: Database, *, access: Access, number_hash: str) -> int | None:
    """The number that this consumer's hash stands for; None when it is no number that was ever held with us."""
    key = consumers.hash_key(database, access.consumer_id)
    if access.sandbox:
        return next((msisdn for msisdn in sandbox.LIVES if hash_of(key, msisdn) == number_hash), None)
    held = database.transact(lambda rows: rows.some(Number, {}))
    return next((row.msisdn for row in held if hash_of(key, row.msisdn) == number_hash), None)
