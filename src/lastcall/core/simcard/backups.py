"""Fetching a backup with its secret, and its end."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import STRANGER, WORKER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.errors import BadInput, NotFound
from lastcall.core.plan import Change, Plan, Remove
from lastcall.core.simcard import sealing
from lastcall.core.simcard.backup import Backup, Ciphertext
from lastcall.core.store import Database, Store

_FETCHING: Final = Actor(STRANGER, "-", "portal")
_NOBODYS: Final = "-" * 32
"""As long as a backup's check, so that to compare it takes as long where there is none."""


def fetch(database: Database, *, backup_id: int, secret: str) -> bytes:
    """The files, as they were sealed at the counter (a ZIP).

    Raises ``NotFound`` (``no_such_backup``) in the same words and after the same work whether it never was, is over, or the
    secret is wrong. However many wrong ones there were, the right one opens it: 120 bits are not guessed in any time, and a lock
    would only keep its owner out.
    """
    offered = sealing.check_of(secret)
    sealed = try_again(lambda: database.transact(lambda rows: _look(rows, backup_id, offered)), times=10)
    if sealed is None:
        raise NotFound(
            "there is no such backup, or the secret is another", code="no_such_backup",
            remedy="Type the secret again as it was shown.",
        )  # fmt: skip
    try:
        return sealing.unseal(sealed, secret)
    except BadInput:
        raise NotFound("there is no such backup", code="no_such_backup", remedy="Have the card saved again.") from None


def _look(rows: Store, backup_id: int, offered: bytes) -> bytes | None:
    now = clock.now()
    backup = rows.one(Backup, {"id": backup_id})
    right = hmac.compare_digest(backup.secret_check if backup else _NOBODYS, offered.hex())
    if backup is None or backup.deleted_at is not None or now >= backup.until or not right:
        return None
    kept = rows.one(Ciphertext, {"backup_id": backup.id})
    assert kept is not None
    rows.apply(_fetched(backup, now))
    return base64.b64decode(kept.sealed)


def _fetched(backup: Backup, now: datetime) -> Plan:
    where = {"id": backup.id, "fetched": backup.fetched, "deleted_at": None}
    return Plan(
        (Change(Backup, where, {"fetched": backup.fetched + 1}),), (_event("backup.fetched", backup, _FETCHING, now),)
    )


def _event(kind: str, backup: Backup, actor: Actor, now: datetime) -> Event:
    return Event(
        at=now, kind=kind, subject="case", subject_id=backup.case_id, case_id=backup.case_id, actor=str(actor),
        door=actor.door, data={"backup": backup.id},
    )  # fmt: skip


def of_handling(rows: Store, handling_id: int) -> Backup | None:
    """What the card was saved to, or None."""
    return rows.one(Backup, {"handling_id": handling_id})


def forget(rows: Store, *, most: int) -> Plan:
    """What deletes the files of backups whose hours are over; the backups' own rows stay."""
    now, plan = clock.now(), Plan()
    for backup in rows.some(Backup, {"deleted_at": None, "until__lte": now}, order="until", limit=most):
        gone = Change(Backup, {"id": backup.id, "deleted_at": None}, {"deleted_at": now})
        erased = Remove(Ciphertext, {"backup_id": backup.id})
        plan += Plan((erased, gone), (_event("backup.deleted", backup, WORKER, now),))
    return plan
