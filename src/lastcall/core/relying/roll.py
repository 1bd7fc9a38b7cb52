"""The consumers as this process knows them: read again about once a second, so that a question does not ask the database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import connections

from lastcall.core import clock
from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Database

SECONDS: Final = 1.0
"""How old the roll may be where the database can be asked: so soon a change of a consumer counts."""
LONGEST: Final = 3.0
"""How old it may be where it cannot."""


class PerDatabase:
    """One thing for each database that this process has opened; another one when the same name is pointed elsewhere."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: WeakKeyDictionary[Any, tuple[Any, Any]] = WeakKeyDictionary()
        self._last: tuple[Any, Any, Any] = (None, None, None)
        self._lock = threading.Lock()

    def of(self, database: Database) -> Any:
        """The database's own, made when first asked for."""
        where = connections.settings.get(getattr(database, "_alias", ""))
        last, at, thing = self._last
        if last is database and at is where:
            return thing
        with self._lock:
            at, thing = self._made.get(database, (None, None))
            if thing is None or at is not where:
                thing = self._make()
                self._made[database] = where, thing
            self._last = (database, where, thing)
        return thing


class Roll:
    """All consumers of one database, by id."""

    def __init__(self) -> None:
        self._consumers: dict[int, Consumer] = {}
        self._read_at = float("-inf")

    def refresh(self, database: Database) -> None:
        """Read them now."""
        before = clock.ticks()
        found = database.transact(lambda rows: rows.some(Consumer, {}))
        self._consumers, self._read_at = {one.id: one for one in found}, before

    def consumer(self, database: Database, consumer_id: int) -> Consumer | None:
        """The consumer as it was at most :data:`SECONDS` ago; None when there is none, or it has ended."""
        if clock.ticks() - self._read_at > SECONDS or consumer_id not in self._consumers:
            self.refresh(database)  # at once for one that was registered a moment ago, elsewhere
        return self._standing(consumer_id)

    @property
    def read_at(self) -> float:
        """When, by the monotonic clock; another time, another roll."""
        return self._read_at

    def known(self, consumer_id: int) -> Consumer | None:
        """The same without asking the database: None also when what is known is older than :data:`LONGEST`."""
        return None if clock.ticks() - self._read_at > LONGEST else self._standing(consumer_id)

    def _standing(self, consumer_id: int) -> Consumer | None:
        found = self._consumers.get(consumer_id)
        return found if found is not None and found.ended_at is None else None


_rolls = PerDatabase(Roll)


def roll_of(database: Database) -> Roll:
    """The roll of this database."""
    roll: Roll = _rolls.of(database)
    return roll


def forget(database: Database) -> None:
    """What was changed by this very process counts at once."""
    roll_of(database)._read_at = float("-inf")
