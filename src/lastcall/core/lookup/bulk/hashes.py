"""Numbers by their keyed hash: a sorted file for each key, derived from the numbers that were ever held.

It can be made again at any time and holds nothing that the index does not, but whoever has it and its key can read numbers
from it: only its owner may open it, and it goes when the key goes. A hash that is not in it belongs to no number of ours.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from lastcall.core.lookup.bulk.pairs import BLOCK, Places
from lastcall.core.lookup.files import turn
from lastcall.core.lookup.pair import NEVER
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.relying.hashing import number_hash
from lastcall.core.store import Database

NOBODYS: Final = -1
"""In place of a number: a hash that no number of ours has."""
Numbers = NDArray[np.int64]
Held = Iterator[tuple[int, NDArray[np.bool_]]]
"""By block of ten thousand: the block's first number, and which of its numbers were ever held."""

_HASH: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_HEADER: Final = struct.Struct("<8s16sqqq")
_PAGE: Final = 4096
_MAGIC: Final = b"LCHASH01"
_BUCKETS: Final = 256
_SPOOLED: Final = 64 * 1024
_RECORD: Final = np.dtype([("prefix", "<u8"), ("number", "<i8")])
_BITS: Final = BLOCK // 8
_PAGE_OF_ROWS: Final = 5_000


class Moving(Places, Protocol):
    """An index that says how far it has come."""

    @property
    def applied(self) -> int: ...


def folder() -> Path:
    """Where the tables of this installation lie."""
    return Path(settings.LASTCALL_BATCHES) / "hashes"


def key_name(key: bytes) -> str:
    """A name for a key that tells nothing of it."""
    return hashlib.sha256(b"lastcall hashes" + key).hexdigest()[:32]


def read_hash(text: str) -> bytes | None:
    """The hash written as 64 hexadecimal digits, or None."""
    return bytes.fromhex(text) if _HASH.fullmatch(text) else None


class Hashes(Protocol):
    """Where hashes are looked up."""

    def read(self, text: str) -> bytes | None:
        """The hash written as 64 hexadecimal digits, or None."""

    def numbers(self, hashes: Sequence[bytes]) -> Numbers:
        """The number of each hash, or :data:`NOBODYS`."""


class HashTable:
    """An open table. ``applied``: how far the index had come of which it was derived; 0 when that was the database."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._key = key
        with path.open("rb") as file:
            magic, name, self.applied, self.count, blocks = _HEADER.unpack(file.read(_HEADER.size))
        if magic != _MAGIC or name.hex() != key_name(key):
            raise ValueError("this is no table of this key")
        raw = np.memmap(path, np.uint8, "r")
        ends = np.cumsum([_PAGE, 8 * self.count, 8 * self.count, 8 * blocks, _BITS * blocks])
        if len(raw) != ends[-1]:
            raise ValueError("this table is not whole")
        parts = [raw[begin:end] for begin, end in pairwise(ends)]
        self._prefixes: NDArray[np.uint64] = parts[0].view("<u8")
        self._numbers: Numbers = parts[1].view("<i8")
        self.blocks: Numbers = parts[2].view("<i8")
        self.bits: NDArray[np.uint8] = parts[3].reshape(-1, _BITS)

    def read(self, text: str) -> bytes | None:
        """The hash written as 64 hexadecimal digits, or None."""
        return read_hash(text)

    def numbers(self, hashes: Sequence[bytes]) -> Numbers:
        """The number of each hash, or :data:`NOBODYS`."""
        wanted = np.array([int.from_bytes(one[:8], "big") for one in hashes], np.uint64)
        order = np.argsort(wanted)  # neighbours in the file are looked for one after the other
        places = np.empty(len(wanted), np.int64)
        places[order] = np.searchsorted(self._prefixes, wanted[order])
        within = np.minimum(places, max(self.count - 1, 0))
        if not self.count:
            return np.full(len(wanted), NOBODYS, np.int64)
        found = np.where(self._prefixes[within] == wanted, self._numbers[within], NOBODYS)
        following = np.minimum(within + 1, self.count - 1)
        shared = (self._prefixes[following] == wanted) & (following > within)
        for place in np.flatnonzero(shared).tolist():
            found[place] = self._exact(hashes[place], int(within[place]))
        return found

    def _exact(self, wanted: bytes, place: int) -> int:
        """Of several numbers with the same beginning of their hash, the one whose whole hash it is."""
        first = self._prefixes[place]
        while place < self.count and self._prefixes[place] == first:
            if number_hash(self._key, int(self._numbers[place])) == wanted.hex():
                return int(self._numbers[place])
            place += 1
        return NOBODYS

    def records(self, begin: int, end: int) -> NDArray[Any]:
        """The records whose hashes begin with bytes from ``begin`` up to, without, ``end``."""
        first = int(np.searchsorted(self._prefixes, np.uint64(begin << 56), "left"))
        last = int(np.searchsorted(self._prefixes, np.uint64((end << 56) - 1), "right"))
        made = np.empty(last - first, _RECORD)
        made["prefix"], made["number"] = self._prefixes[first:last], self._numbers[first:last]
        return made


def held_by_index(index: Places) -> Held:
    """Which numbers were ever held, from the index: one without a pair, or with that of a number never held, was not."""
    flat = np.asarray(index.entries).reshape(-1).view(np.uint32)
    lead = int(index.prefix) * 10**index.digits
    for prefix in np.flatnonzero(index.directory >= 0):
        at = int(index.directory[prefix]) * BLOCK
        if at + BLOCK <= len(flat):
            yield lead + int(prefix) * BLOCK, flat[at : at + BLOCK] > NEVER


def held_by_database(database: Database) -> Held:
    """The same from the tenures, some thousand a transaction."""
    for block, msisdns in groupby(_msisdns(database), key=lambda msisdn: msisdn // BLOCK):
        held = np.zeros(BLOCK, np.bool_)
        held[[msisdn % BLOCK for msisdn in msisdns]] = True
        yield block * BLOCK, held


def _msisdns(database: Database) -> Iterator[int]:
    last = 0
    while True:
        where = {"msisdn__gt": last}
        found = database.transact(lambda rows: rows.some(Tenure, where, order="msisdn", limit=_PAGE_OF_ROWS))  # noqa: B023
        # The last number's other tenures may be on the next page; it is then read again, which does no harm.
        yield from (tenure.msisdn for tenure in found)
        if len(found) < _PAGE_OF_ROWS:
            return
        last = found[-1].msisdn


def opened(place: Path, key: bytes, *, index: Moving | None, database: Database) -> HashTable:
    """The key's table in the folder ``place``, made or brought up to date first.

    Holds a lock while it works; memory stays bounded.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / f"{key_name(key)}.hashes"
    applied = index.applied if index is not None else 0
    with turn(place / f"{key_name(key)}.lock"):
        table = _standing(path, key)
        if table is not None and index is not None and table.applied == applied:
            return table
        held = held_by_index(index) if index is not None else held_by_database(database)
        _Maker(place, key, table, applied).make(held, path)
    return HashTable(path, key)


def _standing(path: Path, key: bytes) -> HashTable | None:
    try:
        return HashTable(path, key)
    except (OSError, ValueError, struct.error):
        return None


def forget_others(place: Path, keys: Iterable[bytes]) -> int:
    """Delete the tables of all other keys; returns how many."""
    kept = {key_name(key) for key in keys}
    gone = 0
    for path in [*place.glob("*.hashes"), *place.glob("*.lock")]:
        if path.stem not in kept:
            path.unlink(missing_ok=True)
            gone += path.suffix == ".hashes"
    return gone


@dataclass
class _Maker:
    """Makes a table of what is held now, taking over what the one before has."""

    folder: Path
    key: bytes
    before: HashTable | None
    applied: int

    def make(self, held: Held, path: Path) -> None:
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="making-") as name:  # only its owner may enter
            spool = _Spool(Path(name))
            blocks = self._spool(held, spool)
            beside = Path(name) / "table"
            self._write(beside, spool, blocks)
            beside.replace(path)

    def _spool(self, held: Held, spool: _Spool) -> dict[int, NDArray[np.uint8]]:
        """Hash what is new; returns which numbers of each block the table then has."""
        blocks: dict[int, NDArray[np.uint8]] = {}
        places: dict[int, int] = {}
        if self.before is not None:
            places = {block: place for place, block in enumerate(self.before.blocks.tolist())}
            blocks = {block: np.array(self.before.bits[place]) for block, place in places.items()}
        hashing = _hasher(self.key)
        for first, now in held:
            known = np.unpackbits(blocks[first]).view(np.bool_) if first in blocks else np.zeros(BLOCK, np.bool_)
            new = np.flatnonzero(now & ~known)
            for low in new.tolist():
                spool.put(hashing(first + low), first + low)
            if len(new):
                blocks[first] = np.packbits(now | known)
        spool.flush()
        return blocks

    def _write(self, path: Path, spool: _Spool, blocks: dict[int, NDArray[np.uint8]]) -> None:
        count = spool.count + (self.before.count if self.before is not None else 0)
        header = _HEADER.pack(_MAGIC, bytes.fromhex(key_name(self.key)), self.applied, count, len(blocks))
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(file, header.ljust(_PAGE, b"\0"), 0)
            done = 0
            for bucket in range(_BUCKETS):
                records = spool.records(bucket)
                if self.before is not None:
                    records = np.concatenate((self.before.records(bucket, bucket + 1), records))
                records.sort(order="prefix")
                os.pwrite(file, np.ascontiguousarray(records["prefix"]).tobytes(), _PAGE + 8 * done)
                os.pwrite(file, np.ascontiguousarray(records["number"]).tobytes(), _PAGE + 8 * (count + done))
                done += len(records)
            assert done == count
            os.pwrite(file, np.array(sorted(blocks), np.int64).tobytes(), _PAGE + 16 * count)
            at = _PAGE + 16 * count + 8 * len(blocks)
            os.pwrite(file, b"".join(blocks[block].tobytes() for block in sorted(blocks)), at)
            os.fsync(file)
        finally:
            os.close(file)


class _Spool:
    """New records in files by the first byte of their hash, so that each file can be sorted by itself."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.count = folder, 0
        self._waiting = [bytearray() for _ in range(_BUCKETS)]

    def put(self, digest: bytes, number: int) -> None:
        waiting = self._waiting[digest[0]]
        waiting += digest[7::-1]  # as a little-endian integer
        waiting += number.to_bytes(8, "little")
        self.count += 1
        if len(waiting) >= _SPOOLED:
            self._flush(digest[0])

    def _flush(self, bucket: int) -> None:
        with (self._folder / f"{bucket:02x}").open("ab") as file:
            file.write(self._waiting[bucket])
        self._waiting[bucket].clear()

    def flush(self) -> None:
        for bucket, waiting in enumerate(self._waiting):
            if waiting:
                self._flush(bucket)

    def records(self, bucket: int) -> NDArray[Any]:
        path = self._folder / f"{bucket:02x}"
        return np.fromfile(path, _RECORD) if path.exists() else np.empty(0, _RECORD)


def _hasher(key: bytes) -> Callable[[int], bytes]:
    digest = hmac.digest
    return lambda msisdn: digest(key, b"+%d" % msisdn, "sha256")
