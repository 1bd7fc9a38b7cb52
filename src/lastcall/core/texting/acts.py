"""What each word of a text does, decided once and written on the text's row in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lastcall.core.actor import HOLDER, Actor
from lastcall.core.closing.case import Case
from lastcall.core.closing.declare import Declaring, declare
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import Conflict, Refused
from lastcall.core.numbers.life import latest_tenure
from lastcall.core.plan import Change, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.line import Line
from lastcall.core.texting.keywords import CLOSE, STATUS, STOP
from lastcall.core.texting.text import Text, sender_of

DOOR: Final = "text"
BY_TEXT: Final = Actor(HOLDER, "-", DOOR)
"""The SMSC vouches for the line that a text came from; who held the phone, identity is asked for later."""


@dataclass(frozen=True, slots=True)
class _Asked:
    database: Database
    rows: Store
    text: Text
    line: Line
    case: Case | None
    policy: Policy


_Outcome = tuple[str, int | None]


def decide(database: Database, *, text_id: int, policy: Policy) -> Text | None:
    """Do what the text asks and note what it led to; done before, it is only read again. None for one that gets no answer or has
    it.

    Raises ``Conflict`` when somebody else was quicker.
    """
    return database.transact(lambda rows: _decide(database, rows, text_id, policy))


def _decide(database: Database, rows: Store, text_id: int, policy: Policy) -> Text | None:
    text = rows.one(Text, {"id": text_id, "answered_at": None})
    if text is None or text.outcome:
        return text if text is not None and text.outcome != "silent" else None
    outcome, case_id = _act(database, rows, text, policy)
    rows.apply(Plan((Change(Text, {"id": text.id, "outcome": ""}, {"outcome": outcome, "case_id": case_id}),)))
    return rows.one(Text, {"id": text.id})


def _act(database: Database, rows: Store, text: Text, policy: Policy) -> _Outcome:
    if text.keyword not in _ACTS:
        return "help", None
    line = _line_of(rows, sender_of(text))
    if line is None:
        return "not_ours", None
    case = rows.one(Case, {"line_id": line.id, "ended_at": None})
    return _ACTS[text.keyword](_Asked(database, rows, text, line, case, policy))


def _line_of(rows: Store, sender: str) -> Line | None:
    tenure = latest_tenure(rows, int(sender.removeprefix("+")))
    if tenure is None or tenure.until is not None:
        return None
    return rows.one(Line, {"tenure_id": tenure.id, "closed_at": None})


def _close(asked: _Asked) -> _Outcome:
    if asked.case is not None:
        return "declared_before", asked.case.id
    msisdn = int(sender_of(asked.text).removeprefix("+"))
    declaring = Declaring(msisdn=msisdn, door=DOOR, language=asked.text.language)
    try:
        receipt = declare(
            asked.database, declaring=declaring, key=f"text:{asked.text.id}", policy=asked.policy, actor=BY_TEXT
        )
    except Refused:
        return "door_closed", None  # the operator's policy takes no declaration through this door
    if asked.rows.one(Case, {"id": receipt.case_id, "line_id": asked.line.id}) is None:
        # Another declaration took the line in this very moment: undone here, and told of when the job comes again.
        raise Conflict("another declaration of this line came at the same moment", remedy="Decide again.")
    return "declared", receipt.case_id


def _status(asked: _Asked) -> _Outcome:
    return ("standing", asked.case.id) if asked.case is not None else ("nothing_open", None)


def _stop(asked: _Asked) -> _Outcome:
    """Take back what this line declared by text; stop, for a person to look at, what came through any other door."""
    case = asked.case
    if case is None:
        return "nothing_open", None
    try:
        if case.door == DOOR:
            withdraw(asked.database, case_id=case.id, actor=BY_TEXT)
            return "withdrawn", case.id
        freeze(asked.database, case_id=case.id, actor=BY_TEXT)
    except Refused:
        return "too_late", case.id
    return "frozen", case.id


_ACTS: Final[dict[str, Callable[[_Asked], _Outcome]]] = {CLOSE: _close, STATUS: _status, STOP: _stop}
