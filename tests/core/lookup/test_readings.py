"""The three readings of one evidence, and the pair of the index: every rule as a row."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lastcall.core.lookup import pair
from lastcall.core.lookup.evidence import Evidence, Span
from lastcall.core.lookup.readings import camara, disconnect, rich

LI_WEI, ANNA, SERGEI = 1, 2, 3
TODAY = date(2026, 11, 23)
KNOWN_SINCE = date(2020, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def held(holder: int, since: str, until: str | None = None, ending: str = "ceased") -> Span:
    return Span(holder, day(since), day(until) if until else None, ending if until else "")


def seen(*spans: Span, state: str = "", covered: bool = True) -> Evidence:
    lasts = bool(spans) and spans[-1].until is None
    return Evidence(
        spans,
        state or ("in_service" if lasts else "available"),
        covered,
        KNOWN_SINCE,
        datetime(2026, 11, 23, 12, tzinfo=UTC),
    )


ONE_HOLDER = seen(held(LI_WEI, "2023-10-09"))
REISSUED = seen(held(LI_WEI, "2023-10-09", "2024-02-25"), held(ANNA, "2024-09-21"))
RESTING = seen(held(LI_WEI, "2023-10-09", "2026-10-01"), state="quarantined")
PENDING = seen(held(LI_WEI, "2023-10-09", "2026-10-01"), state="pending_release")
FREE = seen(held(LI_WEI, "2023-10-09", "2024-02-25"))
CAME_BACK = seen(held(LI_WEI, "2023-10-09", "2024-02-25"), held(LI_WEI, "2024-03-05"))
BACK_AFTER_ANOTHER = seen(
    held(LI_WEI, "2021-01-01", "2022-01-01"), held(ANNA, "2022-09-01", "2023-01-01"), held(LI_WEI, "2023-09-01")
)
TRANSFERRED = seen(held(LI_WEI, "2023-10-09", "2024-02-25", "transferred"), held(ANNA, "2024-02-25"))
PORTED_OUT = seen(held(LI_WEI, "2023-10-09", "2024-02-25", "ported_out"), state="ported_out")
PORTED_AND_BACK = seen(held(LI_WEI, "2023-10-09", "2024-02-25", "ported_out"), state="quarantined")
NEVER_HELD = seen()
NOT_OURS = seen(covered=False)
WITHDRAWN = seen(held(LI_WEI, "2023-10-09", "2024-02-25"), state="withdrawn")
REISSUED_THEN_CLOSED = seen(
    held(LI_WEI, "2021-01-01", "2022-01-01"), held(ANNA, "2022-09-01", "2026-11-01"), state="pending_release"
)

ROWS = [
    # evidence, the day asked about, camara, disconnect, rich
    (ONE_HOLDER, "2023-12-22", "false", "no", "same_holder"),
    (ONE_HOLDER, "2023-10-09", "false", "no", "same_holder"),
    (ONE_HOLDER, "2023-10-08", "true", "no", "issued"),
    (ONE_HOLDER, "2026-11-23", "false", "no", "same_holder"),
    (ONE_HOLDER, "2026-11-24", "out_of_range", "future_date", "future_date"),
    (ONE_HOLDER, "2020-01-01", "true", "no", "issued"),
    (ONE_HOLDER, "2019-12-31", "out_of_range", "no_data", "no_data"),
    (REISSUED, "2023-12-22", "true", "yes", "reissued"),
    (REISSUED, "2024-02-25", "true", "yes", "reissued"),
    (REISSUED, "2024-02-26", "true", "no", "reissued"),
    (REISSUED, "2024-09-20", "true", "no", "reissued"),
    (REISSUED, "2024-09-21", "false", "no", "same_holder"),
    (REISSUED, "2019-12-31", "out_of_range", "yes", "no_data"),
    (RESTING, "2024-01-01", "true", "yes", "quarantined"),
    (RESTING, "2026-10-15", "true", "no", "quarantined"),
    (PENDING, "2024-01-01", "true", "yes", "pending_release"),
    (FREE, "2024-01-01", "true", "yes", "not_held"),
    (FREE, "2025-01-01", "true", "no", "not_held"),
    (CAME_BACK, "2024-01-01", "false", "yes", "returned"),
    (CAME_BACK, "2024-03-01", "true", "no", "returned"),
    (CAME_BACK, "2024-03-05", "false", "no", "same_holder"),
    (BACK_AFTER_ANOTHER, "2021-06-01", "true", "yes", "returned_after_another"),
    (BACK_AFTER_ANOTHER, "2022-10-01", "true", "yes", "reissued"),
    (BACK_AFTER_ANOTHER, "2023-10-01", "false", "no", "same_holder"),
    (TRANSFERRED, "2024-01-01", "true", "no", "transferred"),
    (TRANSFERRED, "2024-02-25", "false", "no", "same_holder"),
    (PORTED_OUT, "2024-01-01", "not_found", "no_data", "ported_out"),
    (PORTED_OUT, "2025-01-01", "not_found", "no_data", "ported_out"),
    (PORTED_AND_BACK, "2024-01-01", "true", "no", "quarantined"),
    (NEVER_HELD, "2024-01-01", "not_found", "no", "not_held"),
    (NOT_OURS, "2024-01-01", "not_found", "no_data", "no_data"),
    (WITHDRAWN, "2024-01-01", "not_found", "yes", "no_data"),
    (WITHDRAWN, "2025-01-01", "not_found", "no_data", "no_data"),
    (REISSUED_THEN_CLOSED, "2021-06-01", "true", "yes", "reissued"),
    (REISSUED_THEN_CLOSED, "2023-06-01", "true", "yes", "pending_release"),
]


@pytest.mark.parametrize(("evidence", "asked", "continuity", "disconnected", "told_apart"), ROWS)
def test_a_reading_answers_as_its_rule_says(
    evidence: Evidence, asked: str, continuity: str, disconnected: str, told_apart: str
) -> None:
    answers = [reading(evidence, day(asked), today=TODAY) for reading in (camara, disconnect, rich)]
    assert answers == [continuity, disconnected, told_apart]


@pytest.mark.parametrize(("evidence", "asked", "continuity", "disconnected", "told_apart"), ROWS)
def test_the_pair_says_the_same_or_asks_the_database(
    evidence: Evidence, asked: str, continuity: str, disconnected: str, told_apart: str
) -> None:
    two = pair.pair_of(evidence)
    days = {"today": pair.day_number(TODAY), "known_since": pair.day_number(KNOWN_SINCE)}
    number = (day(asked) - pair.ORIGIN).days
    assert pair.camara(*two, number, **days) in {continuity, None}
    assert pair.disconnect(*two, number, **days) in {disconnected, None}
    assert (two == (pair.COMPLEX, pair.COMPLEX)) == (evidence in (CAME_BACK, PORTED_OUT, PORTED_AND_BACK, WITHDRAWN))


def test_a_day_survives_its_number() -> None:
    assert pair.day_from(pair.day_number(TODAY)) == TODAY
    assert pair.day_number(date(2000, 1, 1)) == pair.FIRST_DAY
    assert pair.day_number(date(1990, 1, 1)) == pair.FIRST_DAY
    assert pair.day_number(date(2999, 1, 1)) == pair.COMPLEX - 1
