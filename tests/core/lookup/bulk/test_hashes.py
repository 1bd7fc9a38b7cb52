"""Numbers by their hash: a table for each key, made from what is held, brought up to date, for its owner only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lastcall.core.lookup.bulk import hashes
from lastcall.core.lookup.bulk.hashes import NOBODYS, HashTable, forget_others, opened
from lastcall.core.lookup.evidence import Span
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.core.relying.hashing import number_hash
from tests.core.lookup.bulk.asking import ask, questions, said, write
from tests.core.lookup.bulk.knowledge import AS_OF, FIRST, LIVES, Known, MemoryIndex, life

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
HELD = [msisdn for msisdn, evidence in LIVES.items() if evidence.spans or evidence.state == "withdrawn"]
NEW = FIRST + 20_000_005


def _hash(msisdn: int, key: bytes = KEY) -> bytes:
    return bytes.fromhex(number_hash(key, msisdn))


def _found(table: HashTable, *msisdns: int, key: bytes = KEY) -> list[int]:
    found: list[int] = table.numbers([_hash(msisdn, key) for msisdn in msisdns]).tolist()
    return found


def test_it_knows_every_number_that_was_ever_held_and_no_other(known: Known, tmp_path: Path) -> None:
    table = opened(tmp_path, KEY, index=known.index, database=known)
    assert _found(table, *HELD) == HELD
    never = [msisdn for msisdn in LIVES if msisdn not in HELD]
    assert _found(table, *never, FIRST) == [NOBODYS] * (len(never) + 1)
    assert _found(table, HELD[0], key=OTHER_KEY) == [NOBODYS]


def test_it_is_the_same_from_the_database(tmp_path: Path) -> None:
    rows = MemoryStore()
    tenures = [
        Tenure(id=place, msisdn=msisdn, ordinal=1, subscriber_id=1, since=AS_OF)
        for place, msisdn in enumerate([*HELD[:50], NEW], start=1)
    ]
    tenures.append(replace(tenures[0], id=99, ordinal=2))
    rows.apply(Plan(tuple(Insert(tenure) for tenure in tenures)))
    table = opened(tmp_path, KEY, index=None, database=rows)
    assert _found(table, *HELD[:50], NEW, HELD[50]) == [*HELD[:50], NEW, NOBODYS]
    assert table.count == 51


def test_the_pages_of_the_database_are_all_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashes, "_PAGE_OF_ROWS", 7)
    test_it_is_the_same_from_the_database(tmp_path)


def test_what_is_held_later_is_added_when_the_index_has_moved(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []
    plain = hashes._hasher

    def counting(key: bytes) -> Any:
        make = plain(key)

        def hashing(msisdn: int) -> bytes:
            hashed.append(msisdn)
            return make(msisdn)

        return hashing

    monkeypatch.setattr(hashes, "_hasher", counting)
    before = opened(tmp_path, KEY, index=known.index, database=known)
    assert len(hashed) == len(HELD)
    again = opened(tmp_path, KEY, index=known.index, database=known)
    assert (len(hashed), again.count) == (len(HELD), before.count)
    moved = MemoryIndex(LIVES | {NEW: life(Span(1, date(2025, 1, 1), None, ""))})
    moved.applied = 2
    table = opened(tmp_path, KEY, index=moved, database=known)
    assert hashed[len(HELD) :] == [NEW]
    assert _found(table, *HELD, NEW) == [*HELD, NEW]
    assert table.applied == 2


def test_a_table_that_is_not_whole_is_made_anew(known: Known, tmp_path: Path) -> None:
    opened(tmp_path, KEY, index=known.index, database=known)
    [path] = tmp_path.glob("*.hashes")
    path.write_bytes(path.read_bytes()[:-1])
    assert _found(opened(tmp_path, KEY, index=known.index, database=known), HELD[0]) == [HELD[0]]


def test_numbers_whose_hashes_begin_alike_are_told_apart(known: Known, tmp_path: Path) -> None:
    table = opened(tmp_path, KEY, index=known.index, database=known)
    prefixes, numbers = np.array(table._prefixes), np.array(table._numbers)
    prefixes[10:13] = prefixes[10]
    table._prefixes, table._numbers = prefixes, numbers
    alike = [prefixes[10].item().to_bytes(8, "big") + _hash(int(number))[8:] for number in numbers[10:13]]
    table._exact = lambda wanted, place: next(int(n) for n in numbers[10:13] if _hash(int(n))[8:] == wanted[8:])  # type: ignore[method-assign]
    assert table.numbers(alike).tolist()[:2] == numbers[10:12].tolist()


def test_only_its_owner_may_read_it_and_its_name_tells_nothing(known: Known, tmp_path: Path) -> None:
    folder = tmp_path / "hashes"
    opened(folder, KEY, index=known.index, database=known)
    assert oct(folder.stat().st_mode)[-3:] == "700"
    assert {oct(path.stat().st_mode)[-3:] for path in folder.iterdir()} == {"600"}
    assert not any(KEY.hex()[:8] in path.name for path in folder.iterdir())


def test_it_goes_with_its_key(known: Known, tmp_path: Path) -> None:
    for key in (KEY, OTHER_KEY):
        opened(tmp_path, key, index=known.index, database=known)
    assert forget_others(tmp_path, [OTHER_KEY]) == 1
    assert [path.stem for path in tmp_path.glob("*.hashes")] == [hashes.key_name(OTHER_KEY)]


@pytest.mark.parametrize("name", ["in.csv", "in.ndjson", "in.parquet"])
@pytest.mark.parametrize("semantics", ["camara", "rich"])
def test_a_file_of_hashes_is_answered_like_one_of_numbers(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, semantics: str
) -> None:
    monkeypatch.setattr(hashes, "folder", lambda: tmp_path / "hashes")
    rows = questions(400, bad=0.0)
    hashed = [replace(row, number=number_hash(KEY, int(row.number))) for row in rows]
    hashed += [replace(rows[0], number=rows[0].number), replace(rows[0], number="g" * 64)]
    out, _ = ask(known, write(tmp_path / name, hashed), semantics=semantics, hash_key=KEY)
    answers = said(out)
    assert answers[-2:] == [("", "bad_number"), ("", "bad_number")]
    for row, answer in zip(rows, answers, strict=False):
        if int(row.number) in HELD:
            assert answer == row.expected(semantics)
        else:  # a hash that is not known is as of a number that is not ours
            assert answer[0] in {"not_found", "out_of_range", "no_data", ""}
