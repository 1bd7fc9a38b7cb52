"""What the reader says of one card: whether it is the right one, saved, its PIN off, done or not."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.closing import preparation
from lastcall.core.closing.changes import try_again
from lastcall.core.closing.evidence import note_pin_removed
from lastcall.core.closing.facts import read_case
from lastcall.core.errors import BadInput, Refused
from lastcall.core.numbers.iccid import same_card
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.simcard import sealing
from lastcall.core.simcard.backup import MOST_BYTES, Backup, Ciphertext
from lastcall.core.simcard.going_on import outlived, settled
from lastcall.core.simcard.handling import OTHER, PARTIAL, PINS, PROBLEMS, Handling
from lastcall.core.simcard.handlings import card_of, no_handling
from lastcall.core.simcard.hearing import hear
from lastcall.core.simcard.lifecycle import OPEN
from lastcall.core.simcard.moves import MACHINE, after, live_reader, move_handling
from lastcall.core.store import Database, Store

MOST_RECORDS: Final = 100_000
"""Contacts or messages: more than any card holds (at most 255 records a file, 3GPP TS 51.011, 6.4)."""


def next_of(database: Database, *, token: str) -> Handling | None:
    """What this reader is to do now, or None; asked again before it is done, the same. That it asked is kept (``hearing.py``).

    Raises ``Refused`` (``reader_ended``).
    """
    return try_again(lambda: database.transact(lambda rows: _next_of(rows, token)))


def _next_of(rows: Store, token: str) -> Handling | None:
    reader = live_reader(rows, token)
    hear(rows, reader)
    for handling in rows.some(Handling, {"reader_id": reader.id, "state__in": OPEN}, limit=1):
        ending = settled(rows, handling)
        plan = ending if ending.writes else outlived(rows, handling)
        rows.apply(plan)
        return None if ending.writes else after(handling, plan)
    return None


def card(database: Database, *, token: str, handling_id: int, iccid: str) -> bool:
    """Whether the card in the reader is the line's own. When it is not, the handling has failed (``wrong_card``).

    Not after the visit, whose end closed the file. Raises ``Refused`` (``reader_ended``), ``NotFound`` (``no_such_handling``),
    ``BadInput`` (``malformed_iccid``).
    """
    return try_again(lambda: database.transact(lambda rows: _card(rows, token, handling_id, iccid)))


def _card(rows: Store, token: str, handling_id: int, iccid: str) -> bool:
    handling = _open(rows, token, handling_id)
    if handling.grace_until is not None:
        raise no_handling()
    own = card_of(rows, read_case(rows, handling.case_id))
    if not same_card(own.iccid, iccid):
        rows.apply(
            move_handling(handling, "fail", actor=MACHINE, reason="wrong_card", problem="wrong_card", same_card=False)
        )
        return False
    if handling.state == "asked":
        rows.apply(move_handling(handling, "take", actor=MACHINE, same_card=True))
    return True


def _open(rows: Store, token: str, handling_id: int) -> Handling:
    """The handling while this reader may go on with it, and how long it may where its visit is over. Raises ``Refused``
    (``reader_ended``), ``NotFound``."""
    handling = _own(rows, token, handling_id)
    hear(rows, live_reader(rows, token))
    if settled(rows, handling).writes or handling.state not in OPEN:
        raise no_handling()
    plan = outlived(rows, handling)
    rows.apply(plan)
    return after(handling, plan)


def _own(rows: Store, token: str, handling_id: int) -> Handling:
    handling = rows.one(Handling, {"id": handling_id, "reader_id": live_reader(rows, token).id})
    if handling is None:
        raise no_handling()
    return handling


def saved(database: Database, *, token: str, handling_id: int, ciphertext: bytes) -> Backup:
    """Keep what the card was saved to, sealed (``sealing.py``), for policy ``sim.backup_hours``. The same again is kept once.

    Raises ``Refused``: ``reader_ended``, ``not_asked`` (no backup is wanted, or the card was not compared), ``saved_already``
    (another one); ``NotFound`` (``no_such_handling``), ``BadInput``: ``too_big``, ``not_sealed``.
    """
    if len(ciphertext) > MOST_BYTES:
        raise BadInput("this is too big to be a card's", code="too_big", remedy=f"Send at most {MOST_BYTES} bytes.")
    sealing.checked(ciphertext)
    return try_again(lambda: database.transact(lambda rows: _saved(rows, token, handling_id, ciphertext)))


def _saved(rows: Store, token: str, handling_id: int, ciphertext: bytes) -> Backup:
    handling = _open(rows, token, handling_id)
    if handling.state != "taken" or not handling.wants_backup:
        raise Refused("no backup was asked for", code="not_asked", remedy="Read the card first; see what was asked.")
    digest = hashlib.sha256(ciphertext).hexdigest()
    if (known := rows.one(Backup, {"handling_id": handling.id})) is not None:
        if known.sha256 == digest:
            return known
        raise Refused("this card was saved already", code="saved_already", remedy="Finish, or ask the clerk again.")
    now = clock.now()
    hours = Policy.from_json(read_case(rows, handling.case_id).policy).sim_backup_hours
    made = Backup(
        id=clock.new_id(), case_id=handling.case_id, handling_id=handling.id, size=len(ciphertext), sha256=digest,
        secret_check=sealing.checked(ciphertext).hex(), made_at=now, until=now + timedelta(hours=hours),
    )  # fmt: skip
    kept = Ciphertext(backup_id=made.id, sealed=base64.b64encode(ciphertext).decode())
    event = Event(
        at=now, kind="backup.saved", subject="case", subject_id=made.case_id, case_id=made.case_id, actor=str(MACHINE),
        door=MACHINE.door, data={"backup": made.id, "until": made.until.isoformat()},
    )  # fmt: skip
    rows.apply(Plan((Insert(made), Insert(kept)), (event,)))
    return made


def done(
    database: Database, *, token: str, handling_id: int, contacts: int, messages: int, partial: str, pin: str
) -> Handling:
    """What was asked is done: ``contacts`` and ``messages`` were saved, of which not all could be read (``partial``, one of
    ``PARTIAL``), and ``pin`` (one of ``PINS``) became of the PIN.

    What was saved whole is ticked on the subscriber's list, and the case knows that the PIN is off; also for some minutes after
    the visit (policy ``sim.grace_minutes``). The same again changes nothing.

    Raises ``Refused``: ``reader_ended``, ``not_saved`` (a backup is wanted), ``not_read`` (the card was not compared);
    ``NotFound`` (``no_such_handling``), ``BadInput`` (``bad_result``).
    """
    counted = 0 <= contacts <= MOST_RECORDS and 0 <= messages <= MOST_RECORDS
    if not (counted and partial in PARTIAL and pin in PINS):
        raise _bad_result()
    said = _Said(contacts, messages, partial, pin)
    return try_again(lambda: database.transact(lambda rows: _done(rows, token, handling_id, said)))


@dataclass(frozen=True, slots=True)
class _Said:
    contacts: int
    messages: int
    partial: str
    pin: str


def _bad_result() -> BadInput:
    return BadInput("this is no result", code="bad_result", remedy="Say what was saved, and of the PIN only if asked.")


def _done(rows: Store, token: str, handling_id: int, said: _Said) -> Handling:
    handling = _own(rows, token, handling_id)
    if handling.state == "done" and _said(handling) == said:
        return handling
    handling = _open(rows, token, handling_id)
    _as_asked(rows, handling, said)
    plan = move_handling(
        handling, "finish", actor=MACHINE, contacts=said.contacts, messages=said.messages, partial=said.partial,
        pin=said.pin,
    )  # fmt: skip
    now_done = after(handling, plan)
    rows.apply(plan)
    preparation.add(rows, case_id=handling.case_id, done=_tasks(now_done), actor=MACHINE)
    if now_done.pin_is_off:
        note_pin_removed(rows, case_id=handling.case_id, actor=MACHINE)
    return now_done


def _said(handling: Handling) -> _Said:
    return _Said(handling.contacts, handling.messages, handling.partial, handling.pin)


def _as_asked(rows: Store, handling: Handling, said: _Said) -> None:
    if handling.state != "taken":
        raise Refused("the card was not read", code="not_read", remedy="Read it first, and say its number.")
    if handling.wants_backup and rows.one(Backup, {"handling_id": handling.id}) is None:
        raise Refused("nothing was saved yet", code="not_saved", remedy="Send the sealed backup first.")
    saving = handling.wants_backup or not (said.contacts or said.messages or said.partial)
    if not saving or handling.wants_pin_off != bool(said.pin):
        raise _bad_result()


def _tasks(handling: Handling) -> frozenset[str]:
    saved = {f"{kind}_saved" for kind in ("contacts", "messages") if handling.saved_whole(kind)}
    return frozenset(saved | ({"pin_removed"} if handling.pin_is_off else set()))


def fail(database: Database, *, token: str, handling_id: int, problem: str) -> Handling:
    """It could not be done, for one of ``PROBLEMS``; any other word is kept as ``other``.

    Raises ``Refused`` (``reader_ended``), ``NotFound`` (``no_such_handling``).
    """
    known = problem if problem in PROBLEMS else OTHER
    return try_again(lambda: database.transact(lambda rows: _fail(rows, token, handling_id, known)))


def _fail(rows: Store, token: str, handling_id: int, problem: str) -> Handling:
    handling = _own(rows, token, handling_id)
    if (handling.state, handling.problem) == ("failed", problem):
        return handling
    handling = _open(rows, token, handling_id)
    plan = move_handling(handling, "fail", actor=MACHINE, reason=problem, problem=problem)
    rows.apply(plan)
    return after(handling, plan)
