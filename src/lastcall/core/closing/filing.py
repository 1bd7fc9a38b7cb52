"""Filing the signed statement: its scan or a signature drawn on the screen, sealed; the legal act is complete with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lastcall.core import clock, keyed
from lastcall.core.actor import REVIEWER, WORKER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.reading import note_reading
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import job, move, try_again
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.identity import advance_again
from lastcall.core.closing.scan import CRYPTO_ERASE
from lastcall.core.closing.signed_paper import WAYS, SignedPaper
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import PhotoReader
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.inputs import one_of

MOST: Final = 5
"""How many signed papers one case may have: more are a mistake."""
_PDF: Final = b"%PDF-"
_PDF_ENDS_WITHIN: Final = 1024  # ISO 32000-1, implementation note 18: readers look there for the end


def file_statement(
    database: Database, *, case_id: int, upload: bytes, way: str, reader: PhotoReader, actor: Actor
) -> SignedPaper:
    """Keep the signed statement and note the signature. A picture is made anew by ``reader``; a PDF is kept as it is.

    Raises ``BadInput`` (``bad_way``, ``photo_*``, ``photo_too_big`` also by policy ``identity.photo_kilobytes_max``), ``Refused``
    (``not_staff``, ``too_many_papers``), ``NotAllowed`` when the case has ended.
    """
    one_of("way", way, WAYS)
    if not actor.is_staff:
        raise Refused("only staff file papers", code="not_staff", remedy="Bring the paper to a shop, or send it.")
    case = database.transact(lambda rows: read_case(rows, case_id))
    media, content = _harmless(upload, reader, drawn=way == "drawn")
    most = Policy.from_json(case.policy).identity_photo_kilobytes_max
    if len(content) > most * 1024:
        raise BadInput("the file is too big", code="photo_too_big", remedy="Scan the page with a lower resolution.")
    paper = _sealed(case, content, media, way, actor)
    try_again(lambda: database.transact(lambda rows: _file(rows, paper, actor)))
    return paper


def _harmless(upload: bytes, reader: PhotoReader, *, drawn: bool) -> tuple[str, bytes]:
    if drawn or not upload.startswith(_PDF):
        return "image/jpeg", reader.clean(upload)
    if b"%%EOF" not in upload[-_PDF_ENDS_WITHIN:]:
        raise BadInput("the PDF is not whole", code="photo_broken", remedy="Scan the page again.")
    if b"/Encrypt" in upload:
        raise BadInput("the PDF is locked", code="photo_locked", remedy="Scan the page without a password.")
    return "application/pdf", upload


def _sealed(case: Case, content: bytes, media: str, way: str, actor: Actor) -> SignedPaper:
    paper_id, now, key = clock.new_id(), clock.now(), keyed.new_key()
    days = Policy.from_json(case.policy).retention_signed_statement_days
    return SignedPaper(
        id=paper_id, case_id=case.id, way=way, media=media, filed_at=now, filed_by=str(actor),
        keep_until=now + timedelta(days=days),
        sealed_key=keyed.seal(key, bound_to=f"closing.signed_paper.key:{paper_id}"),
        sealed_content=keyed.seal_bytes(content, key=key, bound_to=_binding(paper_id)),
    )  # fmt: skip


def _binding(paper_id: int) -> str:
    return f"closing.signed_paper.content:{paper_id}"


def _file(rows: Store, paper: SignedPaper, actor: Actor) -> None:
    case, now = read_case(rows, paper.case_id), paper.filed_at
    if rows.count(SignedPaper, {"case_id": case.id}) >= MOST:
        raise Refused("enough papers are on file", code="too_many_papers", remedy="Those on file will do.")
    plan = move(case, "prove", actor=actor, now=now, data={"given": "signature", "way": paper.way}, signed_at=now)
    work = (
        Insert(paper), advance_again(case, now), job("signed_paper.destroy", paper.id, due_at=paper.keep_until)
    )  # fmt: skip
    rows.apply(plan + Plan(work))


@transaction
def destroy(rows: Store, *, paper_id: int) -> None:
    """Destroy a signed paper whose days are over; before that, and the second time, nothing is done."""
    paper, now = rows.one(SignedPaper, {"id": paper_id, "destroyed_at": None}), clock.now()
    if paper is None or now < paper.keep_until:
        return
    gone = {"sealed_key": "", "sealed_content": "", "destroyed_at": now, "method": CRYPTO_ERASE}
    event = Event(
        at=now, kind="signed_paper.destroyed", subject="case", subject_id=paper.case_id, case_id=paper.case_id,
        actor=str(WORKER), door=WORKER.door, data={"method": CRYPTO_ERASE},
    )  # fmt: skip
    rows.apply(Plan((Change(SignedPaper, {"id": paper.id, "destroyed_at": None}, gone),), (event,)))


def signed_papers(rows: Store, case_id: int) -> tuple[SignedPaper, ...]:
    """The signed papers of a case, in order, also those that were destroyed."""
    return tuple(rows.some(SignedPaper, {"case_id": case_id}, order="id"))


@dataclass(frozen=True, slots=True)
class SignedContent:
    """A signed paper in clear: ``media`` is ``image/jpeg`` or ``application/pdf``."""

    media: str
    content: bytes


@transaction
def open_signed_paper(rows: Store, *, case_id: int, actor: Actor, reason: str) -> SignedContent:
    """The latest signed paper, for a reviewer; the reading is noted before anything is shown.

    Raises ``Refused`` (``not_a_reviewer``), ``NotFound`` when there is none or no more, ``BadInput`` (``bad_reason``).
    """
    if actor.role != REVIEWER:
        raise Refused("only reviewers look at papers", code="not_a_reviewer", remedy="Refer the case to a reviewer.")
    standing = rows.some(SignedPaper, {"case_id": case_id, "destroyed_at": None}, order="-id", limit=1)
    if not standing:
        raise NotFound("there is no signed paper, or it was destroyed", remedy="See the case for what became of it.")
    rows.apply(note_reading(case_id=case_id, actor=actor, reason=reason))
    paper = standing[0]
    key = keyed.unseal(paper.sealed_key, bound_to=f"closing.signed_paper.key:{paper.id}")
    return SignedContent(paper.media, keyed.unseal_bytes(paper.sealed_content, key=key, bound_to=_binding(paper.id)))
