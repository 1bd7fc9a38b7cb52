"""What holds cases up: reasons of checks that did not pass, and refused identities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lastcall.core.database import DatabaseStore
from lastcall.core.figures.period import Period
from lastcall.core.figures.reading import found, member, through

INDEXED = "(kind IN ('case.refer', 'case.wait', 'work.alerted') OR reason = 'identity_refused')"
"""Spelled like the partial index on events, or it could not be used."""


@dataclass(frozen=True, slots=True)
class Reason:
    """``cases``: how many cases a check did not let through; ``outcome``: ``failed`` or ``person``."""

    check: str
    outcome: str
    reason: str
    cases: int


def failing_now(rows: DatabaseStore, *, door: str = "") -> tuple[Reason, ...]:
    """Of the cases that wait for their subscriber or for a person now; the most frequent first."""
    clause, values = through(door, "c.door")
    where = f"c.ended_at IS NULL AND c.state IN ('waiting', 'review'){clause}"
    return _reasons(rows, "closing_case c", "c.results", where, "c.id", values)


def held_up(rows: DatabaseStore, period: Period, *, door: str = "") -> tuple[Reason, ...]:
    """Of the cases that began to wait, or were referred to a person, in the period; the most frequent first."""
    clause, values = through(door, "c.door")
    where = f"{INDEXED} AND kind IN ('case.refer', 'case.wait') AND at >= %s AND at < %s{clause}"
    source = "audit_event e" if not door else "audit_event e JOIN closing_case c ON c.id = e.case_id"
    data = "json_extract(e.data, '$.results')" if rows.sqlite else "(e.data::jsonb -> 'results')"
    return _reasons(rows, source, data, where, "e.case_id", [period.since, period.until, *values])


def _reasons(
    rows: DatabaseStore, source: str, results: str, where: str, counted: str, values: Sequence[object]
) -> tuple[Reason, ...]:
    if rows.sqlite:
        name, each, outcome, reason = (
            "r.key",
            f"json_each({results})",
            _of("r.value", "outcome"),
            _of("r.value", "reason"),
        )
    else:
        name, each = "r.key", f"LATERAL jsonb_each({results}::jsonb)"
        outcome, reason = "(r.value ->> 'outcome')", "(r.value ->> 'reason')"
    sql = (
        f"SELECT {name}, {outcome}, {reason}, COUNT(DISTINCT {counted}) AS cases FROM {source} CROSS JOIN {each} AS r "
        f"WHERE {where} AND {outcome} IN ('failed', 'person') GROUP BY {name}, {outcome}, {reason}"
    )
    made = (Reason(row[0], row[1], row[2] or "", int(row[3])) for row in found(rows, sql, values))
    return tuple(sorted(made, key=lambda one: (-one.cases, one.check, one.reason)))


def _of(column: str, name: str) -> str:
    return f"json_extract({column}, '$.{name}')"


@dataclass(frozen=True, slots=True)
class Refusals:
    """Wrong answers to the question who it is, through ``door``: ``what`` is ``document`` or ``code``."""

    door: str
    what: str
    count: int


def identity_refusals(rows: DatabaseStore, period: Period, *, door: str = "") -> tuple[Refusals, ...]:
    """Refused proofs of identity in the period."""
    clause, values = through(door)
    what = f"CASE WHEN {member(rows, 'data', 'code')} IS NULL THEN 'document' ELSE 'code' END"
    sql = (
        f"SELECT door, {what}, COUNT(*) FROM audit_event WHERE {INDEXED} AND kind = 'case.prove' "
        f"AND reason = 'identity_refused' AND at >= %s AND at < %s{clause} GROUP BY door, {what}"
    )
    made = (Refusals(row[0], row[1], int(row[2])) for row in found(rows, sql, [period.since, period.until, *values]))
    return tuple(sorted(made, key=lambda one: (one.door, one.what)))
