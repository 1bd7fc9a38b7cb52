"""What went wrong or waits: errors of the HLR, work that ran out of tries, open alerts, messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from lastcall.core.database import DatabaseStore
from lastcall.core.figures.reading import found, member, word
from lastcall.core.figures.reasons import INDEXED

_HLR_JOBS: Final = "('case.cease', 'hlr.provision', 'hlr.remove')"
_NOT_THE_HLR: Final = (
    "('bill_changed', 'bill_mismatch', 'conflict', 'key_reused', 'ledger_unavailable', 'no_final_bill', 'not_ceasing', "
    "'still_charging', 'stopped_meanwhile', 'unexpected', 'unfinished', 'unknown_line')"
)
"""Codes with which a cease stops for other reasons than the HLR."""

RECOVERED: Final = "recovered"
TRYING: Final = "trying"
GAVE_UP: Final = "gave_up"
OUTCOMES: Final = (RECOVERED, TRYING, GAVE_UP)


@dataclass(frozen=True, slots=True)
class HlrError:
    """Orders whose last trouble with the HLR was ``code``; ``outcome``: done at a later try, still tried, or given up."""

    code: str
    outcome: str
    count: int


def hlr_errors(rows: DatabaseStore, *, since: datetime, until: datetime) -> tuple[HlrError, ...]:
    """Of orders that were finished in ``[since, until)``, and of those that are not finished yet; the most frequent first."""
    code = word(rows, "last_error")
    outcome = f"CASE state WHEN 'done' THEN '{RECOVERED}' WHEN 'dead' THEN '{GAVE_UP}' ELSE '{TRYING}' END"
    sql = (
        f"SELECT {code}, {outcome}, COUNT(*) FROM work_job WHERE last_error <> '' AND kind IN {_HLR_JOBS} "
        f"AND (finished_at IS NULL OR (finished_at >= %s AND finished_at < %s)) AND {code} NOT IN {_NOT_THE_HLR} "
        f"GROUP BY {code}, {outcome}"
    )
    return _errors(found(rows, sql, [since, until]))


def hlr_errors_ever(rows: DatabaseStore) -> tuple[HlrError, ...]:
    """Of all time: orders that were done at a later try, and each time that one was given up. These only grow."""
    done, detail = word(rows, "last_error"), word(rows, member(rows, "data", "detail"))
    recovered = (
        f"SELECT {done}, '{RECOVERED}', COUNT(*) FROM work_job WHERE last_error <> '' AND kind IN {_HLR_JOBS} "
        f"AND state = 'done' AND {done} NOT IN {_NOT_THE_HLR} GROUP BY {done}"
    )
    gave_up = (
        f"SELECT {detail}, '{GAVE_UP}', COUNT(*) FROM audit_event WHERE {INDEXED} AND kind = 'work.alerted' "
        f"AND reason IN {_HLR_JOBS} AND {detail} NOT IN {_NOT_THE_HLR} GROUP BY {detail}"
    )
    return _errors(found(rows, recovered) + found(rows, gave_up))


def _errors(counted: Iterable[tuple[str, str, int]]) -> tuple[HlrError, ...]:
    made = (HlrError(code, outcome, int(count)) for code, outcome, count in counted)
    return tuple(sorted(made, key=lambda one: (-one.count, one.code, one.outcome)))


@dataclass(frozen=True, slots=True)
class Work:
    """Jobs of one kind that are not done. ``state``: ``queued``, ``leased`` or ``dead``; ``due`` by now, and not given up;
    ``oldest``: the earliest due date."""

    kind: str
    state: str
    count: int
    due: int
    oldest: datetime | None


def open_work(rows: DatabaseStore, *, now: datetime) -> tuple[Work, ...]:
    """Jobs that are not done, by kind and state."""
    # Spelled like the partial index on open jobs: done ones stay, and are many.
    sql = (
        "SELECT kind, state, COUNT(*), SUM(CASE WHEN state <> 'dead' AND due_at <= %s THEN 1 ELSE 0 END), MIN(due_at) "
        "FROM work_job "
        "WHERE state IN ('queued', 'leased', 'dead') GROUP BY kind, state ORDER BY kind, state"
    )
    return tuple(Work(row[0], row[1], int(row[2]), int(row[3]), _aware(row[4])) for row in found(rows, sql, [now]))


def _aware(moment: datetime | str | None) -> datetime | None:
    if moment is None:
        return None
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Messages:
    """``waiting``: due and not sent yet; ``undeliverable``: given up."""

    waiting: int
    undeliverable: int


def messages(work: Iterable[Work]) -> Messages:
    """Of the messages that are not sent."""
    sending = [one for one in work if one.kind.endswith((".send", ".answer"))]
    dead = sum(one.count for one in sending if one.state == "dead")
    return Messages(sum(one.due for one in sending if one.state != "dead"), dead)


def texts_failed(rows: DatabaseStore, *, since: datetime, until: datetime) -> int:
    """Short messages that the SMSC took and could not deliver, by its reports in ``[since, until)``."""
    sql = "SELECT COUNT(*) FROM texting_submission WHERE outcome = 'failed' AND outcome_at >= %s AND outcome_at < %s"
    return int(found(rows, sql, [since, until])[0][0])


def dead(work: Iterable[Work]) -> int:
    """How many jobs ran out of tries."""
    return sum(one.count for one in work if one.state == "dead")


def open_alerts(rows: DatabaseStore) -> dict[str, int]:
    """Alerts that nobody has resolved, by code."""
    sql = "SELECT code, COUNT(*) FROM work_alert WHERE resolved_at IS NULL GROUP BY code ORDER BY code"
    return {row[0]: int(row[1]) for row in found(rows, sql)}
