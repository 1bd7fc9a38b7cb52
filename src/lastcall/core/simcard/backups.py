"""Fetching a backup with its secret, and its end."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock, keyed
from lastcall.core.actor import STRANGER, WORKER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.errors import BadInput, NotFound
from lastcall.core.plan import Change, InsertMissing, Plan, Remove
from lastcall.core.policies.present import present_policy
from lastcall.core.simcard import sealing
from lastcall.core.simcard.backup import Backup, Ciphertext, WrongSecrets
from lastcall.core.store import Database, Store

PAUSE: Final = timedelta(minutes=5)
"""After so many wrong secrets (policy ``sim.backup_tries``) none is looked at until these are over, then the count begins anew: a
secret of 120 bits is not guessed in any time, so nobody needs to be kept out for good."""
_SHARED: Final = 1024
"""Buckets that backups which are not there share."""
_FETCHING: Final = Actor(STRANGER, "-", "portal")


def fetch(database: Database, *, backup_id: int, secret: str) -> bytes:
    """The files, as they were sealed at the counter (a ZIP).

    Raises ``NotFound`` (``no_such_backup``) in the same words and after the same work whether it never was, is over, the secret
    is wrong, or too many were.
    """
    offered, most = sealing.check_of(secret), present_policy().sim_backup_tries
    sealed = try_again(lambda: database.transact(lambda rows: _look(rows, backup_id, offered, most)), times=10)
    if sealed is None:
        raise NotFound(
            "there is no such backup, or the secret is another", code="no_such_backup",
            remedy="Type the secret again as it was shown; after some wrong ones wait a few minutes.",
        )  # fmt: skip
    try:
        return sealing.unseal(sealed, secret)
    except BadInput:
        raise NotFound("there is no such backup", code="no_such_backup", remedy="Have the card saved again.") from None


def _look(rows: Store, backup_id: int, offered: bytes, most: int) -> bytes | None:
    now = clock.now()
    backup = rows.one(Backup, {"id": backup_id})
    there = backup is not None and backup.deleted_at is None and now < backup.until
    right = hmac.compare_digest(backup.secret_check if backup else "", offered.hex())
    count = _count(rows, _bucket(backup_id, there=backup is not None), now)
    if count.wrong >= most:
        return None
    if backup is None or not there or not right:
        rows.apply(Plan((_counted(count, wrong=count.wrong + 1, since=count.since if count.wrong else now),)))
        return None
    kept = rows.one(Ciphertext, {"backup_id": backup.id})
    assert kept is not None
    rows.apply(_fetched(backup, now))
    return base64.b64decode(kept.sealed)


def _bucket(backup_id: int, *, there: bool) -> str:
    name = keyed.keyed_hash("simcard.backup", str(backup_id))
    return name if there else f"none{int(name, 16) % _SHARED}"


def _count(rows: Store, bucket: str, now: datetime) -> WrongSecrets:
    """The wrong secrets as they count now, begun anew when their minutes are over."""
    rows.apply(Plan((InsertMissing(WrongSecrets(bucket=bucket, wrong=0, since=now)),)))
    found = rows.one(WrongSecrets, {"bucket": bucket})
    assert found is not None
    if now - found.since < PAUSE:
        return found
    fresh = WrongSecrets(bucket=bucket, wrong=0, since=now)
    rows.apply(Plan((_counted(found, wrong=0, since=now),)))
    return fresh


def _counted(found: WrongSecrets, *, wrong: int, since: datetime) -> Change:
    where = {"bucket": found.bucket, "wrong": found.wrong, "since": found.since}
    return Change(WrongSecrets, where, {"wrong": wrong, "since": since})


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
    """What deletes the files of backups whose hours are over, and old counts of wrong secrets; the backups' own rows stay."""
    now, plan = clock.now(), Plan()
    for backup in rows.some(Backup, {"deleted_at": None, "until__lte": now}, order="until", limit=most):
        gone = Change(Backup, {"id": backup.id, "deleted_at": None}, {"deleted_at": now})
        erased = Remove(Ciphertext, {"backup_id": backup.id})
        plan += Plan((erased, gone), (_event("backup.deleted", backup, WORKER, now),))
    old = rows.some(WrongSecrets, {"since__lte": now - timedelta(days=1)}, order="since", limit=most)
    return plan + Plan(tuple(Remove(WrongSecrets, {"bucket": one.bucket, "since": one.since}) for one in old))
