"""Running work in a transaction: alone on a connection, or together with whoever else is waiting."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import IntegrityError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from lastcall.core.errors import Conflict

T = TypeVar("T")

Work = Callable[[BaseDatabaseWrapper], T]
"""What is run inside the transaction that is open on the connection."""

CONFLICT = "somebody else changed this first, or a constraint held; nothing was written"


def run_in(connection: BaseDatabaseWrapper, work: Work[T]) -> T:
    """Run ``work`` in one transaction of ``connection`` (a savepoint inside an open one).

    A broken constraint and a serialisation failure become :class:`Conflict`.
    """
    try:
        with transaction.atomic(using=connection.alias), connection.wrap_database_errors:
            connection.ensure_connection()
            return work(connection)
    except (IntegrityError, OperationalError) as trouble:
        if (conflict := as_conflict(trouble)) is trouble:
            raise
        raise conflict from trouble


def as_conflict(trouble: BaseException) -> BaseException:
    """A broken constraint, a serialisation failure or a deadlock as :class:`Conflict`; anything else as it is."""
    if isinstance(trouble, IntegrityError):
        return Conflict(CONFLICT, remedy="Read the present state and decide again.")
    if getattr(trouble.__cause__, "sqlstate", None) in {"40001", "40P01"}:
        return Conflict(CONFLICT, remedy="Try again.")
    return trouble


def _locked() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(eq=False, slots=True)
class _Asked:
    """One caller's work: its outcome, and the lock that is opened once the caller is to look up again."""

    work: Work[Any]
    wake: threading.Lock = field(default_factory=_locked)
    done: bool = False
    result: Any = None
    error: BaseException | None = None

    def settle(self, result: Any, error: BaseException | None) -> None:
        self.result, self.error, self.done = result, error, True

    def answer(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.result


class GroupCommit:
    """Transactions of one process on SQLite, which has one writer at a time.

    The caller who finds nobody at work leads: it runs what all waiting callers asked for, each under a savepoint of its
    own, commits once, tells them, and hands over to the first who came meanwhile. All lead on one shared connection, whose
    cache so stays warm; nothing is passed to another thread while a caller is alone.
    """

    MOST = 256
    LOG_PAGES = 4_000
    """Pages of 4 KiB in the log before they are copied into the database: the more, the fewer times the same page is."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._pid = os.getpid()
        self._guard = threading.Lock()
        self._waiting: deque[_Asked] = deque()
        self._busy = False
        self._shared: BaseDatabaseWrapper | None = None

    @property
    def usable(self) -> bool:
        """Whether this is still the process that it was made in."""
        return self._pid == os.getpid()

    def run(self, work: Work[T]) -> T:
        """Run ``work``; durable when it returns."""
        asked = _Asked(work)
        with self._guard:
            self._waiting.append(asked)
            lead, self._busy = not self._busy, True
        if not lead:
            asked.wake.acquire()
        if not asked.done:
            self._lead(asked)
        answer: T = asked.answer()
        return answer

    def close(self) -> None:
        """Wait for who is at work, and close the shared connection."""
        self.run(lambda connection: None)
        with self._guard:
            shared, self._shared = self._shared, None
        if shared is not None:
            shared.close()

    def _lead(self, own: _Asked) -> None:
        with self._guard:
            batch = [self._waiting.popleft() for _ in range(min(self.MOST, len(self._waiting)))]
        before = connections[self._alias]
        connections[self._alias] = self._connection()
        try:
            self._commit_together(batch)
        finally:
            connections[self._alias] = before
            self._hand_over(batch, own)

    def _connection(self) -> BaseDatabaseWrapper:
        if self._shared is None:
            self._shared = connections.create_connection(self._alias)
            self._shared.inc_thread_sharing()
            with self._shared.cursor() as cursor:
                cursor.execute(f"PRAGMA wal_autocheckpoint={self.LOG_PAGES}")
        return self._shared

    def _hand_over(self, batch: list[_Asked], own: _Asked) -> None:
        # Unsettled ones are left only when the leader itself was interrupted.
        left = [asked for asked in batch if not asked.done and asked is not own]
        with self._guard:
            self._waiting.extendleft(reversed(left))
            following = self._waiting[0] if self._waiting else None
            self._busy = following is not None
        for asked in batch:
            if asked.done and asked is not own:
                asked.wake.release()
        if following is not None:
            following.wake.release()

    def _commit_together(self, batch: list[_Asked]) -> None:
        connection = self._connection()
        outcomes: list[tuple[_Asked, Any, Exception | None]] = []
        try:
            with transaction.atomic(using=self._alias):
                attempt = _attempt_alone if len(batch) == 1 else _attempt
                for asked in batch:
                    outcomes.append((asked, *attempt(connection, asked.work)))
        except Exception as trouble:
            self._commit_apart(batch, trouble)
            return
        for asked, result, error in outcomes:
            asked.settle(result, error)

    def _commit_apart(self, batch: list[_Asked], trouble: Exception) -> None:
        """One caller's work broke the common commit (a deferred constraint): find it by committing each alone."""
        if len(batch) == 1:
            batch[0].settle(None, as_conflict(trouble))
            return
        for asked in batch:
            self._commit_together([asked])


def _attempt_alone(connection: BaseDatabaseWrapper, work: Work[T]) -> tuple[T, None]:
    """Without a savepoint: its trouble undoes the whole transaction, which is its own."""
    with connection.wrap_database_errors:
        connection.ensure_connection()
        return work(connection), None


def _attempt(connection: BaseDatabaseWrapper, work: Work[T]) -> tuple[T | None, Exception | None]:
    """Under a savepoint: its trouble undoes nobody else's work."""
    with connection.wrap_database_errors:
        connection.ensure_connection()
        connection.connection.execute("SAVEPOINT one_of_many")
    try:
        with connection.wrap_database_errors:
            result = work(connection)
    except Exception as trouble:  # handed to the caller it belongs to
        connection.connection.execute("ROLLBACK TO one_of_many")
        connection.needs_rollback = False
        return None, _seen(trouble)
    finally:
        connection.connection.execute("RELEASE one_of_many")
    return result, None


def _seen(trouble: Exception) -> Exception:
    seen = as_conflict(trouble)
    assert isinstance(seen, Exception)
    return seen
