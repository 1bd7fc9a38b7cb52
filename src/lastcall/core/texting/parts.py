"""Joining the parts of a long text, in whatever order and through whichever connection they come."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from lastcall.core import clock, keyed
from lastcall.core.closing.changes import try_again
from lastcall.core.errors import BadInput, Conflict
from lastcall.core.plan import Change, Insert, Plan, Remove
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store
from lastcall.core.texting.arrived import Arrived, PartOf
from lastcall.core.texting.receive import receive_in
from lastcall.core.texting.unfinished import Unfinished

MOST_PARTS = 20


def receive_part(database: Database, *, came: Arrived, part: PartOf, policy: Policy) -> None:
    """Keep the part, and receive the text when it was the last one. A part that came before changes nothing.

    Raises :class:`BadInput` (``bad_part``) for one that can be no part of a text.
    """
    if not 1 <= part.place <= part.total <= MOST_PARTS or part.total < 2:
        raise BadInput(f"no part of a text: {part.place} of {part.total}", code="bad_part", remedy="It is left out.")
    try_again(lambda: database.transact(lambda rows: _take(rows, came, part, policy)), times=5)


def _take(rows: Store, came: Arrived, part: PartOf, policy: Policy) -> None:
    key = _key(came, part)
    known = rows.one(Unfinished, {"key": key})
    if known is None:
        first: dict[str, Any] = {
            "sender": came.sender,
            "recipient": came.recipient,
            "texts": {str(part.place): came.text},
        }
        row = Unfinished(key=key, revision=1, total=part.total, sealed=_seal(first, key), began_at=clock.now())
        rows.apply(Plan((Insert(row),)))
        return
    held = _opened(known)
    if not held or str(part.place) in held["texts"]:
        return
    held["texts"][str(part.place)] = came.text
    whole = len(held["texts"]) == part.total
    sealed = "" if whole else _seal(held, key)
    guard = {"key": key, "revision": known.revision}
    rows.apply(Plan((Change(Unfinished, guard, {"revision": known.revision + 1, "sealed": sealed}),)))
    if whole:
        receive_in(rows, _joined(held, part.reference), policy)


def give_up_waiting(database: Database, *, policy: Policy, most: int = 100) -> int:
    """Receive what there is of the texts whose missing parts are overdue (policy ``text.parts_minutes``); returns how many rows
    were dealt with. Such a text is answered with help, even if what came of it would be a word."""
    over = clock.now() - timedelta(minutes=policy.text_parts_minutes)
    overdue = database.transact(
        lambda rows: rows.some(Unfinished, {"began_at__lte": over}, order="began_at", limit=most)
    )
    return sum(_end(database, row, policy) for row in overdue)


def _end(database: Database, row: Unfinished, policy: Policy) -> bool:
    def ending(rows: Store) -> None:
        rows.apply(Plan((Remove(Unfinished, {"key": row.key, "revision": row.revision}),)))
        if held := _opened(row):
            receive_in(rows, _joined(held, row.key), policy, whole=False)

    try:
        database.transact(ending)
    except Conflict:
        return False  # another process does it, or the missing part came just now
    return True


def _joined(held: dict[str, Any], reference: str) -> Arrived:
    texts: dict[str, str] = held["texts"]
    joined = "".join(texts[place] for place in sorted(texts, key=int))
    # The halves of a surrogate pair that lay in two parts become one sign; one that stays alone becomes a question mark.
    whole = joined.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")
    return Arrived(
        sender=held["sender"], recipient=held["recipient"], text=whole, reference=f"parts {reference}"
    )  # fmt: skip


def _key(came: Arrived, part: PartOf) -> str:
    return keyed.keyed_hash("text.parts", came.sender, came.recipient, part.reference, str(part.total))


def _seal(held: dict[str, Any], key: str) -> str:
    return keyed.seal(json.dumps(held), bound_to=f"texting.unfinished:{key}")


def _opened(row: Unfinished) -> dict[str, Any]:
    if not row.sealed:
        return {}
    held: dict[str, Any] = json.loads(keyed.unseal(row.sealed, bound_to=f"texting.unfinished:{row.key}"))
    return held
