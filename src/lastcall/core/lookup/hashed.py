"""Numbers that come as a hash: which of ours a single one stands for."""

from __future__ import annotations

import struct
from typing import Final

from lastcall.core import clock
from lastcall.core.lookup import sandbox
from lastcall.core.lookup.bulk import hashes
from lastcall.core.lookup.bulk.hashes import HashTable, Moving
from lastcall.core.relying import consumers
from lastcall.core.relying.access import Access
from lastcall.core.relying.hashing import number_hash as hash_of
from lastcall.core.store import Database

_FRESH_SECONDS: Final = 600
"""So long a table is used as it is: a number that is held for the first time may be unknown by its hash for as long."""


def number_of(database: Database, *, access: Access, number_hash: str, index: Moving | None = None) -> int | None:
    """The number that this consumer's hash stands for; None when it is no number that was ever held with us.

    ``index``: what the table of hashes is derived from, where there is one.
    """
    key = consumers.hash_key(database, access.consumer_id)
    if access.sandbox:
        return next((msisdn for msisdn in sandbox.LIVES if hash_of(key, msisdn) == number_hash), None)
    table = _standing(key) or hashes.opened(hashes.folder(), key, index=index, database=database)
    found = int(table.numbers([bytes.fromhex(number_hash)])[0])
    # The table knows the beginnings of hashes; that the whole of it is the same must be seen.
    return found if found != hashes.NOBODYS and hash_of(key, found) == number_hash else None


def _standing(key: bytes) -> HashTable | None:
    """The key's table as it was left, while it is fresh: making one anew costs as much as there are numbers."""
    path = hashes.folder() / f"{hashes.key_name(key)}.hashes"
    try:
        age = clock.now().timestamp() - path.stat().st_mtime
        return HashTable(path, key) if abs(age) < _FRESH_SECONDS else None
    except (OSError, ValueError, struct.error):
        return None
