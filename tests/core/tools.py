"""Short ways to look at all that is kept, to change a row behind the services' backs, and to run a race."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from django.db import connections

from lastcall.core import work
from lastcall.core.audit.event import Event
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.steps import Outside
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import LastcallError, Refused
from lastcall.core.job import Alert, Job
from lastcall.core.plan import Change, Plan
from lastcall.core.ports import Hlr
from lastcall.core.rows import Row
from lastcall.site.wiring import make_worker
from tests.cast import Cast

T = TypeVar("T")
R = TypeVar("R", bound=Row)


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the database in force, in a fixed order."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        return {table: sorted(_rows(cursor, table), key=repr) for table in tables}


def _rows(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    cursor.execute(f'SELECT * FROM "{table}"')
    return list(cursor.fetchall())


def written(*, but: tuple[str, ...] = ()) -> str:
    """All that the tables hold, as one text, less the tables ``but``."""
    return "\n".join(repr(row) for table, rows in dump().items() if table not in but for row in rows)


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Whatever happens inside leaves every table as it was."""
    before = dump()
    yield
    assert dump() == before


@contextmanager
def refused(code: str, kind: type[LastcallError] = Refused) -> Iterator[None]:
    """What happens inside is refused with ``code`` and a remedy, and leaves every table as it was."""
    with nothing_changes(), pytest.raises(kind) as trouble:
        yield
    assert trouble.value.code == code
    assert trouble.value.remedy


def some(base: DjangoDatabase, row: type[R], /, **where: Any) -> list[R]:
    """The rows that match."""
    return base.transact(lambda rows: rows.some(row, where))


def only(base: DjangoDatabase, row: type[R], /, **where: Any) -> R:
    """The one row that matches."""
    [found] = some(base, row, **where)
    return found


def change(base: DjangoDatabase, row: type[Row], key: Any, /, **values: Any) -> None:
    """Change one row behind the services' backs, as daily life or somebody else's system would."""
    base.transact(lambda rows: rows.apply(Plan((Change(row, {row.spec.key[0]: key}, values),))))


def notices(cast: Cast, case_id: int) -> list[tuple[str, int]]:
    """(template, contact) of every notice of a case but that of the declaration itself, sorted."""
    kept = some(cast.base, Notice, case_id=case_id)
    return sorted((notice.template, notice.contact_id) for notice in kept if notice.template != "declared")


def steps_done(cast: Cast, case_id: int) -> list[str]:
    """The steps of a cease that are done, in the order of the event log."""
    events = sorted(some(cast.base, Event, case_id=case_id, kind="case.step"), key=lambda event: event.id)
    return [event.data["done"] for event in events if "done" in event.data]


def with_hlr(cast: Cast, hlr: Hlr) -> Outside:
    """Let the cast's worker order about another HLR from now on."""
    elements = replace(cast.elements, hlr=hlr)
    cast.worker = make_worker(elements, base=cast.base)
    return elements.outside


def work_through(cast: Cast, span: timedelta, *, every: timedelta = timedelta(hours=1)) -> None:
    """Let time pass with a worker at work."""
    end = cast.time.now() + span
    cast.work()
    while cast.time.now() < end:
        cast.time.advance(min(every, end - cast.time.now()))
        cast.work()


def work_until_dead(cast: Cast, kind: str) -> Job:
    """Let the one job of a kind run out of tries, each at the moment at which it is due."""
    cast.work()
    while not (dead := dead_jobs(cast, kind)):
        [job] = some(cast.base, Job, kind=kind, state="queued")
        cast.time.advance(job.due_at - cast.time.now())
        cast.work()
    return dead[0]


def dead_jobs(cast: Cast, kind: str) -> list[Job]:
    """The jobs of a kind that ran out of tries."""
    return some(cast.base, Job, kind=kind, state="dead")


def open_alerts(cast: Cast) -> list[tuple[str, int]]:
    """(code, subject) of every alert that nobody has resolved."""
    return sorted((alert.code, alert.subject_id) for alert in some(cast.base, Alert, resolved_at=None))


def retry_dead(cast: Cast, kind: str) -> None:
    """A person gives the one dead job of a kind another life."""
    [job] = dead_jobs(cast, kind)
    work.retry(cast.base, job_id=job.id, by="administrator:irina")


def race(*runners: Callable[[], T]) -> list[T | LastcallError]:
    """Run all at once, each in a thread of its own; what each returned, or with which error of ours it lost."""
    barrier = threading.Barrier(len(runners))
    outcomes: list[Any] = [None] * len(runners)

    def run(place: int, runner: Callable[[], T]) -> None:
        try:
            barrier.wait(timeout=30)
            outcomes[place] = runner()
        except Exception as error:  # handed to the test, below
            outcomes[place] = error
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    if unexpected := [
        error for error in outcomes if isinstance(error, Exception) and not isinstance(error, LastcallError)
    ]:
        raise unexpected[0]
    return outcomes


def winners(outcomes: list[T | LastcallError]) -> list[T]:
    """Those that came through."""
    return [outcome for outcome in outcomes if not isinstance(outcome, LastcallError)]
