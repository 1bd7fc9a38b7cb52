"""Tenure 0.3.0-rc.1: has the same subscriber held this number without a break since that day?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from lastcall.core.lookup import continuity, coverage, subject
from lastcall.core.lookup.days import day_of, read_day
from lastcall.core.lookup.documented import TENURE
from lastcall.core.lookup.evidence import Evidence, evidence
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.present import present_policy
from lastcall.core.store import Store
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Subscriber
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.camara.question import Question, answering, ask, error, out_of_range
from lastcall.doors.lookup.camara.shape import PHONE_NUMBER, Property, Shape
from lastcall.doors.lookup.lookup import as_of_header

SHAPE: Final = Shape(
    "TenureQuestion",
    "Since which day the same subscriber must have held the number without a break.",
    (
        PHONE_NUMBER,
        Property(
            "tenureDate", "The day, YYYY-MM-DD (RFC 3339 full-date).", format="date", required=True, example="2023-07-03"
        ),
    ),
)  # fmt: skip
READING: Final = "tenure"
CONTRACTS: Final = ("PAYG", "PAYM", "Business")
_CONTRACT_OF: Final = {"prepaid": "PAYG", "postpaid": "PAYM"}


@dataclass(frozen=True, slots=True)
class _Held:
    evidence: Evidence
    contract: str


@answering(TENURE)
def check_tenure(asked: Asked) -> Answer:
    """``tenureDateCheck``, and ``contractType`` where it is known."""
    assert asked.access is not None
    question = ask(TENURE, asked.access, SHAPE.read(asked.document()), subject.either)
    life = question.life
    question.note(READING)
    return _answer(question, _Held(life.evidence(), life.contract) if life is not None else _read(question))


def _read(question: Question) -> _Held:
    policy = present_policy()

    def read(rows: Store) -> _Held:
        since = coverage.known_since(rows, policy)
        found = evidence(rows, msisdn=question.msisdn, known_since=since)
        tenure = question.held(rows) if found.state == "in_service" else None
        return _Held(found, _contract(rows, tenure) if tenure is not None else "")

    return question.real(read)


def _contract(rows: Store, tenure: Tenure) -> str:
    line = rows.one(Line, {"tenure_id": tenure.id})
    if line is None:
        return ""
    holder = rows.one(Subscriber, {"id": line.subscriber_id})
    return "Business" if holder is not None and holder.kind == "organisation" else _CONTRACT_OF.get(line.plan, "")


def _answer(question: Question, held: _Held) -> Answer:
    day, policy, today = read_day(question.given["tenureDate"]), present_policy(), day_of(held.evidence.as_of)
    found = continuity.tenure(held.evidence, day, today=today, policy=policy)
    if found == "out_of_range":
        raise out_of_range(TENURE, continuity.earliest(held.evidence, today=today, policy=policy))
    if found == "not_found":
        raise error(TENURE, "IDENTIFIER_NOT_FOUND")
    document: dict[str, Any] = {"tenureDateCheck": found == "true"}
    contract = {"contractType": held.contract} if held.contract else {}
    return json_answer(document | contract, headers=(as_of_header(held.evidence.as_of),))
