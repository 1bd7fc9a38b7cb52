"""Taking a numbering register over: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.database import DatabaseStore, DjangoDatabase
from lastcall.core.numbers.range import Import, Operator, Range
from lastcall.core.numbers.register import Register, read_register
from lastcall.core.plan import Insert, Plan
from lastcall.core.store import Store


@dataclass(frozen=True, slots=True)
class Imported:
    """What the register held: ``ranges``, the ``numbers`` in them, the distinct ``operators``.

    ``was``: how many numbers the register before held; ``outside``: numbers in use that are in no range of this one.
    """

    ranges: int
    numbers: int
    operators: int
    was: int
    outside: int


def import_register(
    database: DjangoDatabase, *, path: Path, actor: Actor, progress: Callable[[int, int], None] | None = None
) -> Imported:
    """Read a register file and put its ranges in place of the present ones, in one transaction.

    Numbers, tenures and cases are not touched: a range says who a number was given to, not who has it. ``progress``: called
    with bytes read and bytes in all. Raises ``RegisterError`` naming each broken line; then nothing is changed.
    """
    register = read_register(path, progress=progress)
    return database.transact(lambda rows: _replace(rows, register, actor))


def _replace(rows: Store, register: Register, actor: Actor) -> Imported:
    assert isinstance(rows, DatabaseStore)
    before = rows.some(Import, {}, order="-at", limit=1)
    rows.run(f"DELETE FROM {Range.table}")
    _operators(rows, register)
    first_id = clock.new_id()
    rows.insert_all(
        (
            Range(id=first_id + place, first=row.first, last=row.last, operator_id=_inn(row.operator_inn, row.operator_name),
                  region=row.region, territory=row.territory)
            for place, row in enumerate(register.ranges)
        ),
        Range,
    )  # fmt: skip
    rows.apply(_noted(register, actor))
    was = before[0].numbers if before else 0
    return Imported(len(register.ranges), register.numbers, register.operators, was, _in_use_outside(rows))


def _inn(inn: str | None, name: str) -> str:
    # Registers before 2023 have no ИНН: the name is all there is, marked so that it is never taken for one.
    return inn or f"name:{name}"


def _operators(rows: DatabaseStore, register: Register) -> None:
    names = {_inn(row.operator_inn, row.operator_name): row.operator_name for row in register.ranges}
    rows.many(
        f"INSERT INTO {Operator.table} (inn, name) VALUES (%s, %s) ON CONFLICT (inn) DO UPDATE SET name = excluded.name",
        names.items(),
    )


def _in_use_outside(rows: DatabaseStore) -> int:
    """How many numbers with an open tenure are in no range: a file that is not whole, or a number that was ported in."""
    counted = rows.run(
        "SELECT COUNT(*) FROM numbers_tenure t WHERE t.until IS NULL AND COALESCE((SELECT r.last FROM numbers_range r "
        "WHERE r.first <= t.msisdn ORDER BY r.first DESC LIMIT 1), 0) < t.msisdn"
    ).fetchone()
    return int(counted[0])


def _noted(register: Register, actor: Actor) -> Plan:
    noted = Import(
        id=clock.new_id(), at=clock.now(), sha256=register.sha256, ranges=len(register.ranges),
        numbers=register.numbers, operators=register.operators,
    )  # fmt: skip
    event = Event(
        at=noted.at, kind="register.imported", subject="register", subject_id=noted.id, actor=str(actor), door=actor.door,
        data={"sha256": register.sha256, "ranges": noted.ranges, "numbers": noted.numbers, "keyed_by": register.keyed_by},
    )  # fmt: skip
    return Plan((Insert(noted),), (event,))
