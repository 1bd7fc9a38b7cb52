"""Work that stopped and waits for a person: what it is, another try, and the end of an alert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lastcall.core import clock, work
from lastcall.core.actor import ADMINISTRATOR, NUMBER_MANAGER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.code import Code
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.receipt_copy import ReceiptCopy
from lastcall.core.closing.scan import Scan
from lastcall.core.errors import NotAllowed, NotFound
from lastcall.core.job import Alert, Job
from lastcall.core.plan import Change, Plan
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import one_of

RESOLUTIONS: Final = ("mended", "done_by_hand", "no_longer_needed", "passed_on")
MOST: Final = 200
_MAY: Final = frozenset({NUMBER_MANAGER, ADMINISTRATOR})
_ROWS_OF_A_CASE: Final[dict[str, type[Notice] | type[ReceiptCopy] | type[Code] | type[Scan]]] = {
    "notice.send": Notice, "receipt.send": ReceiptCopy, "code.send": Code, "photo.read": Scan,
}  # fmt: skip
_SUBJECTS: Final = {"hlr.provision": "line", "billing.open": "line", "hlr.remove": "sim"}


@dataclass(frozen=True, slots=True)
class Stuck:
    """One open alert. ``kind``: of the job, or the alert's own code; ``error``: the last error's code alone.

    ``subject``: ``case``, ``line`` or ``sim``, empty when it is about none; ``job_id``: what can be tried again, if anything can.
    """

    alert_id: int
    kind: str
    subject: str
    subject_id: int
    since: datetime
    tries: int
    error: str
    job_id: int | None


@transaction
def stuck(rows: Store) -> tuple[Stuck, ...]:
    """The open alerts, the oldest first, at most :data:`MOST`. A job never dies without one."""
    found = rows.some(Alert, {"resolved_at": None}, order="at", limit=MOST)
    return tuple(_stuck(rows, alert) for alert in found if _is_work(alert))


def _is_work(alert: Alert) -> bool:
    """Alerts about the staff are the auditor's (``core/staff/viewing.py``), relying parties' have a page of their own."""
    return not alert.code.startswith(("staff.", "relying."))


def _stuck(rows: Store, alert: Alert) -> Stuck:
    subject, subject_id = subject_of(rows, alert.code, alert.subject_id)
    job = rows.one(Job, {"id": alert.job_id, "state": "dead"}) if alert.job_id else None
    return Stuck(
        alert.id, alert.code, subject, subject_id, alert.at, job.attempts if job else 0,
        _code(job.last_error if job else alert.detail), job.id if job else None,
    )  # fmt: skip


def _code(error: str) -> str:
    """``not_done`` of ``not_done: what was said``: the words themselves stay in the log."""
    return error.partition(":")[0]


def subject_of(rows: Store, kind: str, subject_id: int) -> tuple[str, int]:
    """What a job of this kind is about: ``case``, ``line`` or ``sim``, and its id; ``""`` when that is not known."""
    if kind in _SUBJECTS:
        return _SUBJECTS[kind], subject_id
    if kind in _ROWS_OF_A_CASE:
        row = rows.one(_ROWS_OF_A_CASE[kind], {"id": subject_id})
        return ("case", row.case_id) if row is not None else ("", 0)
    return ("case", subject_id) if kind.startswith(("case.", "review.", "photo.")) else ("", 0)


def retry(rows: Store, *, job_id: int, actor: Actor) -> Job:
    """Give a dead job another life; its alerts are resolved. Raises ``NotAllowed``, ``NotFound``."""
    _may(actor)
    return work.revive(rows, job_id=job_id, by=str(actor), door=actor.door)


@transaction
def resolve(rows: Store, *, alert_id: int, how: str, actor: Actor) -> None:
    """Close an alert. ``how``: one of :data:`RESOLUTIONS`. A job behind it stays as it is, and can still be tried again.

    Raises ``BadInput`` (``bad_resolution``), ``NotAllowed``, ``NotFound`` when it is closed or never was.
    """
    _may(actor)
    alert = rows.one(Alert, {"id": alert_id, "resolved_at": None})
    if alert is None or not _is_work(alert):
        raise NotFound("no such open alert", remedy="Look at the list again.")
    one_of("resolution", how, RESOLUTIONS)
    now = clock.now()
    change = Change(Alert, {"id": alert.id, "resolved_at": None}, {"resolved_at": now, "resolved_by": str(actor)})
    event = Event(
        at=now, kind="work.resolved", subject="alert", subject_id=alert.id, actor=str(actor), door=actor.door, reason=how,
        data={"code": alert.code, "subject": alert.subject_id},
    )  # fmt: skip
    rows.apply(Plan((change,), (event,)))


def _may(actor: Actor) -> None:
    if actor.role not in _MAY:
        raise NotAllowed(f"stuck work is not for this role ({actor.role})")


retry_stuck = transaction(retry)
