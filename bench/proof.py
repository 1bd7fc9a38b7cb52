"""What a measurement left behind, asked of the database by statements of its own."""

from __future__ import annotations

from typing import Final

from django.db import connections

_DECLARED: Final = {
    "cases": "SELECT count(*) FROM closing_case WHERE state = 'declared'",
    "declarations": "SELECT count(*) FROM closing_declaration d JOIN closing_case c ON c.id = d.case_id",
    "bound": "SELECT count(*) FROM closing_case c JOIN subscribers_line l ON l.id = c.line_id WHERE c.state = 'declared'",
    "told": "SELECT count(*) FROM closing_notice WHERE template = 'declared'",
    "jobs": "SELECT count(DISTINCT subject_id) FROM work_job WHERE kind = 'case.advance'",
    "events": "SELECT count(*) FROM audit_event WHERE kind = 'case.declared'",
}
_CEASED: Final = {
    "closed": "SELECT count(*) FROM closing_case WHERE state = 'closed'",
    "ended": "SELECT count(*) FROM numbers_tenure WHERE ending = 'ceased'",
    "dead": "SELECT count(*) FROM numbers_sim WHERE state = 'dead'",
    "lines": "SELECT count(*) FROM subscribers_line WHERE closed_at IS NOT NULL",
    "resting": "SELECT count(*) FROM numbers_pendingrelease p JOIN numbers_tenure t ON t.id = p.tenure_id "
    "AND t.reclaim_until = p.reclaim_until",
    "effects": "SELECT count(*) / 7 FROM closing_effect WHERE state = 'done'",
    "told": "SELECT count(*) FROM closing_notice WHERE template = 'ceased'",
    "events": "SELECT count(*) FROM audit_event WHERE kind = 'tenure.ceased'",
}


def prove(work: str) -> dict[str, object]:
    """Every count that must agree; ``proved`` tells whether they do, and that there was anything at all."""
    with connections["default"].cursor() as cursor:
        counts = {}
        for name, statement in (_DECLARED if work == "declare" else _CEASED).items():
            cursor.execute(statement)
            counts[name] = int(cursor.fetchone()[0])
    return {"left": counts, "proved": len(set(counts.values())) == 1 and min(counts.values()) > 0}
