"""The consumers as this process knows them: read again about once a second, so that a question does not ask the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Database

SECONDS: Final = 1.0
"""How old the roll may be where the database can be asked: so soon a change of a consumer counts."""
LONGEST: Final = 3.0
"""How old it may be where it cannot."""

T = TypeVar("T")


class PerDatabase:
    """One thing for each database that this process has opened."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make
        self._made: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, database: Database) -> Any:
        """The database's own, made when first asked for."""
        found = self._made.get(database)
        if found is None:
            with self._lock:
                found = self._made.setdefault(database, self._make(database))
        return found


class Roll:
    """All consumers of one database, by id."""

    def __init__(self) -> None:
        self._consumers: dict[int, Consumer] = {}
        self._read_at = float("-inf")

    def refresh(self, database: Database) -> None:
        """Read them now."""
        before = time.monotonic()
        found = database.transact(lambda rows: rows.some(Consumer, {}))
        self._consumers, self._read_at = {one.id: one for one in found}, before

    def consumer(self, database: Database, consumer_id: int) -> Consumer | None:
        """The consumer as it was at most :data:`SECONDS` ago; None when there is none, or it has ended."""
        if time.monotonic() - self._read_at > SECONDS or consumer_id not in self._consumers:
            self.refresh(database)  # at once for one that was registered a moment ago, elsewhere
        return self._standing(consumer_id)

    def known(self, consumer_id: int) -> Consumer | None:
        """The same without asking the database: None also when what is known is older than :data:`LONGEST`."""
        return None if time.monotonic() - self._read_at > LONGEST else self._standing(consumer_id)

    def _standing(self, consumer_id: int) -> Consumer | None:
        found = self._consumers.get(consumer_id)
        return found if found is not None and found.ended_at is None else None


_rolls = PerDatabase(lambda database: Roll())


def roll_of(database: Database) -> Roll:
    """The roll of this database."""
    roll: Roll = _rolls.of(database)
    return roll


def forget(database: Database) -> None:
    """What was changed by this very process counts at once."""
    roll_of(database)._read_at = float("-inf")
