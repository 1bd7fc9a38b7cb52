"""Photos of a document: taken in, read by the worker, looked at by a reviewer, destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lastcall.core import clock, keyed
from lastcall.core.actor import REVIEWER, WORKER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.reading import note_reading
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import job, move, try_again
from lastcall.core.closing.checks.identity import is_still_valid, photo_matched
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.identity import advance_again, refuse_if_locked
from lastcall.core.closing.passport import compare
from lastcall.core.closing.scan import CRYPTO_ERASE, DECIDED, Scan, destroy_at
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import PassportPage, PhotoReader
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Document, Subscriber

_WANTED_IN: Final = frozenset({"declared", "checking", "waiting", "review"})
_UNREADABLE: Final = PassportPage(sure=False)


def give_photo(database: Database, *, case_id: int, upload: bytes, reader: PhotoReader, actor: Actor) -> None:
    """Take a photo in: made harmless at once, kept encrypted, read by the worker. An earlier one is destroyed.

    Raises ``BadInput`` (``photo_*``, as ``reader`` says; ``photo_too_big`` also by policy ``identity.photo_kilobytes_max``),
    ``Refused``: ``identity_missing`` (document and code come first), ``photo_not_wanted``, ``too_many_photos`` (policy
    ``identity.photo_tries``), ``identity_locked``; ``NotAllowed``.
    """
    case = database.transact(lambda rows: _read_if_wanted(rows, case_id))
    photo = reader.clean(upload)
    most = Policy.from_json(case.policy).identity_photo_kilobytes_max
    if len(photo) > most * 1024:
        raise BadInput(
            "the picture is too big", code="photo_too_big", remedy="Take it with a lower resolution, of the page alone."
        )
    scan = _sealed(case, photo)
    try_again(lambda: database.transact(lambda rows: _take_in(rows, scan, actor)))


def _read_if_wanted(rows: Store, case_id: int) -> Case:
    case, now = read_case(rows, case_id), clock.now()
    policy = Policy.from_json(case.policy)
    refuse_if_locked(case, now)
    if not is_still_valid(case, policy, now):
        raise Refused(
            "document and code come before the photo", code="identity_missing", remedy="Show who you are first."
        )
    if _needs_none(case, policy, now):
        raise Refused("no photo is wanted", code="photo_not_wanted", remedy="You need not do anything.")
    if rows.count(Scan, {"case_id": case.id}) >= policy.identity_photo_tries:
        raise Refused(
            "too many photos were given", code="too_many_photos", remedy="A member of our staff looks at the last one."
        )
    return case


def _needs_none(case: Case, policy: Policy, now: datetime) -> bool:
    return (
        policy.identity_photo == "off"
        or case.in_person_at is not None
        or case.state not in _WANTED_IN
        or case.photo == "reading"
        or photo_matched(case, policy, now)
        or "photo_unclear" in case.approved_reasons.split()
    )


def _sealed(case: Case, photo: bytes) -> Scan:
    scan_id, now, key = clock.new_id(), clock.now(), keyed.new_key()
    days = Policy.from_json(case.policy).retention_scan_days_max
    return Scan(
        id=scan_id, case_id=case.id, given_at=now, keep_until=now + timedelta(days=days),
        sealed_key=keyed.seal(key, bound_to=f"closing.scan.key:{scan_id}"),
        sealed_photo=keyed.seal_bytes(photo, key=key, bound_to=_photo_binding(scan_id)),
    )  # fmt: skip


def _photo_binding(scan_id: int) -> str:
    return f"closing.scan.photo:{scan_id}"


def _opened(scan: Scan) -> bytes:
    key = keyed.unseal(scan.sealed_key, bound_to=f"closing.scan.key:{scan.id}")
    return keyed.unseal_bytes(scan.sealed_photo, key=key, bound_to=_photo_binding(scan.id))


def _take_in(rows: Store, scan: Scan, actor: Actor) -> None:
    case = _read_if_wanted(rows, scan.case_id)
    plan = move(
        case, "prove", actor=actor, now=clock.now(), data={"given": "photo"}, photo="reading", photo_decided_at=None
    )
    for earlier in _standing(rows, case.id):
        plan += _destroyed(earlier)
    work = (
        Insert(scan),
        job("photo.read", scan.id, due_at=scan.given_at),
        job("photo.destroy", case.id, due_at=scan.keep_until, about=f"latest {scan.id}"),
    )
    rows.apply(plan + Plan(work))


def read(database: Database, *, scan_id: int, photos: PhotoReader | None) -> None:
    """Read a photo and compare it with the agreement. What cannot be read, or has no reader here, goes to a person."""
    found = database.transact(lambda rows: _unread(rows, scan_id))
    if found is None:
        return
    page = photos.read(_opened(found.scan)) if photos is not None else _UNREADABLE
    outcome = found.outcome(page)
    database.transact(lambda rows: _note(rows, scan_id, page if page.sure else _UNREADABLE, outcome))


def reading_failed(database: Database, scan_id: int) -> None:
    """The reading ran out of tries: a person looks."""
    database.transact(lambda rows: _note(rows, scan_id, _UNREADABLE, "unclear"))


@dataclass(frozen=True, slots=True)
class _Unread:
    """A photo that was not read yet, and what its page is to be compared with."""

    scan: Scan
    case: Case
    name_latin: str
    documents: tuple[Document, ...]

    def outcome(self, page: PassportPage) -> str:
        if self.case.declared_by != "holder":
            # The documents on file are the holder's, not those of whoever acts for them.
            return "unclear"
        return compare(page, name_latin=self.name_latin, documents=self.documents, today=clock.now().date())


def _unread(rows: Store, scan_id: int) -> _Unread | None:
    scan = rows.one(Scan, {"id": scan_id, "outcome": "", "destroyed_at": None})
    case = rows.one(Case, {"id": scan.case_id, "photo": "reading"}) if scan else None
    line = rows.one(Line, {"id": case.line_id}) if case and case.line_id else None
    subscriber = rows.one(Subscriber, {"id": line.subscriber_id}) if line else None
    if scan is None or case is None or subscriber is None or case.state not in _WANTED_IN:
        return None
    documents = rows.some(Document, {"subscriber_id": subscriber.id}, order="id")
    return _Unread(scan, case, subscriber.name_latin, tuple(documents))


def _note(rows: Store, scan_id: int, page: PassportPage, outcome: str) -> None:
    found = _unread(rows, scan_id)
    if found is None:
        return
    scan, case, now = found.scan, found.case, clock.now()
    read_once = Change(
        Scan,
        {"id": scan.id, "outcome": "", "destroyed_at": None},
        {"outcome": outcome, "read_at": now, "kind": page.kind, "issuer": page.issuer},
    )
    values: dict[str, Any] = {"photo": outcome, "photo_ok_at": now if outcome == "matched" else None}
    plan = Plan((read_once,))
    plan += move(case, "prove", actor=WORKER, now=now, data={"given": f"photo {outcome}"}, **values)
    plan += Plan((advance_again(case, now),))
    if outcome in DECIDED:
        appeal = timedelta(hours=Policy.from_json(case.policy).retention_photo_appeal_hours)
        plan += Plan((job("photo.destroy", case.id, due_at=now + appeal, about=f"decided {scan.id}"),))
    rows.apply(plan)


@transaction
def destroy(rows: Store, *, case_id: int) -> None:
    """Destroy every photo of a case whose time has come."""
    case, now = read_case(rows, case_id), clock.now()
    due = [scan for scan in _standing(rows, case.id) if destroy_at(scan, case) <= now]
    plan = Plan()
    for scan in due:
        plan += _destroyed(scan)
    rows.apply(plan)


def _standing(rows: Store, case_id: int) -> list[Scan]:
    return rows.some(Scan, {"case_id": case_id, "destroyed_at": None}, order="id")


def _destroyed(scan: Scan) -> Plan:
    """Without its key what backups still hold of the picture is noise."""
    now = clock.now()
    gone = {"sealed_key": "", "sealed_photo": "", "destroyed_at": now, "method": CRYPTO_ERASE}
    event = Event(
        at=now, kind="photo.destroyed", subject="case", subject_id=scan.case_id, case_id=scan.case_id, actor=str(WORKER),
        door=WORKER.door, data={"method": CRYPTO_ERASE, "outcome": scan.outcome},
    )  # fmt: skip
    return Plan((Change(Scan, {"id": scan.id, "destroyed_at": None}, gone),), (event,))


@transaction
def open_photo(rows: Store, *, case_id: int, actor: Actor, reason: str) -> bytes:
    """The cleaned picture as JPEG, for a reviewer; the reading is noted before anything is shown.

    Raises ``Refused`` (``not_a_reviewer``), ``NotFound`` when there is none or no more, ``BadInput`` (``bad_reason``).
    """
    if actor.role != REVIEWER:
        raise Refused("only reviewers look at a photo", code="not_a_reviewer", remedy="Refer the case to a reviewer.")
    standing = _standing(rows, case_id)
    if not standing:
        raise NotFound("there is no photo, or it was destroyed", remedy="See the case for what became of it.")
    rows.apply(note_reading(case_id=case_id, actor=actor, reason=reason))
    return _opened(standing[-1])


def photo_state(rows: Store, case: Case) -> str:
    """How the photo stands: empty, ``reading``, ``matched``, ``unclear``, ``differs``, or ``destroyed``."""
    last = next(iter(rows.some(Scan, {"case_id": case.id}, order="-id", limit=1)), None)
    return "destroyed" if last is not None and last.destroyed_at is not None else case.photo
