"""Letters of the case that is open on this device, as PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.reading import readings
from lastcall.core.closing import letters
from lastcall.core.closing.case import Case
from lastcall.core.closing.letters import Destroyed, Letter
from lastcall.core.closing.letters.cover_sheet import PAPERS
from lastcall.core.closing.papers import PaperSheet
from lastcall.core.closing.scan import Scan
from lastcall.core.closing.story import is_proved, story
from lastcall.core.database import database
from lastcall.core.errors import Refused
from lastcall.core.numbers.sim import Sim
from lastcall.core.ports import Printer
from lastcall.core.provided import provided
from lastcall.core.store import Store
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Document, Representative, Subscriber
from lastcall.doors.portal.acting import go, of_open_case
from lastcall.doors.portal.pages.asked import asked_about, shows_asked
from lastcall.doors.portal.pages.receipt import pdf
from lastcall.doors.screens.reader import pack, spoken

Builder = Callable[[Store, Case], Letter]


@require_safe
@of_open_case("case")
def letter(request: HttpRequest, case: Case, kind: str) -> HttpResponse:
    """One letter. Its name says what it is, never whose."""
    build = BUILDERS.get(kind)
    if build is None:
        raise Http404
    try:
        made = database().transact(lambda rows: build(rows, case))
    except Refused:
        return go(request, "case", saying="no_letter")
    return pdf(provided(Printer).make(made), kind)


def available(rows: Store, case: Case) -> tuple[str, ...]:
    """The kinds of letters that there are for the case now."""
    kinds = ["case-file", "statement"]
    if case.state == "closed" and is_proved(case):
        kinds.append("end-notice")
    if is_proved(case) and _gone(rows, case):
        kinds.append("destruction-record")
    return (*kinds, "power-memo")


def _statement(rows: Store, case: Case) -> Letter:
    line = rows.one(Line, {"id": case.line_id}) if case.line_id and is_proved(case) else None
    holder = rows.one(Subscriber, {"id": line.subscriber_id}) if line else None
    documents = rows.some(Document, {"subscriber_id": holder.id}, order="-id", limit=1) if holder else []
    acting = rows.one(Representative, {"id": case.representative_id}) if case.representative_id else None
    return letters.statement(
        case=case, pack=pack(), language=spoken(), holder=holder, document=documents[0] if documents else None,
        representative=acting,
    )  # fmt: skip


def _end_notice(rows: Store, case: Case) -> Letter:
    return letters.end_notice(story=story(rows, case=case), pack=pack(), language=spoken())


def _destruction_record(rows: Store, case: Case) -> Letter:
    log = rows.some(Event, {"case_id": case.id, "kind__in": ("photo.destroyed", "sim.destroyed")}, order="id")
    return letters.destruction_record(
        case=case, destroyed=_gone(rows, case), log=log, pack=pack(), language=spoken(), now=clock.now()
    )


def _gone(rows: Store, case: Case) -> tuple[Destroyed, ...]:
    line = rows.one(Line, {"id": case.line_id}) if case.line_id else None
    sim = rows.one(Sim, {"id": line.sim_id}) if line else None
    cards = [letters.destroyed_sim(sim)] if sim is not None and sim.destroyed_at is not None else []
    photos = [_photo(scan, case) for scan in rows.some(Scan, {"case_id": case.id}, order="id") if scan.destroyed_at]
    return (*cards, *photos)


def _photo(scan: Scan, case: Case) -> Destroyed:
    assert scan.destroyed_at is not None
    ended = {"withdrawn": "withdrawn", "lapsed": "lapsed"}.get(case.state, "decided")
    reason = "time_over" if scan.destroyed_at >= scan.keep_until else ended
    return Destroyed(
        thing="passport_photo", at=scan.destroyed_at, role="system", reason=reason, method="key_destroyed",
        mark=f"{scan.given_at:%Y-%m-%d %H:%M:%S}Z", system="Lastcall",
    )  # fmt: skip


def _power_memo(rows: Store, case: Case) -> Letter:
    return letters.power_memo(pack=pack(), language=spoken(), now=clock.now())


def _cover_sheet(rows: Store, case: Case) -> Letter:
    sheets = rows.some(PaperSheet, {"case_id": case.id}, order="id")
    if not sheets:
        raise Refused("no papers were announced", code="no_sheet", remedy="Say first which papers will come.")
    kinds = [kind for kind in sheets[-1].kinds.split() if kind in PAPERS]
    return letters.cover_sheet(token=sheets[-1].barcode, papers=kinds, pack=pack(), language=spoken(), now=clock.now())


def _case_file(rows: Store, case: Case) -> Letter:
    looks = readings(rows, case_id=case.id)
    return letters.case_file(
        story=story(rows, case=case), pack=pack(), language=spoken(), now=clock.now(), looks=looks,
        asked=asked_about(rows, case) if shows_asked(case) else None,
    )  # fmt: skip


BUILDERS: Final[Mapping[str, Builder]] = {
    "case-file": _case_file,
    "statement": _statement,
    "end-notice": _end_notice,
    "destruction-record": _destruction_record,
    "power-memo": _power_memo,
    "cover-sheet": _cover_sheet,
}
"""The last part of the address -> what makes the letter."""
