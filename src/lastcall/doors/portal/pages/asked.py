"""Who asked about the number, and who was told, while it was this holder's and while it rested."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse

from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.story import is_proved
from lastcall.core.lookup.days import day_of
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.relying import asked as asking
from lastcall.core.relying.asked import Asking
from lastcall.core.store import Store
from lastcall.core.telling import telling
from lastcall.doors.portal.acting import go, of_open_case, read, show
from lastcall.doors.portal.presenters.asked import asked_lines

MOST: Final = 400
"""So many lines at most stand on the page, the newest ones."""
_NOT_CLOSING: Final = frozenset({"withdrawn", "rejected", "lapsed"})


def shows_asked(case: Case) -> bool:
    """Whether the case tells it: identity was proved, and the line is being closed or is closed."""
    return case.tenure_id is not None and is_proved(case) and case.state not in _NOT_CLOSING


def asked_about(rows: Store, case: Case) -> tuple[Asking, ...]:
    """Who asked or was told about the number of a case that :func:`shows_asked`, the newest first, a line for each day and kind of
    organisation; nothing of what came after the number's release."""
    tenure = rows.one(Tenure, {"id": case.tenure_id})
    assert tenure is not None
    since, until = day_of(tenure.since), _last_day(rows, tenure)
    found = (
        *asking.of_number(rows, msisdn=tenure.msisdn, since=since, until=until),
        *telling.of_number(rows, msisdn=tenure.msisdn, since=since, until=until),
    )
    return tuple(sorted(found, key=lambda each: (-each.day.toordinal(), each.category, each.kind)))


def _last_day(rows: Store, tenure: Tenure) -> date | None:
    """The day of the release; of a day on which somebody else has the number already, nothing is told."""
    of_release = {"subject": "tenure", "subject_id": tenure.id, "kind": "number.released"}
    days = [day_of(event.at) for event in rows.some(Event, of_release, order="-id", limit=1)]
    following = rows.one(Tenure, {"msisdn": tenure.msisdn, "ordinal": tenure.ordinal + 1})
    if following is not None:
        days.append(day_of(following.since) - timedelta(days=1))
    return min(days, default=None)


@of_open_case("case-asked")
def asked(request: HttpRequest, case: Case) -> HttpResponse:
    """All of them, by day."""
    if not is_proved(case):
        return go(request, "case-identity")
    if not shows_asked(case):
        return go(request, "case", saying="nothing_needed")
    lines = asked_lines(read(lambda rows: asked_about(rows, case)) or ())
    return show(request, case, "asked.html", {"lines": lines[:MOST], "more": len(lines) > MOST})
