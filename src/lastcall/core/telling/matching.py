"""Whom a number interests. Numbers are compared as hashes: ours for those that came plainly, the consumer's for the others."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from lastcall.core import keyed
from lastcall.core.relying.hashing import number_hash
from lastcall.core.store import Store
from lastcall.core.telling.agreement import told_consumers
from lastcall.core.telling.interest import HashKey, Interest

_TOGETHER: Final = 500
_PURPOSE: Final = "telling.interest"


def plain_key(msisdn: int) -> str:
    """What a number that was given plainly is known by here."""
    return keyed.keyed_hash(_PURPOSE, str(msisdn))


def mark_of(key: bytes) -> str:
    """A word that tells a consumer's keys apart and not what they are."""
    return keyed.keyed_hash("telling.hash_key", key.hex())[:16]


def sealed(key: bytes, *, consumer_id: int, mark: str) -> str:
    """The consumer's key as a :class:`HashKey` keeps it."""
    return keyed.seal(base64.b64encode(key).decode(), bound_to=_bound(consumer_id, mark))


def opened(key: HashKey) -> bytes:
    """What :func:`sealed` closed."""
    return base64.b64decode(keyed.unseal(key.sealed_key, bound_to=_bound(key.consumer_id, key.mark)))


def _bound(consumer_id: int, mark: str) -> str:
    return f"telling_hashkey.sealed_key:{consumer_id}:{mark}"


def interests_in(rows: Store, msisdns: Iterable[int]) -> dict[int, list[Interest]]:
    """The open interests in each of the numbers that has any, of consumers who are told."""
    wanted = sorted(set(msisdns))
    if not wanted or not rows.some(Interest, {"ended_at": None}, limit=1):
        return {}
    keys = [(key.id, opened(key)) for key in rows.some(HashKey, {})]
    found: dict[int, list[Interest]] = defaultdict(list)
    for at in range(0, len(wanted), _TOGETHER):
        for msisdn, interest in _matches(rows, wanted[at : at + _TOGETHER], keys):
            found[msisdn].append(interest)
    told = told_consumers(rows, (one.consumer_id for each in found.values() for one in each))
    kept = {msisdn: [one for one in each if one.consumer_id in told] for msisdn, each in found.items()}
    return {msisdn: each for msisdn, each in kept.items() if each}


def _matches(rows: Store, msisdns: Sequence[int], keys: Sequence[tuple[int, bytes]]) -> list[tuple[int, Interest]]:
    # A hash names a number only together with the key it was made with: another consumer may have heard of the hash.
    names: dict[tuple[str, int | None], int] = {(plain_key(msisdn), None): msisdn for msisdn in msisdns}
    for key_id, key in keys:
        names |= {(number_hash(key, msisdn), key_id): msisdn for msisdn in msisdns}
    asked, found = iter(sorted({name for name, _ in names})), list[tuple[int, Interest]]()
    while some := list(islice(asked, _TOGETHER)):
        for interest in rows.some(Interest, {"number_key__in": some, "ended_at": None}):
            if (msisdn := names.get((interest.number_key, interest.hash_key_id))) is not None:
                found.append((msisdn, interest))
    return found
