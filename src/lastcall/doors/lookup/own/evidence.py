"""Answers with their evidence: with ``?signed=1`` each carries a JWS that the relying party can keep and show."""

from __future__ import annotations

from lastcall.core.database import database
from lastcall.core.lookup import signed
from lastcall.core.lookup.answers import Answer
from lastcall.core.relying.access import Access
from lastcall.core.rows import Json
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.own.shapes import Question, invalid


def wanted(asked: Asked) -> bool:
    """Whether evidence is asked for: ``signed=1``. Raises ``ApiError`` (400) for any other value but 0."""
    value = asked.query.get("signed", "0")
    if value not in {"0", "1"}:
        raise invalid("signed is 0 or 1.")
    return value == "1"


def told(answer: Answer, row: Question, *, access: Access, purpose: str, sign: bool) -> Json:
    """The answer as it goes out. What is signed also says what was asked: the number as it was given, the day, the purpose."""
    said = answer.as_json()
    if not sign:
        return said
    named = {"number": row.number, "numberHash": row.numberHash}
    question = {name: value for name, value in named.items() if value is not None}
    statement = question | {"date": row.date, "purpose": purpose} | said
    return said | {"evidence": signed.sign(database(), statement, kind=signed.ANSWER, access=access)}
