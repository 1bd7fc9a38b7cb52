"""Receiving a text: stored with the work of answering it, or known already, before whoever brought it hears that it was taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock, keyed
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import job, try_again
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store
from lastcall.core.texting.arrived import Arrived
from lastcall.core.texting.keywords import CLOSE, OTHER, STATUS, STOP, Keyword, language_of, read
from lastcall.core.texting.sender import read_sender
from lastcall.core.texting.text import Text, seal_sender, sender_key

_DAY: Final = timedelta(days=1)
_ACTS: Final = frozenset({CLOSE, STATUS, STOP})


def receive(database: Database, *, incoming: Arrived, policy: Policy) -> None:
    """Store the text and queue its answer; nothing for one that came before.

    One text is known again by its ``hop``; by its ``reference`` for a day; without one, when it is the sender's latest word within
    policy ``text.repeat_seconds``. A sender that cannot be answered leaves a row and no work, and so does one that has had
    policy ``text.replies_per_day`` answers, unless the word asks for something to be done.
    """
    try_again(lambda: database.transact(lambda rows: receive_in(rows, incoming, policy)))


def receive_in(rows: Store, incoming: Arrived, policy: Policy, *, whole: bool = True) -> None:
    """As :func:`receive`, inside a transaction of the caller's; a text that is not ``whole`` says no word, whatever there is of it.

    Raises ``Conflict`` when somebody else was quicker.
    """
    now, keyword = clock.now(), read(incoming.text) if whole else Keyword(OTHER, language_of(incoming.text))
    sender = read_sender(incoming.sender)
    whose = sender_key(sender or incoming.sender)
    latest = next(iter(rows.some(Text, {"sender_key": whose}, order="-ordinal", limit=1)), None)
    new = _made(incoming, keyword, whose, sender, latest, now)
    if not _is_known(rows, new, latest, incoming, policy):
        rows.apply(_stored(new, quiet=not sender or _has_had_enough(rows, new, policy)))


def _made(
    incoming: Arrived, keyword: Keyword, whose: str, sender: str, latest: Text | None, now: datetime
) -> Text:  # fmt: skip
    text_id, ordinal = clock.new_id(), latest.ordinal + 1 if latest else 1
    content = keyed.keyed_hash("text.content", keyword.code, keyword.language, incoming.reference)
    return Text(
        id=text_id, key=keyed.keyed_hash("text.key", whose, str(ordinal), content),
        hop_key=keyed.keyed_hash("text.hop", incoming.hop) if incoming.hop else "", content_key=content,
        sender_key=whose, sealed_sender=seal_sender(sender, text_id) if sender else "", ordinal=ordinal,
        keyword=keyword.code, language=keyword.language, received_at=now,
    )  # fmt: skip


def _is_known(rows: Store, new: Text, latest: Text | None, incoming: Arrived, policy: Policy) -> bool:
    if new.hop_key and rows.one(Text, {"hop_key": new.hop_key}) is not None:
        return True
    if incoming.reference:
        same = {"sender_key": new.sender_key, "content_key": new.content_key, "received_at__gt": new.received_at - _DAY}
        return rows.one(Text, same) is not None
    soon = new.received_at - timedelta(seconds=policy.text_repeat_seconds)
    return latest is not None and latest.content_key == new.content_key and latest.received_at > soon


def _has_had_enough(rows: Store, new: Text, policy: Policy) -> bool:
    today = {"sender_key": new.sender_key, "quiet": False, "received_at__gt": new.received_at - _DAY}
    return rows.count(Text, today) >= policy.text_replies_per_day


def _stored(new: Text, *, quiet: bool) -> Plan:
    acts = new.keyword in _ACTS and new.sealed_sender != ""
    outcome = "" if acts or not quiet else "silent"
    text = replace(new, quiet=quiet, outcome=outcome)
    event = Event(
        at=text.received_at, kind="text.received", subject="text", subject_id=text.id, actor="system:text", door="text",
        data={"keyword": text.keyword, "language": text.language},
    )  # fmt: skip
    work = () if outcome else (job("text.answer", text.id, due_at=text.received_at),)
    return Plan((Insert(text), *work), (event,))
