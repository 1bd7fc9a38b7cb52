"""The same history twice: in memory and on a real database, step by step, and all rows afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeVar

from django.db import connections, transaction

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.link import Link
from lastcall.core.database import DatabaseStore, DjangoDatabase
from lastcall.core.job import Job
from lastcall.core.memory import MemoryStore
from lastcall.core.rows import kinds
from lastcall.core.simulator import policies
from lastcall.core.simulator.history import begin
from lastcall.core.simulator.steps import Outcome, Step, take
from lastcall.core.simulator.swarm import Swarm
from lastcall.core.simulator.world import World, again, build_world
from lastcall.core.statements import load, statements
from lastcall.core.store import Store
from lastcall.core.transacting import run_in

T = TypeVar("T")
Played = list[tuple[Step, Outcome]]


class _Ordered(DatabaseStore):
    """Of jobs due at one moment a database may give any first; here it gives the oldest, as memory does."""

    def claim(self, now: Any) -> Job | None:
        sql = f"{statements(Job).select}state IN ('queued', 'leased') AND due_at <= %s ORDER BY due_at, id LIMIT 1"
        raw = self._prepared(sql, [now]).fetchone()
        return None if raw is None else load(Job, raw)


class OrderedDatabase(DjangoDatabase):
    """The production database inside a transaction that is open already, with jobs of one moment in their order."""

    def transact(self, work: Callable[[Store], T]) -> T:
        return run_in(connections["default"], lambda own: work(_Ordered(own)))


@dataclass(frozen=True)
class Remembered:
    """What memory made of a history: its steps with their outcomes, and the world as it was left."""

    seed: int
    drawn: Swarm
    steps: Played
    world: World


def remember(seed: int) -> Remembered:
    """Play history ``seed`` in memory."""
    world, view, drawn = begin(seed)
    steps: Played = []
    with clock.use(world.clock):
        for _ in range(drawn.length):
            step = drawn.next_step(view)
            steps.append((step, take(world, step)))
    return Remembered(seed, drawn, steps, world)


def differences(twin: World, remembered: Remembered) -> Iterator[str]:
    """Do the remembered steps in ``twin``; a sentence for everything that comes out otherwise."""
    with clock.use(twin.clock):
        for place, (step, outcome) in enumerate(remembered.steps, start=1):
            here = take(twin, step)
            if here != outcome:
                yield f"history {remembered.seed}, step {place}, {step}: {outcome} in memory, {here} in the database"
                return
    yield from _other_rows(twin, remembered)


def _other_rows(twin: World, remembered: Remembered) -> Iterator[str]:
    memory, name = remembered.world.database, f"history {remembered.seed}"
    assert isinstance(memory, MemoryStore)
    for kind in kinds():
        if kind not in {Event, Link}:
            yield from _other_columns(name, _by_key(memory.rows(kind).values()), _by_key(_all(twin, kind)))
    ours, theirs = sorted(map(_told, memory.events)), sorted(map(_told, _all(twin, Event)))
    if ours != theirs:
        first = next(pair for pair in zip_longest(ours, theirs) if pair[0] != pair[1])
        yield f"{name}: {len(ours)} events in memory, {len(theirs)} in the database; the first that differ: {first}"
    if remembered.world.hlr.book.entries != twin.hlr.book.entries or remembered.world.billing.held != twin.billing.held:
        yield f"{name}: the elements were left otherwise"


def _by_key(rows: Iterable[Any]) -> dict[tuple[Any, ...], Any]:
    return {(type(row).__name__, *(getattr(row, name) for name in row.spec.key)): row for row in rows}


def _other_columns(name: str, ours: dict[tuple[Any, ...], Any], theirs: dict[tuple[Any, ...], Any]) -> Iterator[str]:
    for key in ours.keys() | theirs.keys():
        mine, other = ours.get(key), theirs.get(key)
        if mine is None or other is None:
            yield f"{name}: only in {'memory' if other is None else 'the database'}: {mine or other}"
        elif mine != other:
            columns = [column for column in mine.columns if getattr(mine, column) != getattr(other, column)]
            told = [f"{column} {getattr(mine, column)!r} != {getattr(other, column)!r}" for column in columns]
            yield f"{name}: {key}: {', '.join(told)}"


def _all(world: World, kind: type[Any]) -> list[Any]:
    return world.database.transact(lambda rows: rows.some(kind, {}))


def _told(event: Event) -> tuple[str, ...]:
    """The event without its place in the log."""
    data = json.dumps(event.data, sort_keys=True)
    return (*(repr(getattr(event, column)) for column in Event.columns if column not in {"id", "data"}), data)


@contextmanager
def undone() -> Iterator[None]:
    """A transaction on the real database that is undone after its deferred constraints were checked."""
    connection = connections["default"]
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)


def compare(seeds: Iterable[int]) -> tuple[int, list[str]]:
    """Play the histories on both; how many, and what differed."""
    database, found = OrderedDatabase(), list[str]()
    played = [remember(seed) for seed in seeds]
    for beginning in sorted({one.drawn.beginning for one in played}):
        with undone():
            built = build_world(beginning, database, policies.policy(0))
            for one in played:
                if one.drawn.beginning == beginning:
                    with undone():
                        twin = again(built, seed=one.seed, policy=policies.policy(one.drawn.policy))
                        found += differences(twin, one)
    return len(played), found
