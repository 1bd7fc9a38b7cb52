"""Papers by post: the cover sheet that the subscriber prints, and the arrival that staff scan."""

from __future__ import annotations

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, move
from lastcall.core.closing.evidence import taking_in
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.lifecycle import CASE
from lastcall.core.closing.paper import KINDS, PaperSheet, key_of, token_of
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import one_of

__all__ = ["KINDS", "PaperSheet", "announce", "arrived", "sheets"]


@transaction
def announce(rows: Store, *, case_id: int, kinds: tuple[str, ...], actor: Actor) -> PaperSheet:
    """A cover sheet for these papers; while it has not arrived, the same papers have the same sheet.

    Whether the number is a line of ours makes no difference. Raises ``BadInput`` (``bad_papers``, ``no_papers``), ``NotAllowed``
    when the case has ended.
    """
    for kind in kinds:
        one_of("papers", kind, KINDS)
    if not kinds:
        raise BadInput("no papers were named", code="no_papers", remedy=f"One or more of: {', '.join(KINDS)}.")
    case, now = read_case(rows, case_id), clock.now()
    wanted = " ".join(kind for kind in KINDS if kind in kinds)
    plan = move(case, "prove", actor=actor, now=now, data={"given": "paper sheet", "kinds": wanted})
    if (known := rows.one(PaperSheet, {"case_id": case.id, "kinds": wanted, "arrived_at": None})) is not None:
        return known
    sheet_id = clock.new_id()
    sheet = PaperSheet(
        id=sheet_id, case_id=case.id, kinds=wanted, barcode_key=key_of(token_of(sheet_id)), announced_at=now
    )
    rows.apply(Plan((Insert(sheet),)) + plan)
    return sheet


@transaction
def arrived(rows: Store, *, barcode: str, actor: Actor) -> Case:
    """The envelope with this sheet is here. What is in it is put on file afterwards, as any papers.

    Noted also when the case has ended meanwhile. Raises ``Refused`` (``not_staff``, ``already_arrived``), ``NotFound``.
    """
    if not actor.is_staff:
        raise Refused(
            "only staff take papers in", code="not_staff", remedy="Send them by post or bring them to a shop."
        )
    sheet = rows.one(PaperSheet, {"barcode_key": key_of(barcode)})
    if sheet is None:
        raise NotFound(
            "no cover sheet has this barcode", remedy="Scan it again, or look for the case by its reference."
        )
    if sheet.arrived_at is not None:
        raise Refused("this sheet has arrived before", code="already_arrived", remedy="See the case for when.")
    case, now = read_case(rows, sheet.case_id), clock.now()
    here = Change(PaperSheet, {"id": sheet.id, "arrived_at": None}, {"arrived_at": now, "received_by": str(actor)})
    told = _tell(case, sheet, actor)
    rows.apply(Plan((here,)) + told)
    return after(case, told)


def _tell(case: Case, sheet: PaperSheet, actor: Actor) -> Plan:
    now, data = clock.now(), {"given": "paper arrived", "kinds": sheet.kinds}
    action = taking_in(actor)
    if any(row.action == action and row.source == case.state for row in CASE):
        return move(case, action, actor=actor, now=now, data=data, papers_arrived_at=now)
    event = Event(
        at=now, kind="papers.arrived", subject="case", subject_id=case.id, case_id=case.id, actor=str(actor),
        door=actor.door, data={"kinds": sheet.kinds},
    )  # fmt: skip
    return Plan(events=(event,))


def sheets(rows: Store, case_id: int) -> tuple[PaperSheet, ...]:
    """The cover sheets of a case, in the order in which they were made."""
    return tuple(rows.some(PaperSheet, {"case_id": case_id}, order="id"))
