"""Lines to be declared, cases to be ceased and numbers that age, written in sets and in the order life writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, cast

from django.core.management import call_command
from django.db import connections

from lastcall.core.closing.case import Case
from lastcall.core.database import DatabaseStore, DjangoDatabase
from lastcall.core.numbers.number import Number
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.load import load
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Row
from lastcall.core.store import Store
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Subscriber

FIRST: Final = 79_000_000_000
OPENED: Final = datetime(2025, 1, 1, tzinfo=UTC)
PACK_DAY: Final = date(2026, 1, 12)
DECLARED: Final = datetime(2025, 6, 1, tzinfo=UTC)
DUE_SINCE: Final = datetime(2025, 1, 1, tzinfo=UTC)
AGEING_FROM: Final = datetime(2100, 1, 1, tzinfo=UTC)


def policy() -> Policy:
    """The demo operator's policy."""
    return load("demo", on=PACK_DAY).policy()


def fill_with_lines(*, lines: int, cases: int) -> None:
    """An empty migrated database gets ``lines`` open lines; the last ``cases`` of them are about to be ceased."""
    call_command("migrate", verbosity=0)
    frozen = policy().as_json()
    makers: tuple[tuple[type[Row], Callable[[int], Row]], ...] = (
        (Subscriber, _subscriber), (Contact, _contact), (Number, _number), (Sim, _sim), (Tenure, _tenure), (Line, _line),
    )  # fmt: skip

    def write(rows: Store) -> None:
        store = cast(DatabaseStore, rows)
        store.insert_all([Operator(inn="7700000000", name="Demo Mobile")], Operator)
        held = Range(id=1, first=FIRST, last=FIRST + 99_999_999, operator_id="7700000000", region="", territory="")
        store.insert_all([held], Range)
        for kind, make in makers:
            store.insert_all(map(make, range(1, lines + 1)), kind)
        store.insert_all((_case(number, frozen) for number in range(lines - cases + 1, lines + 1)), Case)

    base = DjangoDatabase()
    base.transact(write)
    _settle(base)


def _settle(base: DjangoDatabase) -> None:
    """Leave the database as one that has been running: statistics known, nothing waiting in the log."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    base.close()


def _subscriber(number: int) -> Subscriber:
    return Subscriber(
        id=number,
        kind="person",
        name="李伟",
        name_latin="Li Wei",
        citizenship="CN",
        language="zh-hans",
        created_at=OPENED,
    )


def _contact(number: int) -> Contact:
    return Contact(id=number, subscriber_id=number, kind="mail", sealed_address="1." + "x" * 80, on_file_since=OPENED)


def _number(number: int) -> Number:
    return Number(msisdn=FIRST + number, known_since=OPENED)


def _sim(number: int) -> Sim:
    return Sim(
        id=number, iccid=f"8970199{number:012d}", imsi=imsi(number), form="card", state="active", custody="subscriber",
        active_since=OPENED,
    )  # fmt: skip


def imsi(number: int) -> str:
    """The IMSI of line ``number``."""
    return f"25099{number:010d}"


def _tenure(number: int) -> Tenure:
    return Tenure(id=number, msisdn=FIRST + number, ordinal=1, subscriber_id=number, since=OPENED)


def _line(number: int) -> Line:
    return Line(
        id=number, subscriber_id=number, tenure_id=number, sim_id=number, plan="prepaid", currency="RUB", opened_at=OPENED,
        sim_since=OPENED,
    )  # fmt: skip


def _case(number: int, frozen: dict[str, Any]) -> Case:
    return Case(
        id=number, revision=7, state="ceasing", reference_key=f"{number:064x}", secret_key=f"{number:064x}",
        claimed_msisdn=FIRST + number, line_id=number, tenure_id=number, door="portal", language="zh-hans",
        declared_by="holder", opener="holder:-", declared_at=DECLARED, legal_end=DECLARED, lapse_at=DECLARED,
        policy=frozen, document_ok_at=DECLARED, in_person_at=DECLARED, verifier="clerk:olga", sim_custody="subscriber",
        hold_until=DECLARED,
    )  # fmt: skip


_BARRIERS: Final = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON"),
    "postgresql": ("SET session_replication_role = replica", "SET session_replication_role = origin"),
}
"""References and triggers are not asked while a population that fulfils them is copied in."""

_SERIES: Final = {
    "sqlite": "WITH RECURSIVE series(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM series WHERE n < {last}) ",
    "postgresql": "WITH series AS (SELECT generate_series({first}::bigint, {last}::bigint) AS n) ",
}
_MOMENT: Final = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', '{start}', '+' || ({seconds}) || ' seconds')",
    "postgresql": "timestamptz '{start}+00' + ({seconds}) * interval '1 second'",
}


def fill_with_ageing(*, total: int, due: int) -> dict[str, int]:
    """``total`` ceased numbers in quarantine, ``due`` of them to be released, in the order of their release dates.

    Returns an independent account of what a sweep must release: how many, and the sum of their tenures' ids.
    """
    call_command("migrate", verbosity=0)
    connection = connections["default"]
    vendor = connection.vendor
    base = DjangoDatabase()
    base.transact(lambda rows: cast(DatabaseStore, rows).insert_all([_subscriber(1)], Subscriber))
    trigger = _take_trigger(vendor)
    before, after = _BARRIERS[vendor]
    with connection.cursor() as cursor:
        cursor.execute(before)
        for statement in _ageing(vendor, due, total):
            cursor.execute(statement)
        cursor.execute(after)
        for statement in trigger:
            cursor.execute(statement)
    _settle(base)
    return {"due": due, "tenures": sum(range(1, due + 1))}


def _take_trigger(vendor: str) -> list[str]:
    """SQLite knows no session without triggers: drop the one on tenures; returns how to make it again."""
    if vendor != "sqlite":
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'numbers_tenure_rests'")
        made = [str(sql) for (sql,) in cursor.fetchall()]
        cursor.execute("DROP TRIGGER IF EXISTS numbers_tenure_rests")
    return made


def _ageing(vendor: str, due: int, last: int) -> Iterable[str]:
    series = _SERIES[vendor].format(first=1, last=last)
    # One number a second: the due ones from DUE_SINCE on, all later ones from AGEING_FROM on.
    early = _moment(vendor, DUE_SINCE, "n")
    late = _moment(vendor, AGEING_FROM, "n")
    until = f"CASE WHEN n <= {due} THEN {early} ELSE {late} END"
    opened, ceased = (
        _moment(vendor, OPENED - timedelta(days=900), "0"),
        _moment(vendor, OPENED - timedelta(days=600), "0"),
    )
    yield (
        "INSERT INTO numbers_tenure (id, msisdn, ordinal, subscriber_id, since, until, ending, reclaim_until, "
        f"quarantine_until) {series}SELECT n, {FIRST} + n, 1, 1, {opened}, {ceased}, 'ceased', {ceased}, "
        f"{until} FROM series"
    )
    yield (
        f"INSERT INTO numbers_quarantine (quarantine_until, msisdn, tenure_id) {series}"
        f"SELECT {until}, {FIRST} + n, n FROM series"
    )


def _moment(vendor: str, start: datetime, seconds: str) -> str:
    return _MOMENT[vendor].format(start=start.strftime("%Y-%m-%d %H:%M:%S"), seconds=seconds)
