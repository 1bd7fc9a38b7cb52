"""How long each step took, against its target: of the cases that came to an end in a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lastcall.core.database import DatabaseStore
from lastcall.core.figures.reading import found, member, seconds, through
from lastcall.core.policies.policy import Policy

RECEIPT: Final = "receipt"
IDENTITY: Final = "identity"
ACCEPTANCE: Final = "acceptance"
REVIEW: Final = "review"
CEASE: Final = "cease"
REFUND: Final = "refund"
STEPS: Final = (RECEIPT, IDENTITY, ACCEPTANCE, REVIEW, CEASE, REFUND)
"""Declaration to the copy of the receipt sent; declaration to identity proved; identity to the hold; referred to decided; end of
the hold to the cease confirmed by the network; that to the refund ordered."""

_PROVED = """CASE WHEN in_person_at IS NOT NULL THEN in_person_at
  WHEN document_ok_at IS NULL OR code_ok_at IS NULL THEN NULL
  WHEN document_ok_at > code_ok_at THEN document_ok_at ELSE code_ok_at END"""

_TELLING: Final = "e.kind IN ('case.hold', 'case.refer', 'case.approve', 'case.reject', 'case.freeze')"
"""Spelled like the partial index on events, or it could not be used."""


@dataclass(frozen=True, slots=True)
class Step:
    """``count`` cases took ``total`` seconds; the middle one ``median``, nine of ten at most ``ninth`` (nearest rank).

    ``target`` in seconds; ``within``: how many kept it.
    """

    name: str
    target: int
    count: int = 0
    total: int = 0
    median: int | None = None
    ninth: int | None = None
    within: int = 0


def targets(policy: Policy) -> Mapping[str, int]:
    """The target of each step in seconds (policies ``figures.target_*``, ``review.deadline_hours``, ``refund.deadline_days``)."""
    return {
        RECEIPT: policy.figures_target_receipt_seconds,
        IDENTITY: policy.figures_target_identity_hours * 3600,
        ACCEPTANCE: policy.figures_target_acceptance_hours * 3600,
        REVIEW: policy.review_deadline_hours * 3600,
        CEASE: policy.figures_target_cease_minutes * 60,
        REFUND: policy.refund_deadline_days * 24 * 3600,
    }


def steps(rows: DatabaseStore, *, since: datetime, until: datetime, policy: Policy, door: str = "") -> tuple[Step, ...]:
    """Every step of the cases that ended in ``[since, until)``, in order, also those that nobody took."""
    waits, values = _waits(rows, since, until, door)
    aims = targets(policy)
    aim = "CASE step " + " ".join(f"WHEN '{name}' THEN {int(aims[name])}" for name in STEPS) + " END"
    sql = f"""{waits}, ranked AS (SELECT step, took, ROW_NUMBER() OVER (PARTITION BY step ORDER BY took) AS place,
        COUNT(*) OVER (PARTITION BY step) AS many FROM waits)
      SELECT step, COUNT(*), SUM(took), MAX(CASE WHEN place = (many + 1) / 2 THEN took END),
        MAX(CASE WHEN place = (9 * many + 9) / 10 THEN took END), SUM(CASE WHEN took <= {aim} THEN 1 ELSE 0 END)
      FROM ranked GROUP BY step"""
    made = {row[0]: [int(value) for value in row[1:]] for row in found(rows, sql, values)}
    return tuple(Step(name, aims[name], *made.get(name, ())) for name in STEPS)


def sums(rows: DatabaseStore, *, since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """Step -> (cases, seconds together) of the cases that ended in ``[since, until)``."""
    waits, values = _waits(rows, since, until, "")
    counted = found(rows, f"{waits} SELECT step, COUNT(*), SUM(took) FROM waits GROUP BY step", values)
    return {row[0]: (int(row[1]), int(row[2])) for row in counted}


def _waits(rows: DatabaseStore, since: datetime, until: datetime, door: str) -> tuple[str, list[datetime | str]]:
    clause, doors = through(door)
    sql = f"""WITH ended AS MATERIALIZED (SELECT id, declared_at, {_PROVED} AS proved_at, hold_until, network_confirmed_at
        FROM closing_case WHERE ended_at IS NOT NULL AND ended_at >= %s AND ended_at < %s{clause}),
      told AS MATERIALIZED (SELECT e.case_id, e.id, e.at, e.kind, e.source FROM ended JOIN audit_event e ON e.case_id = ended.id
        WHERE {_TELLING} AND (e.kind <> 'case.freeze' OR (e.target = 'review' AND e.source <> 'review'))),
      held AS (SELECT case_id, MIN(at) AS at FROM told WHERE kind = 'case.hold' GROUP BY case_id),
      seen AS (SELECT kind, source, at, LAG(kind) OVER mine AS kind_before, LAG(at) OVER mine AS at_before FROM told
        WHERE kind <> 'case.hold' WINDOW mine AS (PARTITION BY case_id ORDER BY id)),
      waits(step, took) AS (
        SELECT '{RECEIPT}', {seconds(rows, "r.queued_at", "r.sent_at")} FROM ended JOIN closing_receiptcopy r
          ON r.case_id = ended.id WHERE r.sent_at IS NOT NULL
        UNION ALL SELECT '{IDENTITY}', {seconds(rows, "declared_at", "proved_at")} FROM ended WHERE proved_at IS NOT NULL
        UNION ALL SELECT '{ACCEPTANCE}', {seconds(rows, "ended.proved_at", "held.at")} FROM ended JOIN held
          ON held.case_id = ended.id WHERE held.at >= ended.proved_at
        UNION ALL SELECT '{REVIEW}', {seconds(rows, "at_before", "at")} FROM seen
          WHERE kind IN ('case.approve', 'case.reject') AND source = 'review' AND kind_before IN ('case.refer', 'case.freeze')
        UNION ALL SELECT '{CEASE}', {seconds(rows, "hold_until", "network_confirmed_at")} FROM ended
          WHERE network_confirmed_at >= hold_until
        UNION ALL SELECT '{REFUND}', {seconds(rows, "ended.network_confirmed_at", "f.done_at")} FROM ended JOIN closing_effect f
          ON f.case_id = ended.id AND f.step = 'refund' WHERE f.done_at >= ended.network_confirmed_at
          AND CAST({member(rows, "f.evidence", "amount")} AS BIGINT) > 0)"""
    return sql, [since, until, *doors]
