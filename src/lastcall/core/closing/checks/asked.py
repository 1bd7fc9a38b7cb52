"""Has the subscriber given what a reviewer asked for?"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lastcall.core.closing.checks.result import FAILED, PASSED, Result
from lastcall.core.closing.facts import Bound, Facts

_REASONS: Final = {
    "photo": "asked_photo",
    "in_person": "asked_in_person",
    "papers": "asked_papers",
    "signature": "asked_signature",
}


def asked(facts: Facts, bound: Bound) -> Result:
    """What a reviewer asked for has come since; nothing asked is nothing missing."""
    case = facts.case
    if not case.asked or _is_given(facts):
        return Result("asked", PASSED)
    return Result("asked", FAILED, _REASONS[case.asked])


def _is_given(facts: Facts) -> bool:
    case, papers = facts.case, facts.representative
    given: dict[str, bool] = {
        # A new photo sets the decision about the former one back.
        "photo": (case.photo != "" and case.photo_decided_at is None) or _since(case.asked_at, case.in_person_at),
        "in_person": _since(case.asked_at, case.in_person_at),
        "papers": _since(case.asked_at, case.papers_arrived_at, papers.on_file_since if papers else None),
        "signature": _since(case.asked_at, case.signed_at),
    }
    return given[case.asked]


def _since(asked_at: datetime | None, *given: datetime | None) -> bool:
    return any(at is not None and asked_at is not None and at >= asked_at for at in given)
